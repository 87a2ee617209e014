package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Interval;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.book.BatchSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of indicators: the same whatever is read and whoever feeds the bars, and what becomes of missing ones. */
class IndicatorsTest {

    private static final Series CANDLES = Series.candles("VENUE:SPOT_PAIR:A-B", "1h");
    private static final Series MFT = Series.parse("VENUE:SPOT_PAIR:A-B/features:mft:1h");
    private static final TimeRange QUARTER = TimeRange.of("2024-01-01", "2024-04-01");

    @Property(tries = 6)
    void aRowIsTheSameWhateverRangeIsRead(@ForAll Random random, @ForAll MissingBars missing) {
        List<Batch> bars = RandomBars.candles("1h", QUARTER, 1, random);
        Indicators indicators = Indicators.over(BatchSource.of(bars)).missing(missing);
        TimeRange whole = TimeRange.of("2024-02-01", "2024-04-01");
        List<String> all = rows(indicators, whole);

        Instant from = whole.start().plusSeconds(3_600L * random.nextInt(1_000));
        TimeRange part = TimeRange.of(from, from.plusSeconds(3_600L * (1 + random.nextInt(400))));

        assertThat(rows(indicators, part))
                .isSubsetOf(all)
                .containsAll(all.stream()
                        .filter(row -> part.contains(Instant.parse(row.substring(0, 20))))
                        // Whether a bar at the very end was filled is told by a later one only.
                        .filter(row -> missing == MissingBars.RESTART || !row.contains(" true "))
                        .toList());
    }

    @Property(tries = 6)
    void noRowKnowsALaterBar(@ForAll Random random, @ForAll MissingBars missing) {
        List<Batch> bars = RandomBars.candles("1h", QUARTER, 1, random);
        TimeRange range = TimeRange.of("2024-01-20", "2024-03-20");
        List<String> all = rows(Indicators.over(BatchSource.of(bars)).missing(missing), range);

        Instant cut = range.start().plusSeconds(3_600L * random.nextInt(1_400));
        List<Batch> earlier = bars.stream()
                .map(batch -> batch.within(TimeRange.of(QUARTER.start(), cut)))
                .filter(batch -> batch.rows() > 0)
                .toList();
        List<String> before = rows(Indicators.over(BatchSource.of(earlier)).missing(missing), range);

        assertThat(before).isEqualTo(all.subList(0, before.size()));
        assertThat(all.subList(before.size(), all.size()))
                .noneMatch(row -> Instant.parse(row.substring(0, 20)).isBefore(cut) && row.contains(" false "));
    }

    @Property(tries = 5)
    void liveRowsEqualThoseOfHistory(@ForAll Random random, @ForAll MissingBars missing) {
        List<Batch> bars = RandomBars.candles("1h", QUARTER, 1, random);
        TimeRange range = TimeRange.of("2024-02-01", "2024-04-01");
        IndicatorEngine live = IndicatorEngine.of(IndicatorSet.MFT, Interval.parse("1h"), missing);
        Dataset dataset = MFT.dataset();
        List<String> rows = new ArrayList<>();
        for (Batch batch : bars) {
            BarReader reader = new BarReader(batch, (dev.candlewick.Cadence.Grid) dataset.cadence());
            for (int row = 0; row < batch.rows(); row++) {
                live.next(reader.bar(row), made -> rows.add(text(made)));
            }
        }

        assertThat(rows.stream()
                        .filter(row -> range.contains(Instant.parse(row.substring(0, 20))))
                        .toList())
                .isEqualTo(rows(Indicators.over(BatchSource.of(bars)).missing(missing), range));
    }

    @ParameterizedTest
    @CsvSource({
        "15s, 2024-03-14T00:00:00Z",
        "3m, 2024-03-14T00:00:00Z",
        "5m, 2024-02-01T00:00:00Z",
        "1h, 2024-02-01T00:00:00Z",
        "4h, 2023-01-01T00:00:00Z",
        "1d, 2023-01-01T00:00:00Z",
        "1w, 1970-01-01T00:00:00Z"
    })
    void memoryBeginsWithTheCalendarUnitBefore(String interval, Instant first) {
        IndicatorEngine engine =
                IndicatorEngine.of(IndicatorSet.MFT, Interval.parse(interval), MissingBars.FILL_FORWARD);

        assertThat(engine.firstBarFor(Instant.parse("2024-03-15T10:00:00Z"))).isEqualTo(first);
    }

