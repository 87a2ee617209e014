package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Interval;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.testkit.MemoryStore;
import dev.candlewick.testkit.Rows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Books at the ends of intervals: beside the features of the same name, and the levels themselves. */
class BookStatesTest {

    private static final TimeRange DAY = Scenes.DAY;
    private static final TimeRange COVERED = TimeRange.of("2023-12-30", "2024-01-04");
    private static final Series BOOKS = new Series(Ticks.BTC, Dataset.book(5));
    private static final Series MINUTES = new Series(Ticks.BTC, BookStates.dataset(Interval.parse("1m")));

    @Property(tries = 12)
    void theColumnsAreThoseOfTheFeaturesWithTheSameNames(@ForAll long seed) {
        Random random = new Random(seed);
        Interval interval = Interval.parse(random.nextBoolean() ? "15s" : "1m");
        long midnight = DAY.endMicros();
        List<Ticks.Row> ticks = Ticks.random(random, midnight - 400_000_000L, 800_000_000L, 700);
        MemoryStore store = Ticks.store(ticks, COVERED);
        Series states = new Series(Ticks.BTC, BookStates.dataset(interval));
        Series features = new Series(Ticks.BTC, HftDatasets.hft(interval));
        TimeRange part = TimeRange.ofEpochMicros(midnight - 420_000_000L, midnight + 480_000_000L);
        HftSettings settings = HftSettings.builder()
                .lateness(Duration.ofSeconds(1 + random.nextInt(90)))
                .build();
        Batch made = Rows.join(
                states,
                Rows.read(BookStates.over(random.nextBoolean() ? store : Scenes.mute(store), settings), states, part));
        Map<Instant, Integer> rows = new HashMap<>();
        for (int row = 0; row < made.rows(); row++) {
            rows.put(made.times().get(row), row);
        }
        Batch beside = Rows.join(features, Rows.read(HftFeatures.over(store, settings), features, part));
        assertThat(beside.rows()).isPositive();
        List<String> columns = new ArrayList<>(states.schema().names());
        columns.retainAll(features.schema().names());
        columns.removeAll(List.of("timestamp", "available_at"));
        assertThat(columns).contains("mid", "spread_bps", "book_imbalance_5", "ask_distance_3", "bid_levels_filled");
        for (int row = 0; row < beside.rows(); row++) {
            Integer same = rows.get(beside.times().get(row));
            for (String column : columns) {
                assertThat(same == null ? "" : made.column(column).text(same))
                        .as(column)
                        .isEqualTo(beside.column(column).text(row));
            }
        }
        // A row is the same whichever range it is read with.
        TimeRange inner = TimeRange.ofEpochMicros(midnight - 120_000_000L, midnight + 120_000_000L);
        assertThat(Rows.of(BookStates.over(store, settings), states, inner))
                .isEqualTo(Rows.of(List.of(made)).stream()
                        .filter(row -> inner.contains(Instant.parse(row.get(0))))
                        .toList());
    }

    @Example
    void aRowHasTheLevelsAfterTheLastChangeBeforeItsEnd() {
        MemoryStore store = store(
                book(59_999_999, 60_300_000, "101", "100"),
                book(60_000_000, 60_400_000, "102", "100"),
                book(150_000_000, 150_000_000, null, "99"));
        Batch rows = Rows.join(MINUTES, Rows.read(BookStates.over(store), MINUTES, first(4)));
        assertThat(rows.rows()).isEqualTo(4);
        assertThat(rows.decimals("ask_price_1").get(0)).isEqualByComparingTo("101");
        assertThat(rows.times("book_timestamp").epochMicros(0)).isEqualTo(DAY.startMicros() + 59_999_999);
        assertThat(rows.times("available_at").epochMicros(0)).isEqualTo(DAY.startMicros() + 60_300_000);
        assertThat(rows.decimals("ask_price_1").get(1)).isEqualByComparingTo("102");
        assertThat(rows.times("available_at").epochMicros(1)).isEqualTo(DAY.startMicros() + 120_000_000);
        assertThat(rows.decimals("ask_price_1").isNull(2)).isTrue();
        assertThat(rows.decimals("bid_price_1").get(3)).isEqualByComparingTo("99");
        assertThat(rows.doubles("mid").isNull(3)).isTrue();
    }

