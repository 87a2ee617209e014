package dev.candlewick.sink.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.StandardSQLTypeName;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Interval;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableShapesTest {

    @Test
    void aDecimalOfMoreThanNineDecimalPlacesIsBignumeric() {
        assertThat(type(18, 8)).isEqualTo(StandardSQLTypeName.NUMERIC);
        assertThat(type(38, 9)).isEqualTo(StandardSQLTypeName.NUMERIC);
        assertThat(type(29, 0)).isEqualTo(StandardSQLTypeName.NUMERIC);
        assertThat(type(30, 0)).isEqualTo(StandardSQLTypeName.BIGNUMERIC);
        assertThat(type(38, 8)).isEqualTo(StandardSQLTypeName.BIGNUMERIC);
        assertThat(type(10, 10)).isEqualTo(StandardSQLTypeName.BIGNUMERIC);
        assertThat(type(38, 18)).isEqualTo(StandardSQLTypeName.BIGNUMERIC);
        assertThat(type(38, 38)).isEqualTo(StandardSQLTypeName.BIGNUMERIC);
    }

    private static StandardSQLTypeName type(int precision, int scale) {
        return RowsTable.type(new ColumnType.Decimal(precision, scale));
    }

    @Test
    void aTableIsNamedAfterItsDatasetAndNoTwoShareAName() {
        assertThat(BigQueryLayout.standard().table(Dataset.candles("1m")).name())
                .isEqualTo("candles_1m");
        List<String> names = new ArrayList<>();
        for (String dataset :
                List.of("trades", "book:5", "book_5", "candles:1d@Europe/Zurich", "candlewick_x", "d_x")) {
            names.add(BigQueryLayout.standard().table(events(dataset)).name());
        }
        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[A-Za-z0-9_]+"));
        assertThat(names).noneMatch(name -> name.startsWith("candlewick_"));
    }

    private static Dataset events(String name) {
        return new Dataset(name, new Schema(List.of(Field.time("at")), "at", List.of("at")), Cadence.events());
    }

    @Test
    void theTimeframesHaveTheirTables() {
        Map<String, String> names = Map.of(
                "15s",
                "candles_15sec",
                "1m",
                "candles_1min",
                "5m",
                "candles_5min",
                "15m",
                "candles_15min",
                "1h",
                "candles_1hour",
                "4h",
                "candles_4hour",
                "1d",
                "candles_24hour");
        names.forEach((interval, name) -> {
            RowsTable table = BigQueryLayout.timeframes().table(Dataset.candles(interval));
            assertThat(table.name()).isEqualTo(name);
            assertThat(table.partitionedOn()).isEqualTo("timestamp_out");
            assertThat(table.clustered()).containsExactly("exchange", "symbol");
        });
        assertThat(BigQueryLayout.timeframes().table(Dataset.candles("30m")).name())
                .isEqualTo("candles_30m");
    }

    @Test
    void aConditionOnTheTimeOfCandlesNamesThePartitionsOfTheirAvailability() {
        RowsTable table = BigQueryLayout.timeframes().table(Dataset.candles("1m"));
        TimeRange day = TimeRange.day("2024-01-01");
        assertThat(table.within(day.startMicros(), day.endMicros()))
                .contains("`timestamp_out` >= TIMESTAMP '2024-01-01 00:01:00.200000+00:00'")
                .contains("`timestamp_out` < TIMESTAMP '2024-01-02 00:01:00.200000+00:00'")
                .contains("`timestamp` >= TIMESTAMP '2024-01-01 00:00:00.000000+00:00'");
    }

    @Test
    void candlesWithFeaturesHaveATableForEachTimeframePartitionedOnWhenTheySayThatTheyAreAvailable() {
        Schema schema = new Schema(
                List.of(Field.time("timestamp"), Field.time("timestamp_out"), Field.float64("close")),
                "timestamp",
                List.of("timestamp"));
        Map.of("15s", "candles_hft_15sec", "1m", "candles_hft_1min", "24h", "candles_hft_24hour")
                .forEach((interval, name) -> {
                    RowsTable table = BigQueryLayout.timeframes()
                            .table(new Dataset(
                                    "features:hft:" + interval, schema, Cadence.everyByDay(Interval.parse(interval))));
                    assertThat(table.name()).isEqualTo(name);
                    assertThat(table.partitionedOn()).isEqualTo("timestamp_out");
                    assertThat(table.clustered()).containsExactly("exchange", "symbol");
                    assertThat(table.columns())
                            .containsExactly(
                                    "exchange", "symbol", "instrument_id", "timestamp", "timestamp_out", "close");
                });
        RowsTable hours = BigQueryLayout.timeframes()
                .table(new Dataset("features:hft:1h", schema, Cadence.everyByDay(Interval.parse("1h"))));
        TimeRange day = TimeRange.day("2024-01-02");
        assertThat(hours.within(day.startMicros(), day.endMicros()))
                .contains("`timestamp_out` >= TIMESTAMP '2024-01-01 00:00:00.000000+00:00'")
                .contains("`timestamp_out` < TIMESTAMP '2024-01-04 03:00:00.000000+00:00'")
                .contains("`timestamp` >= TIMESTAMP '2024-01-02 00:00:00.000000+00:00'");
    }

    @Test
    void featuresWhoseLastTradeArrivedAsLateAsAnySettingAllowsAreWithinReach() {
        Schema schema = new Schema(
                List.of(Field.time("timestamp"), Field.time("timestamp_out")), "timestamp", List.of("timestamp"));
        Dataset minutes = new Dataset("features:hft:1m", schema, Cadence.everyByDay(Interval.parse("1m")));
        RowsTable table = BigQueryLayout.timeframes().table(minutes);
        Series series = new Series(Subject.parse("BINANCE:SPOT_PAIR:BTC-USDT"), minutes);
        Instant start = Instant.parse("2024-01-01T00:00:00Z");
        Instant lastTrade = start.plusSeconds(60).plus(Duration.ofDays(1));
        for (Instant newest : List.of(lastTrade, lastTrade.plus(Duration.ofHours(1)))) {
            assertThat(table.rowOutOfReach(new BatchBuilder(series, 1)
                            .row(start, newest.plusMillis(200))
                            .build()))
                    .isEqualTo(-1);
        }
        assertThat(table.rowOutOfReach(new BatchBuilder(series, 1)
                        .row(start, start.plus(Duration.ofDays(2)))
                        .build()))
                .isZero();
    }

    @Test
    void columnsOfTheStoreGiveWayToThoseOfTheDataset() {
        Schema schema =
                new Schema(List.of(Field.time("at"), Field.text("venue"), Field.text("code")), "at", List.of("at"));
        RowsTable table = BigQueryLayout.standard().table(new Dataset("named", schema, Cadence.events()));
        assertThat(table.columns()).containsExactly("venue_of_store", "kind", "code_of_store", "at", "venue", "code");
    }

    @Test
    void aDescriptionOfAnyNumberOfColumnsFitsAndComesBack() {
        List<Field> fields = new ArrayList<>(List.of(Field.time("at")));
        for (int i = 0; i < 2_000; i++) {
            fields.add(Field.decimal("a_feature_with_a_long_name_" + i, 38, 18).orNull());
        }
        Dataset wide = new Dataset("wide", new Schema(fields, "at", List.of("at")), Cadence.events());
        assertThat(Description.of(wide).length()).isLessThan(16_384);
        assertThat(Description.read(Description.of(wide), "test")).isEqualTo(Optional.of(wide));
        assertThat(Description.read("made by hand", "test")).isEmpty();
    }

    @Test
    void timesBeyondTheServiceAreCutToIts() {
        assertThat(Statement.time(Long.MIN_VALUE / 4)).isEqualTo("TIMESTAMP '0001-01-01 00:00:00.000000+00:00'");
        assertThat(Statement.within("at", 0, Long.MAX_VALUE / 4))
                .endsWith("<= TIMESTAMP '9999-12-31 23:59:59.999999+00:00'");
    }

    @Test
    void aStoreIsAddressedByProjectAndDataset() {
        BigQueryStoreProvider provider = new BigQueryStoreProvider();
        assertThat(provider.open("my-project.market", Map.of()).name()).isEqualTo("bigquery:my-project.market");
        assertThat(provider.open("market", Map.of("GCP_PROJECT_ID", "p-1")).name())
                .isEqualTo("bigquery:p-1.market");
        assertThat(provider.open("example.com:p.market", Map.of()).name()).isEqualTo("bigquery:example.com:p.market");
        assertThatThrownBy(() -> provider.open("market", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GCP_PROJECT_ID");
        assertThatThrownBy(() -> provider.open("my-project.mar-ket", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mar-ket");
        assertThatThrownBy(() -> provider.open("p-1.m", Map.of("BIGQUERY_MAXIMUM_BYTES_BILLED", "much")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
