package dev.candlewick.sink.parquet;

import dev.candlewick.Corrupt;
import dev.candlewick.MarketDataException;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** One version of a data object, open, with the receipt that lies in its footer. For one thread. */
final class ObjectFile implements AutoCloseable {

    /** The key of the footer's metadata that has the receipt. */
    static final String RECEIPT = "candlewick.receipt";

    /** Enough for the footer and the receipt of nearly every unit. */
    static final int END_BYTES = 1 << 16;

    private final ObjectSource source;
    private final ParquetFileReader reader;
    private final Receipt receipt;

    private ObjectFile(ObjectSource source, ParquetFileReader reader, Receipt receipt) {
        this.source = source;
        this.reader = reader;
        this.receipt = receipt;
    }

    /** How many bytes of the end to fetch first when all rows of an object are wanted. */
    static int firstBytes(ObjectParts store, ObjectHead head) {
        return head.bytes() <= wholeBytes(store) ? (int) head.bytes() : END_BYTES;
    }

    /** An object of this size is fetched at once when all of it is wanted. */
    static int wholeBytes(ObjectParts store) {
        return Math.min(ObjectSource.LARGEST_REQUEST, store.memoryBytes());
    }

    /**
     * Opens what a request for the end of an object brought.
     *
     * @throws Corrupt when it is no Parquet file, or has no receipt or a damaged one
     * @throws ObjectReplaced when more than its end was needed, and that is not there any more
     */
    static ObjectFile of(ObjectParts store, ObjectPart end) throws ObjectReplaced {
        String name = end.head().name();
        ObjectSource source = new ObjectSource(store.storage(), store.requests(), end, store.memoryBytes());
        ParquetFileReader reader;
        try {
            reader = ParquetFileReader.open(source, name);
        } catch (UncheckedIOException failed) {
            throw StorageFailed.unwrapped(failed);
        } catch (Corrupt damaged) {
            throw new Corrupt(damaged.getMessage() + advice(store, name), damaged);
        }
        try {
            return new ObjectFile(source, reader, receipt(store, name, reader));
        } catch (MarketDataException damaged) {
            reader.close();
            throw damaged;
        }
    }

    private static Receipt receipt(ObjectParts store, String name, ParquetFileReader reader) {
        String text = reader.metadata().get(RECEIPT);
        if (text == null) {
            throw new Corrupt(
                    "The Parquet file " + name + " in " + store.storage().name()
                            + " has no receipt: it was not written by this store" + advice(store, name));
        }
        Receipt receipt = ReceiptReader.read(name, text.getBytes(StandardCharsets.UTF_8));
        if (receipt.data().exists() && !receipt.data().path().equals(name)) {
            throw new Corrupt("The object " + name + " in " + store.storage().name() + " is a copy of "
                    + receipt.data().path() + advice(store, name));
        }
        if (reader.rows() != receipt.rows()) {
            throw new Corrupt("The object " + name + " in " + store.storage().name() + " has " + reader.rows()
                    + " rows, its receipt says " + receipt.rows() + advice(store, name));
        }
        return receipt;
    }

    private static String advice(ObjectParts store, String name) {
        return ". What its unit holds is unknown. Forget the unit, which keeps the object in "
                + ObjectParts.OWN + "quarantine, and backfill it; or move " + name + " out of "
                + store.storage().name();
    }

    ObjectHead head() {
        return source.head();
    }

    ObjectSource source() {
        return source;
    }

    ParquetFileReader reader() {
        return reader;
    }

    Receipt receipt() {
        return receipt;
    }

    /** Whether the bytes before the footer are those that the receipt names; reads all of them. */
    boolean isIntact() throws IOException {
        if (!receipt.data().exists()) {
            return true;
        }
        return receipt.data().bytes() <= source.length()
                && Checksums.sha256(source, receipt.data().bytes())
                        .equals(receipt.data().sha256());
    }

    @Override
    public void close() {
        reader.close();
    }
}