    @Example
    void aHoleMakesTheBookUnknownUntilItsNextRowAndIsNamed() {
        Gap outage = new Gap(minutes(3, 5), GapReason.VENUE_OUTAGE, "incident", DAY.end(), Gap.NEVER);
        MemoryStore store = store(book(1, 1, "101", "100"), book(400_000_000, 400_000_000, "103", "102"));
        store.write(Batches.of(
                BOOKS, outage.range(), List.of(), new Provenance("t", List.of(), List.of(outage), List.of())));
        for (Source source : List.of(store, Scenes.mute(store))) {
            try (Batches batches = BookStates.over(source).read(MINUTES, first(10))) {
                List<String> given = new ArrayList<>();
                for (Batch batch : batches) {
                    for (int row = 0; row < batch.rows(); row++) {
                        given.add(batch.times().get(row).toString().substring(14, 16));
                    }
                }
                assertThat(given).containsExactly("00", "01", "02", "06", "07", "08", "09");
                assertThat(batches.provenance().gaps())
                        .extracting(gap -> gap.reason() + " " + gap.range())
                        .containsExactly("venue_outage " + minutes(3, 6));
            }
        }
    }

    @Example
    void aChangeFromAClockThatIsTooFarAheadCountsFromItsArrivalAndIsCounted() {
        MemoryStore store = store(
                book(-30_000_000, -100_000_000, "91", "90"),
                book(90_000_000, 10_000_000, "101", "100"),
                book(1_000_000_000, 20_000_000, "102", "100"),
                book(62_000_000, 59_000_000, "103", "100"));
        try (Batches batches = BookStates.over(store).read(MINUTES, DAY)) {
            List<Batch> all = new ArrayList<>();
            batches.forEach(all::add);
            Batch rows = Rows.join(MINUTES, all);
            assertThat(rows.decimals("ask_price_1").get(0)).isEqualByComparingTo("102");
            assertThat(rows.times("book_timestamp").epochMicros(0)).isEqualTo(DAY.startMicros() + 20_000_000);
            assertThat(rows.times("book_timestamp").epochMicros(1)).isEqualTo(DAY.startMicros() + 62_000_000);
            for (int row = 0; row < rows.rows(); row++) {
                assertThat(rows.times("book_timestamp").epochMicros(row))
                        .isLessThan(rows.times("available_at").epochMicros(row));
            }
            // That of the evening before is the evening's.
            assertThat(batches.provenance().quarantined()).singleElement().satisfies(row -> {
                assertThat(row.file()).isEqualTo(BOOKS.toString());
                assertThat(row.reason()).startsWith("2 rows arrived").contains("PT1M");
                assertThat(row.text()).contains("2024-01-01T00:00:10Z");
            });
        }
    }

    @Example
    void untilTheRowAfterAHoleABookIsMissingForTheHolesReason() {
        Gap damaged = new Gap(minutes(5, 10), GapReason.QUARANTINED, "damaged", DAY.end(), DAY.end());
        MemoryStore store = store(book(1, 1, "101", "100"), book(1_200_000_000L, 1_200_000_000L, "103", "102"));
        store.write(Batches.of(
                BOOKS, damaged.range(), List.of(), new Provenance("t", List.of(), List.of(damaged), List.of())));
        for (Source source : List.of(store, Scenes.mute(store))) {
            assertThat(missing(source, first(30)))
                    .allSatisfy(gap -> assertThat(gap).isEqualTo(damaged.over(gap.range())))
                    .satisfies(gaps -> assertThat(ranges(gaps)).containsExactly(minutes(4, 20)));
            assertThat(missing(source, minutes(12, 14))).containsExactly(damaged.over(minutes(12, 14)));
        }
    }

