package dev.candlewick.sink.parquet;

import dev.candlewick.Corrupt;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.parquet.file.ByteSource;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The open data file of a unit together with the receipt that it belongs to.
 *
 * <p>Readers take no lock. A file is opened and then the receipt read again: as receipts are replaced before files are, an
 * unchanged receipt proves that the file is its own. Once open, the file stays readable whatever replaces it.
 */
record UnitFile(Receipt receipt, Path path, ByteSource bytes) implements AutoCloseable {

    /** Every further attempt means that somebody committed in between; so many cannot be an accident of timing. */
    private static final int ATTEMPTS = 1_000;

    /** Opens the file of a unit as of now; empty when the unit has no rows, or none any more. */
    static Optional<UnitFile> open(StoreRoot root, Receipts receipts, Receipt seen) throws IOException {
        Receipt receipt = seen;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (receipt.rows() == 0) {
                return Optional.empty();
            }
            Optional<UnitFile> opened = openOnce(root, receipt);
            Optional<Receipt> now = Optional.empty();
            try {
                now = receipts.find(receipt.series(), receipt.unit());
            } finally {
                if (opened.isPresent() && !now.equals(Optional.of(receipt))) {
                    opened.get().close();
                }
            }
            if (now.isEmpty()) {
                return Optional.empty();
            }
            if (now.get().equals(receipt)) {
                return Optional.of(opened.orElseThrow(() -> missing(root, seen)).checked());
            }
            receipt = now.get();
        }
        throw new Unavailable("Unit " + seen.unit() + " of " + seen.series() + " was replaced " + ATTEMPTS
                + " times while it was being opened; read it again later");
    }

    private static Optional<UnitFile> openOnce(StoreRoot root, Receipt receipt) throws IOException {
        Path target = root.resolve(receipt.data().path());
        if (!receipt.data().staged().isEmpty()) {
            Path staged = target.resolveSibling(receipt.data().staged());
            try {
                return Optional.of(new UnitFile(receipt, staged, ByteSource.of(staged)));
            } catch (NoSuchFileException renamed) {
                // It has its final name by now, as nearly always.
            }
        }
        try {
            return Optional.of(new UnitFile(receipt, target, ByteSource.of(target)));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    private UnitFile checked() throws IOException {
        if (bytes.length() != receipt.data().bytes()) {
            close();
            throw new Corrupt(path + " has " + bytes.length() + " bytes, its receipt says "
                    + receipt.data().bytes() + Repair.advice(receipt));
        }
        return this;
    }

    private static Corrupt missing(StoreRoot root, Receipt receipt) {
        return new Corrupt(root.resolve(receipt.data().path()) + " is missing; its receipt says that it holds "
                + receipt.rows() + " rows of " + receipt.series() + Repair.advice(receipt));
    }

    ParquetFileReader reader() {
        return ParquetFileReader.open(bytes, path.toString());
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
