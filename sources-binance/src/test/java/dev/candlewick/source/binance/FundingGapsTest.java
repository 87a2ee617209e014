package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.TimeRange;
import dev.candlewick.source.binance.FundingGaps.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which funding events are missing. */
final class FundingGapsTest {

    private static final long HOUR = 3_600_000_000L;
    private static final long START = Epoch.micros(Instant.parse("2024-03-01T00:00:00Z"));

    @Test
    void aChangeFromEightHoursToFourIsNoGap() {
        assertThat(FundingGaps.between(List.of(at(0, 8L), at(8, 8L), at(16, 8L), at(20, 4L), at(24, 4L))))
                .isEmpty();
        assertThat(FundingGaps.between(List.of(at(0, 4L), at(4, 4L), at(12, 8L), at(20, 8L))))
                .isEmpty();
    }

    @Test
    void aMissingEventIsAGapFromTheTimeItWasDueToTheNextOne() {
        assertThat(FundingGaps.between(List.of(at(0, 8L), at(8, 8L), at(24, 8L))))
                .containsExactly(TimeRange.of("2024-03-01T16:00:00Z", "2024-03-02T00:00:00.007Z"));
    }

    @Test
    void withoutIntervalsTheShorterDistanceAroundTells() {
        assertThat(FundingGaps.between(List.of(at(0, null), at(1, null), at(3, null), at(4, null))))
                .containsExactly(TimeRange.of("2024-03-01T02:00:00Z", "2024-03-01T03:00:00.007Z"));
        assertThat(FundingGaps.between(List.of(at(0, null), at(8, null)))).isEmpty();
        assertThat(FundingGaps.between(List.of(at(0, null)))).isEmpty();
    }

    @Property(tries = 200)
    void whateverTheIntervalsAndTheJitterOnlyRemovedEventsAreGaps(
            @ForAll @Size(min = 3, max = 40) List<@IntRange(min = 0, max = 3) Integer> choices,
            @ForAll @IntRange(min = 0, max = 1_000) int chance) {
        long[] hours = {1, 2, 4, 8};
        List<Event> events = new ArrayList<>();
        long due = START;
        for (int choice : choices) {
            due += hours[choice] * HOUR;
            events.add(new Event(due + chance * 13L % 20_000, hours[choice]));
        }
        assertThat(FundingGaps.between(events)).isEmpty();
        int removed = 1 + chance % (events.size() - 2);
        Event gone = events.remove(removed);
        assertThat(FundingGaps.between(events)).singleElement().satisfies(gap -> {
            assertThat(gap.end()).isEqualTo(Epoch.instant(events.get(removed).micros()));
            assertThat(gap.startMicros()).isGreaterThan(events.get(removed - 1).micros());
            assertThat(gone.micros()).isLessThan(gap.endMicros());
        });
    }

    private static Event at(long hour, @Nullable Long hours) {
        return new Event(START + hour * HOUR + 7_000, hours);
    }
}