    @Test
    void aMissingBarIsFilledForwardAndFlagged() {
        List<Batch> bars = hours("100", "101", "", "", "103");

        List<String> rows = rows(Indicators.over(BatchSource.of(bars)), TimeRange.day("2024-03-01"));

        assertThat(rows).hasSize(5);
        assertThat(rows.get(2)).startsWith("2024-03-01T02:00:00Z 2024-03-01T03:00:00Z true 0.0 ");
        assertThat(rows.get(4)).startsWith("2024-03-01T04:00:00Z 2024-03-01T05:00:00Z false " + Math.log(103.0 / 101));
    }

    @Test
    void barsOfFeaturesAreReadWhereThereAreNoCandles() {
        Series features = Series.parse("VENUE:SPOT_PAIR:A-B/features:hft:1h");
        BatchBuilder builder = new BatchBuilder(features, 3);
        feature(builder, 0, "100", "100.5", false);
        feature(builder, 1, null, null, false);
        feature(builder, 2, "100", "100", true);
        feature(builder, 3, "101", "102", false);

        List<String> rows =
                rows(Indicators.over(BatchSource.of(List.of(builder.build()))), TimeRange.day("2024-03-01"));

        assertThat(rows.get(0)).startsWith("2024-03-01T00:00:00Z 2024-03-01T01:00:07Z false ");
        assertThat(rows.get(1)).startsWith("2024-03-01T01:00:00Z 2024-03-01T02:00:00Z true 0.0 ");
        assertThat(rows.get(2)).startsWith("2024-03-01T02:00:00Z 2024-03-01T03:00:00Z true 0.0 ");
        assertThat(rows.get(3)).startsWith("2024-03-01T03:00:00Z 2024-03-01T04:00:07Z false " + Math.log(102 / 100.5));
        assertThat(rows).hasSize(4);
    }

    private static void feature(
            BatchBuilder builder, int hour, @Nullable String open, @Nullable String close, boolean filled) {
        Instant start = Instant.parse("2024-03-01T00:00:00Z").plusSeconds(3_600L * hour);
        List<@Nullable Object> row = new ArrayList<>();
        for (Field field : HftDatasets.hft(Interval.parse("1h")).schema().fields()) {
            row.add(
                    switch (field.name()) {
                        case "timestamp" -> start;
                        case "available_at", "timestamp_out" -> start.plusSeconds(3_607);
                        case "filled" -> filled;
                        case "open", "low" -> open;
                        case "close", "high" -> close;
                        default -> field.nullable() ? null : zero(field);
                    });
        }
        builder.row(row.toArray());
    }

    private static Object zero(Field field) {
        return field.type() instanceof ColumnType.Decimal
                ? "0"
                : field.type() instanceof ColumnType.Int64 ? (Object) 0L : (Object) 0.0;
    }

    @Test
    void aMissingBarEndsAllMemoryWhereThatIsAskedFor() {
        List<Batch> bars = hours("100", "101", "", "103", "104");

        List<String> rows =
                rows(Indicators.over(BatchSource.of(bars)).missing(MissingBars.RESTART), TimeRange.day("2024-03-01"));

        assertThat(rows).hasSize(4);
        assertThat(rows.get(2)).startsWith("2024-03-01T03:00:00Z 2024-03-01T04:00:00Z false  ");
        assertThat(rows.get(3)).contains(" false " + Math.log(104.0 / 103) + " ");
    }

    @Test
    void theEndIsFilledWhereNothingIsProvenToHaveBeenTraded() {
        List<Batch> bars = hours("100", "101");
        TimeRange rest = TimeRange.of("2024-03-01T02:00:00Z", "2024-03-01T04:00:00Z");
        Gap empty = new Gap(rest, GapReason.CONFIRMED_EMPTY, "no rows", rest.end(), Gap.NEVER);
        Gap open = new Gap(
                TimeRange.of("2024-03-01T04:00:00Z", "2024-03-02"),
                GapReason.NOT_YET_PUBLISHED,
                "open",
                rest.end(),
                Gap.NEVER);
        Indicators indicators = Indicators.over(new BatchSource(bars, List.of(empty, open)));

        assertThat(rows(indicators, TimeRange.day("2024-03-01"))).hasSize(4);
        assertThat(provenance(indicators, TimeRange.day("2024-03-01")).gaps()).containsExactly(open);
    }

