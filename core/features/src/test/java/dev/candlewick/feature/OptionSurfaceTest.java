package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Column;
import dev.candlewick.Corrupt;
import dev.candlewick.Field;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.book.BatchSource;
import dev.candlewick.testkit.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Surfaces of options: which option is taken, what is too old, too late or not known yet. */
class OptionSurfaceTest {

    private static final Series CHAIN = Series.parse("DERIBIT:GROUP:OPTIONS/options_chain");
    private static final Series SURFACE = Series.parse("DERIBIT:UNDERLYING:BTC/features:options:1m");
    private static final Instant DAY = Instant.parse("2024-03-01T00:00:00Z");
    private static final Instant FRIDAY = Instant.parse("2024-03-08T08:00:00Z");
    private static final TimeRange HOUR = TimeRange.of(DAY, DAY.plusSeconds(3_600));

    private final BatchBuilder rows = new BatchBuilder(CHAIN, 16);

    private record Quote(
            String symbol,
            double second,
            double arrived,
            Instant expiry,
            int strike,
            String type,
            Double iv,
            Double delta) {}

    @Test
    void theNearestDeltasGiveTheSurfaceInFractions() {
        smile(1);

        SurfacePoint point = at(60);

        assertThat(point.atmMarkIv()).hasValue(0.60);
        assertThat(point.skew25dPutCallRatio().getAsDouble()).isCloseTo(0.66 / 0.64, within(1e-12));
        assertThat(point.riskReversal25d().getAsDouble()).isCloseTo(0.64 - 0.66, within(1e-12));
        assertThat(point.fly25d().getAsDouble()).isCloseTo(0.65 - 0.60, within(1e-12));
        assertThat(point.expiryMicros()).hasValue(micros(FRIDAY));
        assertThat(point.quotes()).isEqualTo(5);
        assertThat(point.usable()).isEqualTo(4);
    }

    @Test
    void ofEquallyDistantDeltasTheLowerStrikeIsTaken() {
        add(quote("A", 1, 110, "call", 61.0, 0.55));
        add(quote("B", 1, 100, "call", 62.0, 0.45));

        assertThat(at(60).atmMarkIv()).hasValue(0.62);
    }

    @Test
    void aDeltaBeyondTheToleranceIsNoneAndOneOnItIs() {
        add(quote("A", 1, 100, "call", 61.0, 0.6));
        add(quote("B", 1, 100, "put", 70.0, -0.36));

        SurfacePoint point = at(60);

        assertThat(point.atmMarkIv()).hasValue(0.61);
        assertThat(point.skew25dPutCallRatio()).isEmpty();
        assertThat(point.riskReversal25d()).isEmpty();
        assertThat(point.fly25d()).isEmpty();
    }

    @Test
    void aRowIsUsedForFiveMinutes() {
        add(quote("A", 0, 100, "call", 61.0, 0.5));
        OptionSurface surface = surface();

        assertThat(surface.at(micros(DAY.plusSeconds(300))).atmMarkIv()).hasValue(0.61);
        assertThat(surface.at(micros(DAY.plusSeconds(300)) + 1).quotes()).isZero();
    }

    @Test
    void theNearestExpiryThatIsFarEnoughIsUsed() {
        add(new Quote("NEAR", 1, 1, DAY.plusSeconds(600), 100, "call", 90.0, 0.5));
        add(quote("A", 1, 100, "call", 61.0, 0.5));

        assertThat(at(60).atmMarkIv()).hasValue(0.90);
        OptionSurface far =
                OptionSurface.with(new OptionSurface.Settings(Duration.ofMinutes(5), 0.1, Duration.ofMinutes(9)));
        take(far);
        assertThat(far.at(micros(DAY.plusSeconds(60))).atmMarkIv()).hasValue(0.61);
    }

