package dev.candlewick.sink.bigquery;

import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Interval;
import dev.candlewick.Schema;
import dev.candlewick.sink.bigquery.RowsTable.Part;
import dev.candlewick.sink.bigquery.RowsTable.SubjectColumn;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** How a store names and shapes its tables: one per dataset. Immutable. */
public final class BigQueryLayout {

    private static final BigQueryLayout STANDARD = new BigQueryLayout("standard");
    private static final BigQueryLayout TIMEFRAMES = new BigQueryLayout("timeframes");

    private static final int LONGEST_NAME = 80;
    private static final Map<String, String> NAMES = Map.of(
            "15s", "15sec", "1m", "1min", "5m", "5min", "15m", "15min", "1h", "1hour", "4h", "4hour", "1d", "24hour",
            "24h", "24hour");

    /** How long after its end a candle counts as available, as the services have it that use these tables. */
    private static final Duration SETTLING = Duration.ofMillis(200);

    private static final String FEATURES = "features:hft:";
    private static final String OUT = "timestamp_out";

    /**
     * How long after its end a candle with features may count as available: what is made of ticks waits for late ones for a
     * day at most, and for an hour more where a spread is realized; what arrives last settles like any candle.
     */
    private static final Duration LATEST = Duration.ofHours(26);

    private final String name;

    private BigQueryLayout(String name) {
        this.name = name;
    }

    /**
     * {@code candles_1m} with the subject in {@code venue}, {@code kind} and {@code code}, by which it is clustered, and
     * partitioned on the time of its rows.
     */
    public static BigQueryLayout standard() {
        return STANDARD;
    }

    /**
     * Candles of 15 seconds, 1, 5 and 15 minutes, 1 and 4 hours and a day as {@code candles_15sec}, {@code candles_1min},
     * {@code candles_5min}, {@code candles_15min}, {@code candles_1hour}, {@code candles_4hour} and {@code candles_24hour}:
     * {@code timestamp} is the time a candle opens, {@code timestamp_out} the time it is available from (200 ms after its
     * end), on which the tables are partitioned; they are clustered by {@code exchange} ({@code BINANCE}) and {@code symbol}
     * ({@code BTC-USDT}), and {@code instrument_id} is the whole subject. Candles with features made of ticks, {@code
     * features:hft:1m}, lie alike in {@code candles_hft_1min} and so on; when they are available they say themselves. Other
     * datasets as in {@link #standard}.
     */
    public static BigQueryLayout timeframes() {
        return TIMEFRAMES;
    }

    @Override
    public String toString() {
        return name;
    }

    /** The table of a dataset. */
    RowsTable table(Dataset dataset) {
        return isFeatures(dataset) ? features(dataset) : isTimeframe(dataset) ? timeframe(dataset) : plain(dataset);
    }

    private static RowsTable plain(Dataset dataset) {
        Schema schema = dataset.schema();
        List<SubjectColumn> subjects = List.of(
                new SubjectColumn(own(schema, "venue"), Part.VENUE),
                new SubjectColumn(own(schema, "kind"), Part.KIND),
                new SubjectColumn(own(schema, "code"), Part.CODE));
        boolean timeIsKey = schema.key().equals(List.of(schema.time()));
        return new RowsTable(
                dataset,
                tableName(dataset.name()),
                subjects,
                schema.time(),
                timeIsKey ? "" : own(schema, "row_in_unit"),
                "",
                0,
                subjects.stream().map(SubjectColumn::name).toList());
    }

    private static RowsTable timeframe(Dataset dataset) {
        return byExchange(dataset, "candles_", "timestamp", SETTLING);
    }

    private static RowsTable features(Dataset dataset) {
        return byExchange(dataset, "candles_hft_", dataset.schema().time(), LATEST);
    }

    private static RowsTable byExchange(Dataset dataset, String prefix, String time, Duration delay) {
        Interval interval = dataset.interval().orElseThrow();
        return new RowsTable(
                dataset,
                prefix + NAMES.get(interval.toString()),
                List.of(
                        new SubjectColumn("exchange", Part.VENUE),
                        new SubjectColumn("symbol", Part.CODE),
                        new SubjectColumn("instrument_id", Part.WHOLE)),
                time,
                "",
                OUT,
                interval.maximumLength().plus(delay).toNanos() / 1_000,
                List.of("exchange", "symbol"));
    }

    private boolean isFeatures(Dataset dataset) {
        Schema schema = dataset.schema();
        return equals(TIMEFRAMES)
                && dataset.cadence() instanceof Cadence.Grid grid
                && grid.zone().equals(ZoneOffset.UTC)
                && NAMES.containsKey(grid.interval().toString())
                && dataset.name().equals(FEATURES + grid.interval())
                && schema.key().equals(List.of(schema.time()))
                && schema.fields().contains(Field.time(OUT))
                && List.of("exchange", "symbol", "instrument_id").stream().noneMatch(schema.names()::contains);
    }

    private boolean isTimeframe(Dataset dataset) {
        return equals(TIMEFRAMES)
                && dataset.schema().equals(Schema.CANDLES)
                && dataset.cadence() instanceof Cadence.Grid grid
                && grid.zone().equals(ZoneOffset.UTC)
                && NAMES.containsKey(grid.interval().toString())
                && dataset.name().equals("candles:" + grid.interval());
    }

    /** A name for a column of the store's own that no field of the dataset has. */
    private static String own(Schema schema, String name) {
        String free = name;
        while (schema.names().contains(free)) {
            free += "_of_store";
        }
        return free;
    }

    /**
     * The dataset's name with an underscore for a colon: {@code candles_1m}. A name that is neither a plain word nor a word
     * with an interval, is long, or would clash with names of this store, ends in a digest, so that no two share one.
     */
    private static String tableName(String dataset) {
        String plain = dataset.replaceAll("[^A-Za-z0-9]", "_");
        boolean interval = dataset.matches("[A-Za-z][A-Za-z0-9]*:[0-9]+[A-Za-z]+");
        // What looks like a translated name of the other kind is left to that.
        boolean word = dataset.matches("[A-Za-z][A-Za-z0-9_]*") && !dataset.matches("[A-Za-z0-9]+_[0-9]+[A-Za-z]+");
        boolean simple = (interval || word)
                && plain.length() <= LONGEST_NAME
                && !plain.startsWith("d_")
                && !plain.startsWith("candlewick_");
        return simple
                ? plain
                : "d_" + plain.substring(0, Math.min(LONGEST_NAME, plain.length())) + "_"
                        + Digests.of(dataset).substring(0, 8);
    }
}