    @Example
    void aDayBeforeThatWasNotFetchedIsWhyTheFirstBooksAreMissing() {
        MemoryStore store = MemoryStore.create();
        BatchBuilder row = new BatchBuilder(BOOKS, 1).row(book(1_200_000_000L, 1_200_000_000L, "101", "100"));
        RecordedTicks.write(store, row.build(), TimeRange.of("2024-01-01", "2024-01-03"));
        assertThat(missing(store, first(30)))
                .allSatisfy(gap -> assertThat(gap).isEqualTo(Gap.notFetched(gap.range())))
                .satisfies(gaps -> assertThat(ranges(gaps)).containsExactly(first(20)));

        // Nobody had it before it was listed, so that a hole before that does not matter.
        Gap unlisted = new Gap(
                TimeRange.ofEpochMicros(DAY.startMicros() - 60_000_000L, DAY.startMicros()),
                GapReason.BEFORE_LISTING,
                "listed at midnight",
                DAY.end(),
                Gap.NEVER);
        store.write(Batches.of(
                BOOKS, unlisted.range(), List.of(), new Provenance("t", List.of(), List.of(unlisted), List.of())));
        assertThat(missing(store, first(30))).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.CONFIRMED_EMPTY);
            assertThat(gap.range()).isEqualTo(first(20));
        });
    }

    @Example
    void anEstimateIsOfTheArrivalsThatAreRead() {
        List<String> read = new ArrayList<>();
        List<String> estimated = new ArrayList<>();
        BookStates states = BookStates.over(Scenes.noting(store(book(1, 1, "101", "100")), read, estimated));
        TimeRange days = TimeRange.of("2024-01-01T12:00:30Z", "2024-01-03T00:30:10Z");
        Rows.of(states, MINUTES, days);
        assertThat(states.estimate(MINUTES, days).requestCount()).isEqualTo(3);
        assertThat(estimated)
                .isEqualTo(read)
                .contains(BOOKS + " "
                        + TimeRange.ofEpochMicros(DAY.endMicros() - 3_660_000_000L, DAY.endMicros() + 86_460_000_001L));
    }

    private static List<Gap> missing(Source books, TimeRange range) {
        try (Batches batches = BookStates.over(books).read(MINUTES, range)) {
            batches.forEach(batch -> {});
            return batches.provenance().gaps();
        }
    }

    private static TimeRanges ranges(List<? extends Gap> gaps) {
        return TimeRanges.of(gaps.stream().map(Gap::range).toList());
    }

    @Example
    void booksThatWereNotFetchedAreAGapWithThatReason() {
        MemoryStore store = store(book(1, 1, "101", "100"));
        store.forget(BOOKS, TimeRange.day("2024-01-02"));
        try (Batches batches = BookStates.over(store).read(MINUTES, DAY)) {
            int given = 0;
            for (Batch batch : batches) {
                given += batch.rows();
            }
            assertThat(given).isEqualTo(1_439);
            assertThat(batches.provenance().gaps())
                    .extracting(gap -> gap.reason() + " " + gap.range())
                    .containsExactly("not_fetched " + minutes(1_439, 1_440));
        }
        HftSettings accepting = HftSettings.builder().acceptingBoundaries().build();
        assertThat(Rows.of(BookStates.over(store, accepting), MINUTES, DAY)).hasSize(1_440);
    }

    @Example
    void theDatasetIsFoundByItsNameAndReadBackFromAStoreAsKnownThen() {
        assertThat(Series.parse(MINUTES.toString())).isEqualTo(MINUTES);
        MemoryStore store = store(book(1, 1, "101", "100"), book(59_999_999, 70_000_000, "102", "100"));
        store.write(BookStates.over(store).read(MINUTES, DAY));
        FeatureReader then = FeatureReader.over(store).knownAt(DAY.start().plusSeconds(69));
        try (Batches rows = then.read(Ticks.BTC.toString(), "book", "1m", DAY)) {
            assertThat(rows).isEmpty();
        }
        assertThatThrownBy(() -> BookStates.over(store).read(BOOKS, DAY))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("features:book:1m");
    }

    private static TimeRange first(int count) {
        return minutes(0, count);
    }

    private static TimeRange minutes(int from, int to) {
        return TimeRange.ofEpochMicros(DAY.startMicros() + from * 60_000_000L, DAY.startMicros() + to * 60_000_000L);
    }

    private static MemoryStore store(Object[]... rows) {
        MemoryStore store = MemoryStore.create();
        BatchBuilder builder = new BatchBuilder(BOOKS, 4);
        for (Object[] row : rows) {
            builder.row(row);
        }
        RecordedTicks.write(store, builder.build(), COVERED);
        return store;
    }

    private static Object[] book(long timestamp, long arrival, String ask, String bid) {
        Object[] cells = new Object[22];
        cells[0] = DAY.startMicros() + timestamp;
        cells[1] = DAY.startMicros() + arrival;
        cells[2] = ask;
        cells[3] = ask == null ? null : "1";
        cells[4] = bid;
        cells[5] = "2";
        return cells;
    }
}
