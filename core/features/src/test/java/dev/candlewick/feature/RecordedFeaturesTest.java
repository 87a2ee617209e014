package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.DecimalColumn;
import dev.candlewick.DoubleColumn;
import dev.candlewick.LongColumn;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.testkit.MemoryStore;
import dev.candlewick.testkit.Rows;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Features of recorded ticks against those that an independent program worked out from the same files. */
class RecordedFeaturesTest {

    private static final Subject BTC = Subject.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN");

    @ParameterizedTest
    @CsvSource({
        "binance-futures_2024-08-08_BTCUSDT, 20, 15",
        "binance-futures_2024-08-08_BTCUSDT, 20, 60",
        "binance_2024-08-08_BTCUSDT, 1, 15",
        "binance_2024-08-08_BTCUSDT, 1, 60",
        "binance-futures_2020-02-22_BTCUSDT.part1, 10, 15",
        "binance-futures_2020-02-22_BTCUSDT.part1, 10, 60",
        "binance-futures_2020-02-22_BTCUSDT.part1, 10, 300"
    })
    void everyColumnOfEveryRowAgrees(String recording, String vpinVolume, int seconds) {
        List<String> lines = RecordedTicks.lines("tardis/expected/features_" + seconds + "s_" + recording + ".csv");
        List<String> names = Arrays.asList(lines.get(0).split(","));
        Batch rows = features(recording, vpinVolume, seconds, lines);
        List<String> wrong = new ArrayList<>();
        assertThat(rows.rows()).isEqualTo(lines.size() - 1);
        for (int row = 0; row < rows.rows(); row++) {
            String[] cells = lines.get(row + 1).split(",", -1);
            for (int i = 0; i < cells.length; i++) {
                Column column = rows.column(names.get(i));
                if (!isEqual(column, row, cells[i])) {
                    wrong.add("row " + row + " " + names.get(i) + ": '" + text(column, row) + "', not '" + cells[i]
                            + "'");
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static Batch features(String recording, String vpinVolume, int seconds, List<String> expected) {
        MemoryStore store = recording(recording);
        HftSettings settings =
                HftSettings.builder().vpinVolume(new BigDecimal(vpinVolume)).build();
        long first = Long.parseLong(expected.get(1).split(",")[0]);
        long last = Long.parseLong(expected.get(expected.size() - 1).split(",")[0]);
        Series series = features(seconds);
        return Rows.join(
                series,
                Rows.read(
                        HftFeatures.over(store, settings),
                        series,
                        TimeRange.ofEpochMicros(first, last + seconds * 1_000_000L)));
    }

    private static Series features(int seconds) {
        return new Series(
                BTC,
                HftDatasets.hft(dev.candlewick.Interval.parse(seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s")));
    }

    private static MemoryStore recording(String name) {
        MemoryStore store = MemoryStore.create();
        boolean early = name.contains("2020");
        Batch trades = RecordedTicks.trades(
                BTC,
                early
                        ? "tardis/real-csv/" + name.replace("_2020", "_trades_2020") + ".csv.gz"
                        : "tardis/csv-from-ws/" + name.replace("_2024", "_trades_2024") + ".csv.gz");
        TimeRange covered = early ? TimeRange.of("2020-02-21", "2020-02-24") : TimeRange.of("2024-08-07", "2024-08-11");
        RecordedTicks.write(store, trades, covered);
        if (!early) {
            RecordedTicks.write(
                    store,
                    RecordedTicks.book(
                            BTC, 5, "tardis/csv-from-ws/" + name.replace("_2024", "_book_snapshot_5_2024") + ".csv.gz"),
                    covered);
        }
        return store;
    }

    private static boolean isEqual(Column column, int row, String expected) {
        if (expected.isEmpty() || column.isNull(row)) {
            return expected.isEmpty() && column.isNull(row);
        }
        if (column instanceof TimeColumn times) {
            return times.epochMicros(row) == Long.parseLong(expected);
        } else if (column instanceof LongColumn longs) {
            return longs.value(row) == Long.parseLong(expected);
        }
        double is = column instanceof DecimalColumn decimals
                ? decimals.get(row).doubleValue()
                : ((DoubleColumn) column).value(row);
        double should = Double.parseDouble(expected);
        return Math.abs(is - should) <= 1e-9 * Math.abs(should);
    }

    private static String text(Column column, int row) {
        return column instanceof TimeColumn times && !times.isNull(row)
                ? "" + times.epochMicros(row)
                : column.text(row);
    }
}