    @Test
    void aSecondBarInASlotIsSetAside() {
        BatchBuilder builder = new BatchBuilder(CANDLES, 4);
        bar(builder, Instant.parse("2024-03-01T00:00:00Z"), "100");
        bar(builder, Instant.parse("2024-03-01T01:00:00.500Z"), "101");
        bar(builder, Instant.parse("2024-03-01T01:30:00Z"), "102");
        bar(builder, Instant.parse("2024-03-01T02:00:00Z"), "103");
        Indicators indicators = Indicators.over(BatchSource.of(List.of(builder.build())));

        assertThat(rows(indicators, TimeRange.day("2024-03-01"))).hasSize(3);
        assertThat(provenance(indicators, TimeRange.day("2024-03-01")).quarantined())
                .singleElement()
                .satisfies(row -> assertThat(row.reason()).contains("a second bar in the slot"));
    }

    @Test
    void oneAnchorForAllRowsIsWhereMemoryBegins() {
        List<Batch> bars = hours("100", "101", "102", "103");
        Instant anchor = Instant.parse("2024-03-01T01:00:00Z");

        List<String> rows = rows(Indicators.over(BatchSource.of(bars)).since(anchor), TimeRange.day("2024-03-01"));

        assertThat(rows).hasSize(3);
        assertThat(rows.get(0)).startsWith("2024-03-01T01:00:00Z 2024-03-01T02:00:00Z false  ");
        assertThat(rows(
                        Indicators.over(BatchSource.of(bars)).since(anchor),
                        TimeRange.of("2024-03-01", "2024-03-01T01:00:00Z")))
                .isEmpty();
    }

    @Test
    void aBarOffTheGridOrOutOfOrderIsRefusedInLiveUse() {
        IndicatorEngine engine = IndicatorEngine.of(IndicatorSet.LIVE, Interval.parse("1m"), MissingBars.FILL_FORWARD);
        engine.next(new Bar(120_000_000, 180_000_000, 1, 1, 1, 1, 1, 1, 1), row -> {});

        assertThatThrownBy(() -> engine.next(new Bar(120_000_000, 0, 1, 1, 1, 1, 1, 1, 1), row -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the next one opens at 1970-01-01T00:03:00Z");
        assertThatThrownBy(() -> engine.next(new Bar(190_000_000, 0, 1, 1, 1, 1, 1, 1, 1), row -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the one around it opens at 1970-01-01T00:03:00Z");
    }

    @Test
    void namesAreReadBackAndOthersRefused() {
        assertThat(Dataset.parse("features:live:15m").schema())
                .isEqualTo(IndicatorSet.LIVE.dataset(Interval.parse("15m")).schema());
        assertThat(Series.parse(MFT.toString())).isEqualTo(MFT);
        assertThatThrownBy(() -> Indicators.over(BatchSource.of(List.of())).read(CANDLES, QUARTER))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("features:mft:INTERVAL and features:live:INTERVAL");
    }

    private static List<Batch> hours(String... closes) {
        BatchBuilder builder = new BatchBuilder(CANDLES, closes.length);
        Instant open = Instant.parse("2024-03-01T00:00:00Z");
        for (String close : closes) {
            if (!close.isEmpty()) {
                bar(builder, open, close);
            }
            open = open.plusSeconds(3_600);
        }
        return List.of(builder.build());
    }

    private static void bar(BatchBuilder builder, Instant open, String close) {
        builder.row(open, close, close, close, close, "1", open.plusSeconds(3_599), close, 1L, "0", "0");
    }

    private static List<String> rows(Indicators indicators, TimeRange range) {
        List<String> rows = new ArrayList<>();
        try (Batches batches = indicators.read(MFT, range)) {
            for (Batch batch : batches) {
                for (int row = 0; row < batch.rows(); row++) {
                    StringBuilder text = new StringBuilder();
                    for (Column column : batch.columns()) {
                        text.append(column.text(row)).append(' ');
                    }
                    rows.add(text.toString());
                }
            }
        }
        return rows;
    }

    private static Provenance provenance(Indicators indicators, TimeRange range) {
        try (Batches batches = indicators.read(MFT, range)) {
            batches.forEach(batch -> {});
            return batches.provenance();
        }
    }

    private static String text(IndicatorRow row) {
        StringBuilder text = new StringBuilder(TimeRange.instant(row.startMicros()) + " "
                + TimeRange.instant(row.availableMicros()) + " " + row.isFilled() + " ");
        for (Indicator indicator : IndicatorSet.MFT.indicators()) {
            row.value(indicator.column()).ifPresent(value -> text.append(value + 0.0));
            text.append(' ');
        }
        return text.toString();
    }
}
