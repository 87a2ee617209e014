package dev.candlewick.feature;

import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Interval;
import dev.candlewick.Schema;
import dev.candlewick.spi.DatasetProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Names {@code features:hft:INTERVAL}. Safe for many threads. */
public final class HftDatasets implements DatasetProvider {

    static final String PREFIX = "features:hft:";

    /** Start of the bucket; when its row can be known; the latter as one predecessor of this project had it. */
    static final List<FeatureColumn> TIMES = List.of(
            new FeatureColumn(
                    Field.time("timestamp"), "time", "start of the bucket, venue time", "never", "", FeatureLaw.FIRST),
            new FeatureColumn(
                    Field.time("available_at"),
                    "time",
                    "when everything that the row is made of had arrived, not before the end of the bucket",
                    "never",
                    "",
                    FeatureLaw.MAXIMUM),
            new FeatureColumn(
                    Field.time("timestamp_out"),
                    "time",
                    "newest arrival of a trade + 200 ms; without trades start of the bucket + 200 ms",
                    "never",
                    "",
                    FeatureLaw.RECOMPUTED),
            new FeatureColumn(
                    Field.bool("filled"),
                    "flag",
                    "whether the prices are those of an earlier close",
                    "never",
                    "",
                    FeatureLaw.RECOMPUTED));

    private static final List<FeatureColumn> COLUMNS = allColumns();
    private static final Schema SCHEMA =
            new Schema(COLUMNS.stream().map(FeatureColumn::field).toList(), "timestamp", List.of("timestamp"));

    /** Used by the service loader. */
    public HftDatasets() {}

    /** Features of an interval that divides a day: {@code 15s}, {@code 1m}, {@code 24h}. */
    public static Dataset hft(Interval interval) {
        if (interval.isCalendar()) {
            throw new IllegalArgumentException(
                    "Features are made for intervals that divide a day, such as 15s, 1m or 24h;" + " not for "
                            + interval);
        }
        return new Dataset(PREFIX + interval, SCHEMA, Cadence.everyByDay(interval));
    }

    /** What is known of each column, in order. */
    public static List<FeatureColumn> columns() {
        return COLUMNS;
    }

    static Schema schema() {
        return SCHEMA;
    }

    @Override
    public Optional<Dataset> dataset(String name) {
        return name.startsWith(PREFIX)
                ? Optional.of(hft(Interval.parse(name.substring(PREFIX.length()))))
                : Optional.empty();
    }

    @Override
    public List<String> forms() {
        return List.of(PREFIX + "INTERVAL");
    }

    private static List<FeatureColumn> allColumns() {
        List<FeatureColumn> columns = new ArrayList<>(TIMES);
        HftFeatureList.of(HftSettings.defaults()).forEach(feature -> columns.addAll(feature.columns()));
        return List.copyOf(columns);
    }
}
