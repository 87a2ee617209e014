package dev.candlewick.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.TimeRange;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WritesTest {

    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

    @Test
    void adjoiningStretchesOfOneCommitAreOne() {
        Writes writes = Writes.NONE.with(hours(0, 10), 1, at(1)).with(hours(3, 5), 2, at(2));
        assertThat(writes.stretches())
                .containsExactly(
                        new Writes.Stretch(hours(0, 3), 1, at(1)),
                        new Writes.Stretch(hours(3, 5), 2, at(2)),
                        new Writes.Stretch(hours(5, 10), 1, at(1)));
        assertThat(writes.with(hours(0, 10), 3, at(3)).stretches())
                .containsExactly(new Writes.Stretch(hours(0, 10), 3, at(3)));
    }

    @Test
    void onlyALaterCommitOverTheSameStretchIsNewer() {
        Writes before = Writes.NONE.with(hours(0, 10), 1, at(1));
        Writes now = before.with(hours(3, 5), 2, at(2));
        assertThat(now.isNewerOver(hours(4, 6), before)).isTrue();
        assertThat(now.isNewerOver(hours(5, 10), before)).isFalse();
        assertThat(now.isNewerOver(hours(4, 6), now)).isFalse();
        assertThat(now.isNewerOver(hours(0, 3), Writes.NONE)).isTrue();
        assertThat(Writes.NONE.isNewerOver(hours(0, 3), before)).isFalse();
    }

    @Test
    void aForgottenUnitThatWasWrittenAgainIsNewerAlsoWhenItsRevisionIsTheSame() {
        Writes before = Writes.NONE.with(hours(0, 10), 1, at(1));
        Writes again = Writes.NONE.with(hours(0, 10), 1, at(2));
        assertThat(again.isNewerOver(hours(2, 3), before)).isTrue();
    }

    @Property(tries = 200)
    void whateverIsWrittenTheListStaysShortAndNoLaterCommitIsMissed(
            @ForAll @IntRange(min = 1, max = 400) int commits, @ForAll @IntRange(max = 600) int seed) {
        Writes writes = Writes.NONE;
        for (int revision = 1; revision <= commits; revision++) {
            int hour = (revision * 37 + seed) % 700;
            Writes before = writes;
            writes = before.with(hours(hour, hour + 1), revision, at(revision));
            assertThat(writes.stretches()).hasSizeLessThanOrEqualTo(Writes.MOST);
            assertThat(writes.isNewerOver(hours(hour, hour + 1), before)).isTrue();
            assertThat(writes.isNewerOver(hours(0, 701), writes)).isFalse();
        }
    }

    private static TimeRange hours(int from, int to) {
        return TimeRange.of(START.plus(from, ChronoUnit.HOURS), START.plus(to, ChronoUnit.HOURS));
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }
}