    @Test
    void askingForAnInstantBeforeARowThatWasTakenWouldLookAhead() {
        add(quote("A", 60, 100, "call", 61.0, 0.5));
        OptionSurface surface = surface();

        assertThatThrownBy(() -> surface.at(micros(DAY.plusSeconds(60))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ask first");
    }

    @Test
    void whatIsNeitherCallNorPutIsCorrupt() {
        add(quote("A", 1, 100, "future", 61.0, 0.5));

        assertThatThrownBy(this::surface).isInstanceOf(Corrupt.class).hasMessageContaining("'future'");
    }

    @Test
    void theUnderlyingIsWhatSymbolsBeginWith() {
        assertThat(OptionSurface.underlying("MATIC_USDC-9MAR24-1D02-C")).isEqualTo("MATIC_USDC");
        assertThat(OptionSurface.underlying("BTC-USD-211224-56000-C")).isEqualTo("BTC");
    }

    @Test
    void rowsOfOtherUnderlyingsAreNotMixedIn() {
        add(new Quote("ETH-1", 1, 1, FRIDAY, 100, "call", 99.0, 0.5));
        add(quote("BTC-1", 2, 100, "call", 61.0, 0.5));

        assertThat(read(HOUR, List.of()).get(0)).contains(" 0.61 ").endsWith(" 1 1 ");
    }

    @Test
    void aRowThatArrivesTooLateIsSetAsideAndOneInTimeIsNot() {
        add(new Quote("BTC-1", 59, 59.5, FRIDAY, 100, "call", 61.0, 0.5));
        add(new Quote("BTC-1", 59.2, 64.9, FRIDAY, 100, "call", 62.0, 0.5));
        add(new Quote("BTC-1", 59.3, 65, FRIDAY, 100, "call", 63.0, 0.5));

        List<String> surfaces = read(HOUR, List.of());

        assertThat(surfaces.get(0)).startsWith("2024-03-01T00:00:00Z 2024-03-01T00:01:04.900Z 0.62 ");
        assertThat(surfaces.get(1)).contains(" 0.62 ");
        assertThat(surfaces).hasSize(5);
        assertThat(provenance(HOUR, List.of()).quarantined())
                .singleElement()
                .satisfies(row -> assertThat(row.reason()).contains("more than the lateness"));
        assertThat(provenance(HOUR, List.of()).gaps())
                .singleElement()
                .satisfies(gap -> assertThat(gap.range()).isEqualTo(TimeRange.of(DAY.plusSeconds(300), HOUR.end())));
    }

    @Test
    void intervalsWhoseRowsMayStillComeAreLeftOutWithTheReason() {
        smile(1);
        Gap open = new Gap(
                TimeRange.of(DAY.plusSeconds(120), DAY.plusSeconds(86_400)),
                GapReason.NOT_YET_PUBLISHED,
                "tomorrow",
                DAY,
                Gap.NEVER);

        assertThat(read(HOUR, List.of(open))).hasSize(1);
        assertThat(provenance(HOUR, List.of(open)).gaps())
                .containsExactly(open.over(TimeRange.of(DAY.plusSeconds(60), HOUR.end())));
    }

    @Test
    void aHoleInTheChainLeavesOutItsIntervalsAlsoWhereRowsFollow() {
        for (int minute = 0; minute < 12; minute++) {
            if (minute < 2 || minute > 4) {
                smile(60 * minute + 1);
            }
        }
        TimeRange hole = TimeRange.of(DAY.plusSeconds(130), DAY.plusSeconds(280));
        Gap quarantined = new Gap(hole, GapReason.QUARANTINED, "damaged", DAY, Gap.NEVER);
        MemoryStore store = MemoryStore.create();
        store.write(Batches.of(
                CHAIN,
                TimeRange.of(DAY.minusSeconds(86_400), DAY.plusSeconds(86_400)),
                List.of(chain()),
                new Provenance("t", List.of(), List.of(quarantined), List.of())));
        Source telling = new BatchSource(List.of(chain()), List.of(quarantined));
        TimeRange part = TimeRange.of(DAY, DAY.plusSeconds(720));
        for (Source source : List.of(store, telling)) {
            try (Batches batches = OptionFeatures.over(source).read(SURFACE, part)) {
                // What the hole took would have been used for five minutes more, and five seconds of clocks apart.
                assertThat(times(batches))
                        .containsExactly(
                                DAY,
                                DAY.plusSeconds(60),
                                DAY.plusSeconds(540),
                                DAY.plusSeconds(600),
                                DAY.plusSeconds(660));
                assertThat(batches.provenance().gaps())
                        .containsExactly(quarantined.over(TimeRange.of(DAY.plusSeconds(120), DAY.plusSeconds(540))));
            }
        }
    }

    @Test
    void aSurfaceWaitsForTheRowsOfTheDayBeforeThatWouldStillBeFresh() {
        add(quote("BTC-1", 1, 100, "call", 61.0, 0.5));
        add(quote("BTC-1", 301, 100, "call", 62.0, 0.5));
        MemoryStore store = MemoryStore.create();
        store.write(Batches.of(CHAIN, TimeRange.of(DAY, DAY.plusSeconds(86_400)), List.of(chain()), Provenance.none()));
        Gap before = Gap.notFetched(TimeRange.of(DAY.minusSeconds(400), DAY));
        TimeRange part = TimeRange.of(DAY, DAY.plusSeconds(360));
        TimeRange withheld = TimeRange.of(DAY, DAY.plusSeconds(300));
        for (Source source : List.of(store, new BatchSource(List.of(chain()), List.of(before)))) {
            try (Batches batches = OptionFeatures.over(source).read(SURFACE, part)) {
                assertThat(times(batches)).containsExactly(DAY.plusSeconds(300));
                assertThat(batches.provenance().gaps()).containsExactly(Gap.notFetched(withheld));
            }
            // Also where the hole is before all that is asked for, and none of its intervals touches it.
            TimeRange later = TimeRange.of(DAY.plusSeconds(180), part.end());
            try (Batches batches = OptionFeatures.over(source).read(SURFACE, later)) {
                assertThat(times(batches)).containsExactly(DAY.plusSeconds(300));
            }
            try (Batches batches =
                    OptionFeatures.over(source).acceptingBoundaries().read(SURFACE, part)) {
                assertThat(times(batches)).hasSize(6);
            }
        }
        // An hour ends with its last five minutes, which nothing of the day before matters to.
        try (Batches batches = OptionFeatures.over(store)
                .read(
                        Series.parse("DERIBIT:UNDERLYING:BTC/features:options:1h"),
                        TimeRange.of(DAY, DAY.plusSeconds(7_200)))) {
            assertThat(batches).isEmpty();
            assertThat(batches.provenance().gaps()).extracting(Gap::reason).containsExactly(GapReason.CONFIRMED_EMPTY);
        }
    }

    @Test
    void aChainThatNobodyFetchedIsNotAChainWithoutOptions() {
        smile(1);
        MemoryStore store = MemoryStore.create();
        store.write(Batches.of(
                CHAIN,
                TimeRange.of(DAY.minusSeconds(86_400), DAY.plusSeconds(86_400)),
                List.of(chain()),
                Provenance.none()));
        TimeRange night = TimeRange.of(DAY.plusSeconds(86_400 - 120), DAY.plusSeconds(86_400 + 120));
        try (Batches batches = OptionFeatures.over(store).read(SURFACE, night)) {
            assertThat(batches).isEmpty();
            assertThat(batches.provenance().gaps())
                    .extracting(gap -> gap.reason() + " " + gap.range())
                    .containsExactly(
                            "confirmed_empty " + TimeRange.of(night.start(), DAY.plusSeconds(86_400 - 60)),
                            "not_fetched " + TimeRange.of(DAY.plusSeconds(86_400 - 60), night.end()));
        }
        try (Batches batches = OptionFeatures.over(store).acceptingBoundaries().read(SURFACE, night)) {
            assertThat(batches).isEmpty();
            assertThat(batches.provenance().gaps())
                    .last()
                    .satisfies(gap -> assertThat(gap.range().start()).isEqualTo(DAY.plusSeconds(86_400)));
        }
    }

    @Test
    void aRowFromAClockThatIsFartherAheadThanClocksMayDifferIsSetAside() {
        add(new Quote("BTC-1", 20, 14.9, FRIDAY, 100, "call", 61.0, 0.5));
        add(new Quote("BTC-1", 20, 15, FRIDAY, 100, "call", 62.0, 0.5));
        assertThat(read(HOUR, List.of()).get(0)).contains(" 0.62 ");
        assertThat(provenance(HOUR, List.of()).quarantined())
                .singleElement()
                .satisfies(row -> assertThat(row.reason()).contains("by more than clocks may differ"));
    }

    @Test
    void namesAreReadBackAndOthersRefused() {
        assertThat(Series.parse(SURFACE.toString())).isEqualTo(SURFACE);
        assertThatThrownBy(() -> OptionFeatures.over(BatchSource.of(List.of()))
                        .read(Series.parse("DERIBIT:OPTION:X/features:options:1m"), HOUR))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("DERIBIT:UNDERLYING:BTC/features:options:1m");
    }

    @Property(tries = 25)
    void surfacesEqualThoseOfEveryRowLookedAtAnewWhateverRangeIsRead(@ForAll Random random) {
        List<Quote> quotes = new ArrayList<>();
        double arrived = 0;
        for (int i = 0; i < 300; i++) {
            arrived += random.nextInt(8) / 2.0;
            double second = arrived - random.nextInt(12) / 2.0 + 2;
            int strike = 90 + random.nextInt(20);
            String type = random.nextBoolean() ? "call" : "put";
            Instant expiry = random.nextInt(4) == 0 ? DAY.plusSeconds(700) : FRIDAY;
            Double iv = random.nextInt(10) == 0 ? null : (double) random.nextInt(100);
            Double delta =
                    random.nextInt(10) == 0 ? null : (type.equals("call") ? 1 : -1) * random.nextInt(100) / 100.0;
            String symbol = "BTC-" + strike + type + (expiry.equals(FRIDAY) ? "F" : "D");
            quotes.add(new Quote(symbol, second, arrived, expiry, strike, type, iv, delta));
        }
        quotes.forEach(this::add);

        List<String> all = read(HOUR, List.of());
        List<String> expected = new ArrayList<>();
        for (int end = 60; end <= 3_600; end += 60) {
            naive(quotes, end).ifPresent(expected::add);
        }
        assertThat(all).isEqualTo(expected);

        int from = 60 * random.nextInt(30);
        TimeRange part = TimeRange.of(DAY.plusSeconds(from), DAY.plusSeconds(from + 600));
        assertThat(read(part, List.of()))
                .isEqualTo(all.stream()
                        .filter(row -> part.contains(Instant.parse(row.substring(0, 20))))
                        .toList());
    }

    private static Optional<String> naive(List<Quote> quotes, int end) {
        Map<String, Quote> last = new HashMap<>();
        for (Quote quote : quotes) {
            double bucketEnd = Math.floor(quote.second() / 60) * 60 + 60;
            Quote known = last.get(quote.symbol());
            if (quote.second() < end
                    && quote.arrived() - 5 < bucketEnd
                    && (known == null || quote.second() >= known.second())) {
                last.put(quote.symbol(), quote);
            }
        }
        List<Quote> fresh = last.values().stream()
                .filter(quote -> quote.second() >= end - 300)
                .filter(quote -> quote.expiry().isAfter(DAY.plusSeconds(end)))
                .toList();
        Optional<Instant> expiry = fresh.stream().map(Quote::expiry).min(Comparator.naturalOrder());
        if (expiry.isEmpty()) {
            return Optional.empty();
        }
        List<Quote> usable = fresh.stream()
                .filter(quote -> quote.expiry().equals(expiry.get()))
                .filter(quote -> quote.iv() != null && quote.iv() > 0 && quote.delta() != null)
                .toList();
        double atm = nearest(usable, "call", 0.5);
        double call = nearest(usable, "call", 0.25);
        double put = nearest(usable, "put", -0.25);
        double arrived = fresh.stream().mapToDouble(Quote::arrived).max().orElseThrow();
        return Optional.of(DAY.plusSeconds(end - 60) + " "
                + DAY.plusMillis((long) (1_000 * Math.max(end, arrived))) + " " + text(atm) + text(put / call)
                + text(call - put) + text((call + put) / 2 - atm) + expiry.get() + " " + fresh.size() + " "
                + usable.size() + " ");
    }

    private static double nearest(List<Quote> usable, String type, double wanted) {
        Comparator<Quote> byDistance =
                Comparator.comparingLong(quote -> Math.round(1_000 * Math.abs(quote.delta() - wanted)));
        return usable.stream()
                .filter(quote -> quote.type().equals(type))
                .filter(quote -> Math.round(1_000 * Math.abs(quote.delta() - wanted)) <= 100)
                .min(byDistance.thenComparing(Quote::strike))
                .map(quote -> quote.iv() / 100)
                .orElse(Double.NaN);
    }

    private static String text(double value) {
        return (Double.isFinite(value) ? Double.toString(value) : "") + " ";
    }

    private void smile(int second) {
        add(quote("BTC-1", second, 100, "call", 60.0, 0.52));
        add(quote("BTC-2", second, 110, "call", 64.0, 0.24));
        add(quote("BTC-3", second, 90, "put", 66.0, -0.27));
        add(quote("BTC-4", second, 100, "put", 60.0, -0.48));
        add(quote("BTC-5", second, 120, "call", null, 0.5));
    }

    private static Quote quote(String symbol, double second, int strike, String type, Double iv, double delta) {
        return new Quote(symbol, second, second, FRIDAY, strike, type, iv, delta);
    }

    private void add(Quote quote) {
        List<Object> values = new ArrayList<>();
        for (Field field : CHAIN.schema().fields()) {
            values.add(
                    switch (field.name()) {
                        case "timestamp" -> time(quote.second());
                        case "local_timestamp" -> time(quote.arrived());
                        case "symbol" -> quote.symbol();
                        case "type" -> quote.type();
                        case "strike_price" -> "" + quote.strike();
                        case "expiration" -> quote.expiry();
                        case "mark_iv" -> quote.iv();
                        case "delta" -> quote.delta();
                        default -> null;
                    });
        }
        rows.row(values.toArray());
    }

    private static Instant time(double second) {
        return DAY.plusMillis(Math.round(second * 1_000));
    }

    private Batch kept = new BatchBuilder(CHAIN, 1).build();

    private Batch chain() {
        if (rows.rows() > 0) {
            kept = rows.build();
        }
        return kept;
    }

    private OptionSurface surface() {
        OptionSurface surface = OptionSurface.withDefaults();
        take(surface);
        return surface;
    }

    private void take(OptionSurface surface) {
        Batch chain = chain();
        for (int row = 0; row < chain.rows(); row++) {
            surface.accept(chain, row);
        }
    }

    private SurfacePoint at(int second) {
        return surface().at(micros(DAY.plusSeconds(second)));
    }

    private List<String> read(TimeRange range, List<Gap> gaps) {
        List<String> texts = new ArrayList<>();
        try (Batches batches =
                OptionFeatures.over(new BatchSource(List.of(chain()), gaps)).read(SURFACE, range)) {
            for (Batch batch : batches) {
                for (int row = 0; row < batch.rows(); row++) {
                    StringBuilder text = new StringBuilder();
                    for (Column column : batch.columns()) {
                        text.append(column.text(row)).append(' ');
                    }
                    texts.add(text.toString());
                }
            }
        }
        return texts;
    }

    private Provenance provenance(TimeRange range, List<Gap> gaps) {
        try (Batches batches =
                OptionFeatures.over(new BatchSource(List.of(chain()), gaps)).read(SURFACE, range)) {
            batches.forEach(batch -> {});
            return batches.provenance();
        }
    }

    private static List<Instant> times(Batches batches) {
        List<Instant> times = new ArrayList<>();
        for (Batch batch : batches) {
            for (int row = 0; row < batch.rows(); row++) {
                times.add(batch.times().get(row));
            }
        }
        return times;
    }

    private static long micros(Instant instant) {
        return TimeRange.of(instant, instant.plusSeconds(1)).startMicros();
    }
}
