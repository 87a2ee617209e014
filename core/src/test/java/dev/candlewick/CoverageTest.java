package dev.candlewick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Coverage and the gaps found from it, slot by slot. */
class CoverageTest {

    private static final Series MINUTES = Series.candles("TEST:KIND:CODE", "1m");
    private static final long MINUTE = 60_000_000;
    private static final int SLOTS = 40;
    private static final Instant PROVEN = Instant.parse("2024-01-01T00:00:00Z");

    @Property(tries = 5_000)
    void everySlotIsPresentOrInExactlyOneGap(
            @ForAll("stretches") List<TimeRange> present,
            @ForAll("gaps") List<Gap> proven,
            @ForAll("stretch") TimeRange range) {
        Coverage coverage = new Coverage(MINUTES, range, TimeRanges.of(present), proven);
        List<Gap> gaps = coverage.gaps();
        for (int slot = -1; slot <= SLOTS; slot++) {
            Instant open = Instant.EPOCH.plusSeconds(60L * slot);
            List<Gap> holding =
                    gaps.stream().filter(gap -> gap.range().contains(open)).toList();
            List<Gap> reasons =
                    proven.stream().filter(gap -> gap.range().contains(open)).toList();
            if (!range.contains(open)) {
                assertThat(holding).isEmpty();
            } else if (!reasons.isEmpty()) {
                assertThat(holding)
                        .singleElement()
                        .satisfies(gap ->
                                assertThat(reasons).extracting(Gap::reason).contains(gap.reason()));
            } else if (TimeRanges.of(present).contains(open)) {
                assertThat(holding).isEmpty();
            } else {
                assertThat(holding).singleElement().extracting(Gap::reason).isEqualTo(GapReason.NOT_FETCHED);
            }
        }
        assertThat(gaps).isSorted().allMatch(gap -> gap.range().startMicros() % MINUTE == 0);
        assertThat(coverage.isComplete()).isEqualTo(gaps.isEmpty());
        assertThat(coverage.isSettled())
                .isEqualTo(gaps.stream().allMatch(gap -> gap.reason() != GapReason.NOT_FETCHED));
    }

    @Property
    void presentProvenAndUnknownFillTheRangeAndDoNotOverlap(
            @ForAll("stretches") List<TimeRange> present,
            @ForAll("gaps") List<Gap> proven,
            @ForAll("stretch") TimeRange range) {
        Coverage coverage = new Coverage(MINUTES, range, TimeRanges.of(present), proven);
        TimeRanges absent = coverage.knownEmpty().union(coverage.quarantined());
        assertThat(coverage.present().union(absent).union(coverage.unknown())).isEqualTo(TimeRanges.of(range));
        assertThat(coverage.present().intersection(absent).isEmpty()).isTrue();
        assertThat(coverage.present().intersection(coverage.unknown()).isEmpty())
                .isTrue();
        assertThat(absent.intersection(coverage.unknown()).isEmpty()).isTrue();
        for (int i = 1; i < coverage.proven().size(); i++) {
            assertThat(coverage.proven().get(i).range().start())
                    .isAfterOrEqualTo(coverage.proven().get(i - 1).range().end());
        }
    }

    @Example
    void ofEventsEveryStretchThatWasNotReadIsAGap() {
        Series events = BatchBuilderTest.EVERY_TYPE;
        TimeRange day = TimeRange.day("2024-01-01");
        TimeRange read = TimeRange.of("2024-01-01T01:00:00.5Z", "2024-01-01T02:00:00Z");
        assertThat(new Coverage(events, day, TimeRanges.of(read), List.of()).gaps())
                .containsExactly(
                        Gap.notFetched(TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T01:00:00.5Z")),
                        Gap.notFetched(TimeRange.of("2024-01-01T02:00:00Z", "2024-01-02T00:00:00Z")));
        assertThat(Coverage.unknown(events, day).gaps()).containsExactly(Gap.notFetched(day));
        assertThat(new Coverage(events, day, TimeRanges.of(day), List.of()))
                .hasToString(events + " over " + day + ": complete");
    }

    @Example
    void aProvenGapNeedsEvidenceAndKnowsWhenItIsDue() {
        TimeRange day = TimeRange.day("2024-01-01");
        for (GapReason reason : GapReason.values()) {
            assertThat(GapReason.parse(reason.toString())).isEqualTo(reason);
            if (reason != GapReason.NOT_FETCHED) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> new Gap(day, reason, " ", PROVEN, Gap.NEVER))
                        .withMessageContaining(reason.toString());
            }
        }
        Gap gap = new Gap(day, GapReason.VENUE_OUTAGE, "status page", PROVEN, PROVEN.plusSeconds(9));
        assertThat(gap.isDue(PROVEN.plusSeconds(8))).isFalse();
        assertThat(gap.isDue(PROVEN.plusSeconds(9))).isTrue();
        assertThat(Gap.notFetched(day).isDue(Instant.EPOCH)).isTrue();
        assertThat(gap).hasToString(day + " venue_outage (status page)");
    }

    @Property
    void addingEstimatesIsAssociativeAndUnknownIsNeutral(
            @ForAll("estimates") Estimate a, @ForAll("estimates") Estimate b, @ForAll("estimates") Estimate c) {
        assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
        assertThat(a.plus(Estimate.unknown())).isEqualTo(a);
        assertThat(Estimate.unknown().plus(a)).isEqualTo(a);
        assertThat(a.plus(b).requestCount()).isEqualTo(a.requestCount() + b.requestCount());
    }

    @Example
    void provenanceOfTwoSourcesNamesBoth() {
        Gap gap = new Gap(TimeRange.day("2024-01-01"), GapReason.CONFIRMED_EMPTY, "e", PROVEN, Gap.NEVER);
        Provenance one = new Provenance("archive", List.of(), List.of(gap), List.of());
        Provenance other = new Provenance("rest", List.of(), List.of(), List.of());
        assertThat(one.plus(other).source()).isEqualTo("archive+rest");
        assertThat(one.plus(one).source()).isEqualTo("archive");
        assertThat(one.plus(other).gaps()).containsExactly(gap);
        assertThat(Provenance.none().plus(one)).isEqualTo(one);
        assertThat(one.plus(Provenance.none())).isEqualTo(one);
    }

    @Provide
    Arbitrary<Estimate> estimates() {
        Arbitrary<OptionalLong> bytes = Arbitraries.of(OptionalLong.empty(), OptionalLong.of(5), OptionalLong.of(7));
        return Combinators.combine(
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.of("rest", "archive"),
                        bytes,
                        Arbitraries.of("", "a", "b"))
                .as((count, route, size, lane) ->
                        new Estimate(Map.of(route, (long) count), count, 10L * count, size, lane));
    }

    @Provide
    Arbitrary<List<TimeRange>> stretches() {
        return stretch().list().ofMaxSize(5);
    }

    @Provide
    Arbitrary<List<Gap>> gaps() {
        List<GapReason> reasons = new ArrayList<>(Arrays.asList(GapReason.values()));
        reasons.remove(GapReason.NOT_FETCHED);
        return Combinators.combine(stretch(), Arbitraries.of(reasons))
                .as((range, reason) -> new Gap(range, reason, "shown", PROVEN, Gap.NEVER))
                .list()
                .ofMaxSize(5);
    }

    // Off the grid by half a minute every other time.
    @Provide
    Arbitrary<TimeRange> stretch() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2 * SLOTS - 2),
                        Arbitraries.integers().between(1, SLOTS))
                .as((start, length) -> TimeRange.ofEpochMicros(start * MINUTE / 2, (start + length) * MINUTE / 2));
    }
}
