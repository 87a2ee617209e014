package dev.candlewick.sink.parquet;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.WriteResult;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Candles that follow from a version number, and ways to write and read them. */
final class Market {

    static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
    static final TimeRange JANUARY = TimeRange.month("2024-01");
    static final TimeRange FEBRUARY = TimeRange.month("2024-02");

    private Market() {}

    /** Every candle of the range, as version {@code version} of the market has it. */
    static Batch candles(Series series, TimeRange range, int version) {
        Cadence.Grid grid = (Cadence.Grid) series.cadence();
        BatchBuilder builder = new BatchBuilder(series, 1_000);
        for (long open = grid.ceiling(range.startMicros()); open < range.endMicros(); open = grid.next(open)) {
            Random random = new Random(open / 1_000_000 * 31 + version);
            BigDecimal low = BigDecimal.valueOf(1_000_000_000L + random.nextInt(1_000_000_000), 8);
            BigDecimal span = BigDecimal.valueOf(random.nextInt(100_000_000), 8);
            BigDecimal volume = BigDecimal.valueOf(random.nextInt(1 << 30), 8);
            builder.row(
                    open,
                    low,
                    low.add(span),
                    low,
                    low.add(span),
                    volume,
                    grid.next(open) - 1_000,
                    volume.add(BigDecimal.ONE),
                    (long) random.nextInt(1_000),
                    volume,
                    volume);
        }
        return builder.build();
    }

    static WriteResult write(Store store, Series series, TimeRange range, int version) {
        return write(store, series, range, candles(series, range, version));
    }

    static WriteResult write(Store store, Series series, TimeRange range, Batch... batches) {
        try (SinkWriter writer = store.open(series, range)) {
            for (Batch batch : batches) {
                writer.append(batch);
            }
            return writer.commit(provenance(range, batches.length == 0 ? 0 : batches[0].rows()));
        }
    }

    static Provenance provenance(TimeRange range, long rows) {
        Answer answer = new Answer(
                range,
                "test",
                "memory:" + range,
                200,
                "sha256:" + rows,
                "",
                rows,
                Instant.parse("2024-06-01T00:00:00Z"),
                "");
        return new Provenance("test", List.of(answer), List.of(), List.of());
    }

    /** All rows as text, a line each. */
    static String read(Store store, Series series, TimeRange range) {
        StringBuilder text = new StringBuilder();
        try (Batches batches = store.read(series, range)) {
            for (Batch batch : batches) {
                text.append(text(batch));
            }
            batches.provenance();
        }
        return text.toString();
    }

    static String text(Batch batch) {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < batch.rows(); row++) {
            int at = row;
            batch.columns().forEach(column -> text.append(column.text(at)).append(','));
            text.append('\n');
        }
        return text.toString();
    }

    static String expected(Series series, TimeRange range, int version) {
        return text(candles(series, range, version));
    }
}
