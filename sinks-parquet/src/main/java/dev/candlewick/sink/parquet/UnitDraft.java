package dev.candlewick.sink.parquet;

import dev.candlewick.Batch;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import dev.candlewick.sink.parquet.file.ParquetFileWriter;
import dev.candlewick.sink.parquet.file.WriteOptions;
import dev.candlewick.spi.UnitLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** Rows of one unit on their way to disk, in a file that nobody sees yet. For one thread. */
final class UnitDraft implements Draft {

    private final TimeRange unit;
    private final DurableFiles.Draft file;
    private final ParquetFileWriter rows;
    private final UnitLedger ledger;
    private String sha256 = "";
    private boolean handedOver;

    UnitDraft(Series series, TimeRange unit, DurableFiles.Draft file, WriteOptions options) {
        this.unit = unit;
        this.file = file;
        this.rows = ParquetFileWriter.to(
                file,
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

    /** Finishes the file and makes its bytes durable. */
    @Override
    public void seal() throws IOException {
        if (!sha256.isEmpty()) {
            return;
        }
        try (rows) {
            rows.finish();
        } catch (UncheckedIOException failed) {
            throw Storage.cause(failed);
        }
        sha256 = file.seal();
    }

    @Override
    public ParquetFileReader reopen() {
        return ParquetFileReader.open(file.path());
    }

    Path path() {
        return file.path();
    }

    /** How a receipt names this file when it will be renamed to {@code relative}. */
    DataFile as(String relative) {
        return new DataFile(relative, file.path().getFileName().toString(), file.bytes(), sha256);
    }

    /** From here on the file belongs to a receipt. */
    void handOver() {
        handedOver = true;
    }

    /** The receipt was not published after all. */
    void takeBack() {
        handedOver = false;
    }

    /** Throws the file away unless a receipt has it. */
    @Override
    public void discard() {
        rows.close();
        if (!handedOver) {
            file.discard();
        }
    }
}
