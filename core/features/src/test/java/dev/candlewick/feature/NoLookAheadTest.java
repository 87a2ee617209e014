package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Interval;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.book.BookSnapshots;
import dev.candlewick.candle.TradeCandles;
import dev.candlewick.testkit.MemoryStore;
import dev.candlewick.testkit.Rows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is made of ticks that had arrived by an instant is the same whatever arrives afterwards (S4.29). */
class NoLookAheadTest {

    private static final TimeRange COVERED = TimeRange.of("2023-12-30", "2024-01-04");
    private static final long START = Scenes.DAY.startMicros();
    private static final long LENGTH = 900_000_000L;
    private static final long MINUTE = 60_000_000L;
    private static final TimeRange RANGE = TimeRange.ofEpochMicros(START, START + LENGTH);

    @Property(tries = 20)
    void candlesOfTradesThatHadArrivedStay(@ForAll long seed) {
        Random random = new Random(seed);
        Series candles = Series.candles(Ticks.BTC.toString(), random.nextBoolean() ? "15s" : "1m");
        long interval = candles.dataset().name().endsWith("15s") ? 15_000_000L : MINUTE;
        Scene scene = Scene.of(random, Ticks.random(random, START, LENGTH, 600));
        // A candle has no time of its own from which it is available: that is when trades of it are no longer waited
        // for.
        long wait = interval + TradeCandles.LATENESS.toMillis() * 1_000;
        scene.assertUnchanged(
                candles,
                store -> TradeCandles.from(store).acceptingBoundaries().build(),
                row -> Instant.parse(row.get(0)).plusNanos(wait * 1_000));
    }

    @Property(tries = 15)
    void booksAtTheEndsOfIntervalsStay(@ForAll long seed) {
        Random random = new Random(seed);
        Series states = new Series(Ticks.BTC, BookStates.dataset(Interval.parse(random.nextBoolean() ? "15s" : "1m")));
        HftSettings settings = settings(random);
        Scene.of(random, Ticks.random(random, START, LENGTH, 600))
                .assertUnchanged(states, store -> BookStates.over(store, settings), availableIn(states));
    }

    @Property(tries = 15)
    void surfacesOfOptionsStay(@ForAll long seed) {
        Random random = new Random(seed);
        Series surfaces = Series.parse(Ticks.OPTIONS + "/features:options:1m");
        Scene.of(random, Ticks.options(random, START, LENGTH, 900))
                .assertUnchanged(
                        surfaces,
                        store -> OptionFeatures.over(store).lateness(Duration.ofSeconds(30)),
                        availableIn(surfaces));
    }

    @Property(tries = 10)
    void featuresMadeOfShorterOnesStay(@ForAll long seed) {
        Random random = new Random(seed);
        HftSettings settings = settings(random);
        Interval base = Interval.parse("15s");
        Series parts = new Series(Ticks.BTC, HftDatasets.hft(base));
        Series longer = new Series(Ticks.BTC, HftDatasets.hft(Interval.parse("1m")));
        Scene.of(random, Ticks.random(random, START, LENGTH, 600))
                .assertUnchanged(
                        longer,
                        ticks -> {
                            MemoryStore features = MemoryStore.create();
                            features.write(HftFeatures.over(ticks, settings).read(parts, RANGE));
                            return LongerFeatures.over(features, base, settings);
                        },
                        availableIn(longer));
    }

    @Property(tries = 20)
    void booksMadeOfLevelChangesStay(@ForAll long seed) {
        Random random = new Random(seed);
        Series changes = new Series(Ticks.BTC, Dataset.BOOK_CHANGES);
        List<Ticks.Row> rows = new ArrayList<>();
        long arrival = START;
        while (arrival < START + LENGTH) {
            boolean snapshot = rows.isEmpty() || random.nextInt(40) == 0;
            for (int row = snapshot ? 8 : 1 + random.nextInt(3); row > 0; row--) {
                boolean bid = random.nextBoolean();
                rows.add(new Ticks.Row(changes, arrival, new Object[] {
                    arrival - random.nextInt(50_000),
                    arrival,
                    snapshot,
                    bid ? "bid" : "ask",
                    "" + (bid ? 100 - random.nextInt(9) : 101 + random.nextInt(9)),
                    "" + (snapshot ? 1 : random.nextInt(4))
                }));
            }
            arrival += 1 + random.nextInt(6_000_000);
        }
        Series books = changes.with(random.nextBoolean() ? Dataset.book(3) : Dataset.QUOTES);
        new Scene(rows, START + (long) (random.nextDouble() * LENGTH), List.of(changes))
                .assertUnchanged(
                        books,
                        random.nextBoolean()
                                ? BookSnapshots::over
                                : store -> BookSnapshots.over(store).resetAfterSilence(Duration.ofSeconds(4)),
                        row -> Instant.parse(row.get(books.schema().names().indexOf("local_timestamp"))));
    }

    private static HftSettings settings(Random random) {
        return HftSettings.builder()
                .lateness(Duration.ofSeconds(1 + random.nextInt(90)))
                .acceptingBoundaries()
                .build();
    }

    private static Function<List<String>, Instant> availableIn(Series series) {
        int column = series.schema().names().indexOf("available_at");
        return row -> Instant.parse(row.get(column));
    }

    /**
     * Ticks, and an instant in the midst of them.
     *
     * @param feeds what they are of, for stores in which nothing arrived
     */
    private record Scene(List<Ticks.Row> ticks, long cut, List<Series> feeds) {

        static Scene of(Random random, List<Ticks.Row> ticks) {
            return new Scene(
                    ticks,
                    START + (long) (random.nextDouble() * LENGTH),
                    ticks.stream().map(Ticks.Row::series).distinct().toList());
        }

        /** Every row that was available by the instant is there, and the same, in what is made of all and of the first. */
        void assertUnchanged(
                Series series, Function<MemoryStore, Source> made, Function<List<String>, Instant> available) {
            Instant last = TimeRange.instant(cut);
            List<List<String>> all = Rows.of(made.apply(store(ticks)), series, RANGE).stream()
                    .filter(row -> !available.apply(row).isAfter(last))
                    .toList();
            List<Ticks.Row> arrived =
                    ticks.stream().filter(tick -> tick.arrival() <= cut).toList();
            // Of the last rows, those of the first ticks may say more: what would still change them had not arrived.
            List<List<String>> before = Rows.of(made.apply(store(arrived)), series, RANGE);
            assertThat(before.size()).isGreaterThanOrEqualTo(all.size());
            assertThat(before.subList(0, all.size())).isEqualTo(all);
            assertThat(all.size()).isGreaterThanOrEqualTo(cut > START + LENGTH / 2 ? 1 : 0);
        }

        private MemoryStore store(List<Ticks.Row> rows) {
            MemoryStore store = MemoryStore.create();
            for (Series feed : feeds) {
                BatchBuilder builder = new BatchBuilder(feed, 1_024);
                rows.stream().filter(row -> row.series().equals(feed)).forEach(row -> builder.row(row.values()));
                Batch batch = builder.build();
                store.write(
                        Batches.of(feed, COVERED, batch.rows() == 0 ? List.of() : List.of(batch), Provenance.none()));
            }
            return store;
        }
    }
}
