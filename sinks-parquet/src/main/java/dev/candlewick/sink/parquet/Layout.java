package dev.candlewick.sink.parquet;

import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where the data files of a store lie. The name of a file follows from the series and the unit alone, never from time,
 * host or attempt: that is what lets a replacement be one rename. Thread-safe.
 *
 * <p>A layout must give different files for different units, also on a file system that ignores case, and no file under
 * a name that begins with {@code .} or {@code _}, which readers take for hidden.
 */
public interface Layout {

    /** A short name that the store remembers, so that it is not opened later with another layout: {@code hive}. */
    String name();

    /** The data file of a unit, relative to the root of the store, ending in {@code .parquet}. */
    Path file(Series series, TimeRange unit);

    /**
     * The default: {@code dataset=candles%3A1m/venue=BINANCE/kind=SPOT_PAIR/code=BTC-USDT/2024-01.parquet}. DuckDB,
     * pandas, Polars, Spark and BigQuery read it as it is, with the parts of the subject as columns.
     */
    static Layout hive() {
        return HiveLayout.INSTANCE;
    }

    /**
     * For pipelines that work day by day: {@code raw_tick_data/by_date/day-2024-01-01/data_type-trades/KEY.parquet}, features
     * in {@code processed_candles/by_date/day-2024-01-01/timeframe-1m/KEY.parquet} and other sets of features beside them,
     * of which {@code features:book} is named {@code processed_book_snapshots},
     * definitions of all instruments in {@code instrument_availability/by_date/day-2024-01-01/instruments.parquet}, what of
     * ticks is missing in {@code missing_data_reports/by_date/day-2024-01-01/missing_data.parquet}. {@code KEY} is the
     * subject, {@code :} and {@code @} written {@code %3A} and {@code %40}. Data whose units are longer than a day lies as
     * in {@link #hive}.
     */
    static Layout byDate() {
        return ByDateLayout.INSTANCE;
    }

    /**
     * The layout that {@code PARQUET_LAYOUT} names, the {@linkplain #hive default} where it is not set.
     *
     * @param environment usually {@link System#getenv()}
     * @throws IllegalArgumentException when it names none
     */
    static Layout setting(Map<String, String> environment) {
        String name = environment.getOrDefault("PARQUET_LAYOUT", "").strip();
        return name.isEmpty() ? hive() : named(name);
    }

    /**
     * One of the layouts above by its {@link #name}, as settings give it.
     *
     * @throws IllegalArgumentException for any other name, listing those that there are
     */
    static Layout named(String name) {
        List<Layout> known = List.of(hive(), byDate());
        return known.stream()
                .filter(layout -> layout.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no layout '" + name + "'; there are "
                        + String.join(", ", known.stream().map(Layout::name).toList())));
    }
}
