package dev.candlewick;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The algebra of time ranges against sets of microseconds. */
class TimeRangesTest {

    private static final int MICROS = 64;

    @Property(tries = 5_000)
    void theAlgebraIsThatOfSets(@ForAll("pieces") List<TimeRange> some, @ForAll("pieces") List<TimeRange> others) {
        TimeRanges a = TimeRanges.of(some);
        TimeRanges b = TimeRanges.of(others);
        BitSet bits = bits(some);
        assertThat(bits(a)).isEqualTo(bits);

        BitSet union = bits(some);
        union.or(bits(others));
        assertThat(bits(a.union(b))).isEqualTo(union);

        BitSet minus = bits(some);
        minus.andNot(bits(others));
        assertThat(bits(a.minus(b))).isEqualTo(minus);

        BitSet shared = bits(some);
        shared.and(bits(others));
        assertThat(bits(a.intersection(b))).isEqualTo(shared);

        for (TimeRanges result : List.of(a, a.union(b), a.minus(b), a.intersection(b))) {
            assertNormal(result);
        }
        assertThat(a.isEmpty()).isEqualTo(bits.isEmpty());
        assertThat(a.duration()).isEqualTo(Duration.ofNanos(bits.cardinality() * 1_000L));
    }

    @Property
    void equalSetsAreEqualWhateverTheyWereMadeFrom(@ForAll("pieces") List<TimeRange> pieces, @ForAll long seed) {
        List<TimeRange> shuffled = new ArrayList<>();
        for (TimeRange piece : pieces) {
            shuffled.addAll(piece.split(Duration.ofNanos(3_000)));
            shuffled.add(piece);
        }
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(TimeRanges.of(shuffled)).isEqualTo(TimeRanges.of(pieces)).hasSameHashCodeAs(TimeRanges.of(pieces));
        assertThat(TimeRanges.of(shuffled)).hasToString(TimeRanges.of(pieces).toString());
    }

    @Property
    void coveringIsHavingEveryInstant(@ForAll("pieces") List<TimeRange> pieces, @ForAll("piece") TimeRange range) {
        TimeRanges set = TimeRanges.of(pieces);
        BitSet missing = bits(List.of(range));
        missing.andNot(bits(pieces));
        assertThat(set.covers(range)).isEqualTo(missing.isEmpty());
        assertThat(set.within(range)).isEqualTo(set.intersection(TimeRanges.of(range)));
        assertThat(set.minus(range)).isEqualTo(set.minus(TimeRanges.of(range)));
        for (int micro = 0; micro < MICROS; micro++) {
            assertThat(set.contains(Instant.EPOCH.plusNanos(micro * 1_000L)))
                    .isEqualTo(bits(pieces).get(micro));
        }
    }

    private static void assertNormal(TimeRanges ranges) {
        List<TimeRange> pieces = ranges.asList();
        for (int i = 1; i < pieces.size(); i++) {
            assertThat(pieces.get(i - 1).end()).isBefore(pieces.get(i).start());
        }
    }

    private static BitSet bits(Iterable<TimeRange> ranges) {
        BitSet bits = new BitSet();
        ranges.forEach(range -> bits.set((int) range.startMicros(), (int) range.endMicros()));
        return bits;
    }

    @Provide
    Arbitrary<List<TimeRange>> pieces() {
        return piece().list().ofMaxSize(8);
    }

    @Provide
    Arbitrary<TimeRange> piece() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, MICROS - 1),
                        Arbitraries.integers().between(1, MICROS))
                .as((start, length) -> TimeRange.ofEpochMicros(start, Math.min(start + length, MICROS)));
    }
}
