package dev.candlewick.sink.parquet;

import dev.candlewick.Batch;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.parquet.file.ByteSource;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import dev.candlewick.sink.parquet.file.ParquetFileWriter;
import dev.candlewick.sink.parquet.file.WriteOptions;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.spi.SpillBuffer;
import dev.candlewick.spi.UnitLedger;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;

/**
 * Rows of one unit as the Parquet file that they will be: in memory, and in a temporary file what is more than may be
 * there. Only the footer is missing, which gets the receipt. For one thread.
 */
final class ObjectDraft implements Draft {

    private final Series series;
    private final TimeRange unit;
    private final SpillBuffer bytes;
    private final MessageDigest digest = DurableFiles.sha256();
    private final ParquetFileWriter rows;
    private final UnitLedger ledger;
    private String sha256 = "";

    ObjectDraft(Series series, TimeRange unit, WriteOptions options, int memoryBytes) {
        this.series = series;
        this.unit = unit;
        this.bytes = new SpillBuffer(memoryBytes);
        this.rows = ParquetFileWriter.to(
                new DigestOutputStream(bytes, digest),
                series.schema(),
                Map.of("candlewick.series", series.toString(), "candlewick.unit", unit.toString()),
                options);
        this.ledger = new UnitLedger(series, unit);
    }

    @Override
    public TimeRange unit() {
        return unit;
    }

    @Override
    public void add(Batch batch) throws IOException {
        if (batch.rows() == 0) {
            return;
        }
        try {
            rows.write(batch);
        } catch (UncheckedIOException failed) {
            throw Storage.cause(failed);
        }
        ledger.add(batch);
    }

    @Override
    public UnitLedger ledger() {
        return ledger;
    }

    @Override
    public void seal() throws IOException {
        if (!sha256.isEmpty()) {
            return;
        }
        try {
            rows.finishRows();
        } catch (UncheckedIOException failed) {
            throw Storage.cause(failed);
        }
        sha256 = HexFormat.of().formatHex(digest.digest());
    }

    /** How many bytes there are so far. */
    long size() {
        return bytes.size();
    }

    /** How a receipt names the sealed rows: all bytes but the footer, which has the receipt itself. */
    DataFile as(String name) {
        return ledger.rows() == 0 ? DataFile.NONE : new DataFile(name, "", bytes.size(), sha256);
    }

    /** The whole file with its receipt; as often as asked for. */
    ObjectBytes with(Receipt receipt) {
        byte[] footer = rows.footer(
                Map.of(ObjectFile.RECEIPT, new String(ReceiptText.render(receipt), StandardCharsets.UTF_8)));
        return new ObjectBytes() {
            @Override
            public long length() {
                return bytes.size() + footer.length;
            }

            @Override
            public InputStream open() throws IOException {
                return new SequenceInputStream(bytes.read(), new ByteArrayInputStream(footer));
            }
        };
    }

    @Override
    public ParquetFileReader reopen() {
        byte[] footer = rows.footer(Map.of());
        long length = bytes.size();
        return ParquetFileReader.open(
                new ByteSource() {
                    @Override
                    public long length() {
                        return length + footer.length;
                    }

                    @Override
                    public void read(long offset, byte[] target, int at, int count) throws IOException {
                        int fromRows = (int) Math.max(0, Math.min(count, length - offset));
                        if (fromRows > 0) {
                            bytes.read(offset, target, at, fromRows);
                        }
                        if (fromRows < count) {
                            ByteSource.of(footer)
                                    .read(offset + fromRows - length, target, at + fromRows, count - fromRows);
                        }
                    }

                    @Override
                    public void close() {}
                },
                "the rows of " + unit + " of " + series);
    }

    @Override
    public void discard() {
        rows.close();
        try {
            bytes.close();
        } catch (IOException left) {
            System.getLogger(ObjectDraft.class.getName())
                    .log(System.Logger.Level.DEBUG, "A temporary file stays: {0}", left.getMessage());
        }
    }
}
