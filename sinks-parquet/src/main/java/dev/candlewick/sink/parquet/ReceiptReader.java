package dev.candlewick.sink.parquet;

import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import dev.candlewick.ledger.JsonTree;
import dev.candlewick.ledger.LedgerMembers;
import dev.candlewick.ledger.UnitRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;

/** Reads what {@link ReceiptText} writes, and trusts nothing: a receipt that is not exactly that is {@link Corrupt}. */
final class ReceiptReader {

    private ReceiptReader() {}

    /**
     * The receipt in the bytes of a file.
     *
     * @param file its place, for messages
     * @throws Corrupt when they are damaged
     * @throws Refused when a later version of the library wrote them
     */
    static Receipt read(String file, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (!ReceiptText.isSound(text)) {
                throw new IllegalArgumentException(
                        bytes.length == 0 ? "the file is empty" : "its checksum does not fit its text");
            }
            return receipt(file, JsonTree.parse(text));
        } catch (IOException | IllegalArgumentException | DateTimeException damaged) {
            throw new Corrupt(
                    "The receipt " + file + " is damaged: " + damaged.getMessage()
                            + "; what its unit holds is unknown. 'candlewick verify --repair' sets it aside, and the next"
                            + " backfill fetches the unit again",
                    damaged);
        }
    }

    private static Receipt receipt(String file, JsonTree json) {
        long format = json.number("format");
        if (format != ReceiptText.FORMAT) {
            throw new Refused(
                    "The receipt " + file + " has format " + format + ", this version of Candlewick reads format "
                            + ReceiptText.FORMAT + "; use the version that wrote the store, " + json.text("writtenBy")
                            + ", or a later one");
        }
        UnitRecord unit = LedgerMembers.read(json);
        return new Receipt(
                unit.entry(),
                new DataFile(json.text("file"), json.text("staged"), json.number("bytes"), json.text("sha256")),
                unit.writes());
    }
}
