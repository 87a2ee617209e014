package dev.candlewick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class TimeRangeTest {

    private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
    private static final long FAR = 4_102_444_800_000_000L; // 2100-01-01

    @Property
    void aRangeIsWhatItsTextSays(
            @ForAll @LongRange(min = -FAR, max = FAR) long start, @ForAll @LongRange(min = 1, max = FAR) long length) {
        TimeRange range = TimeRange.ofEpochMicros(start, start + length);
        assertThat(TimeRange.parse(range.toString())).isEqualTo(range);
        assertThat(range.startMicros()).isEqualTo(start);
        assertThat(range.endMicros()).isEqualTo(start + length);
    }

    @Property
    void anyTextIsARangeOrRefusedAsAnArgument(@ForAll String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> TimeRange.parse(text));
        assertThatIllegalArgumentException().isThrownBy(() -> TimeRange.of(text, "2024-01-01"));
    }

    @Example
    void theStartComesBeforeTheEnd() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeRange.of("2024-01-02", "2024-01-01"))
                .withMessageContaining("is after");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeRange.of("2024-01-01", "2024-01-01"))
                .withMessageContaining("equals");
    }

    @Example
    void timesFinerThanAMicrosecondAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeRange.of("2024-01-01T00:00:00.000000001Z", "2024-01-02"))
                .withMessageContaining("microsecond");
        assertThat(TimeRange.of("2024-01-01T00:00:00.000001Z", "2024-01-02").startMicros() % 1_000_000)
                .isEqualTo(1);
    }

    @Example
    void timesBeyondTheMicrosecondTimeLineAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> TimeRange.of(Instant.MIN, Instant.EPOCH));
        assertThatIllegalArgumentException().isThrownBy(() -> TimeRange.of(Instant.EPOCH, Instant.MAX));
    }

    @Example
    void offsetsAreReadAsTheInstantTheyMean() {
        assertThat(TimeRange.of("2024-01-01T01:00:00+01:00", "2024-01-02")).isEqualTo(TimeRange.day("2024-01-01"));
        assertThat(TimeRange.of("2024-01-01", "2024-01-02", ZURICH).start())
                .isEqualTo(Instant.parse("2023-12-31T23:00:00Z"));
    }

    @Example
    void daysHave23And25HoursWhereClocksChange() {
        assertThat(TimeRange.day(LocalDate.of(2024, 3, 31), ZURICH).duration()).isEqualTo(Duration.ofHours(23));
        assertThat(TimeRange.day(LocalDate.of(2024, 10, 27), ZURICH).duration()).isEqualTo(Duration.ofHours(25));
        assertThat(TimeRange.month(YearMonth.of(2024, 10), ZURICH).duration()).isEqualTo(Duration.ofHours(31 * 24 + 1));
        assertThat(TimeRange.of("2024-10-26", "2024-10-29", ZURICH).days(ZURICH))
                .extracting(day -> day.duration().toHours())
                .containsExactly(24L, 25L, 24L);
    }

    @Example
    void leapDaysCount() {
        assertThat(TimeRange.month("2024-02").duration()).isEqualTo(Duration.ofDays(29));
        assertThat(TimeRange.month("2100-02").duration()).isEqualTo(Duration.ofDays(28));
        assertThat(TimeRange.year(2000).duration()).isEqualTo(Duration.ofDays(366));
        assertThatIllegalArgumentException().isThrownBy(() -> TimeRange.day("2023-02-29"));
        assertThatIllegalArgumentException().isThrownBy(() -> TimeRange.month("2023-13"));
    }

    // Samoa went from the 29th straight to the 31st.
    @Example
    void aDayThatAZoneSkippedIsLeftOut() {
        ZoneId apia = ZoneId.of("Pacific/Apia");
        assertThat(TimeRange.of("2011-12-29", "2012-01-01", apia).days(apia))
                .extracting(day -> day.start().atZone(apia).toLocalDate())
                .containsExactly(LocalDate.of(2011, 12, 29), LocalDate.of(2011, 12, 31));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeRange.day(LocalDate.of(2011, 12, 30), apia))
                .withMessageContaining("2011-12-30");
    }

    @Property(tries = 2_000)
    void daysOfAnyZoneFollowEachOtherAndFillTheRange(
            @ForAll("zones") ZoneId zone,
            @ForAll @LongRange(min = 0, max = FAR) long start,
            @ForAll @LongRange(min = 1, max = 20 * 86_400_000_000L) long length) {
        TimeRange range = TimeRange.ofEpochMicros(start, start + length);
        List<TimeRange> days = range.days(zone);
        assertThat(TimeRanges.of(days)).isEqualTo(TimeRanges.of(range));
        assertThat(days).isSorted();
        for (int i = 1; i < days.size(); i++) {
            assertThat(days.get(i).start()).isEqualTo(days.get(i - 1).end());
        }
    }

    @Property
    void piecesOfASplitFillTheRange(
            @ForAll @LongRange(min = 1, max = 1_000_000) long length,
            @ForAll @LongRange(min = 1_000, max = 2_000_000) long step) {
        TimeRange range = TimeRange.ofEpochMicros(0, length);
        List<TimeRange> pieces = range.split(Duration.ofNanos(step * 1_000));
        assertThat(TimeRanges.of(pieces)).isEqualTo(TimeRanges.of(range));
        assertThat(pieces).hasSize((int) ((length + step - 1) / step));
        assertThat(pieces.get(0).endMicros()).isEqualTo(Math.min(step, length));
    }

    @Example
    void aSplitNeedsAStep() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeRange.day("2024-01-01").split(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeRange.day("2024-01-01").split(Duration.ofHours(-1)));
        assertThat(TimeRange.day("2024-01-01").split(Duration.ofSeconds(Long.MAX_VALUE)))
                .containsExactly(TimeRange.day("2024-01-01"));
    }

    @Property
    void whatTwoRangesShareIsInBoth(
            @ForAll @LongRange(min = 0, max = 30) long a,
            @ForAll @LongRange(min = 1, max = 30) long aLength,
            @ForAll @LongRange(min = 0, max = 30) long b,
            @ForAll @LongRange(min = 1, max = 30) long bLength) {
        TimeRange one = TimeRange.ofEpochMicros(a, a + aLength);
        TimeRange other = TimeRange.ofEpochMicros(b, b + bLength);
        for (long micros = 0; micros < 61; micros++) {
            Instant at = Instant.EPOCH.plus(Duration.ofNanos(micros * 1_000));
            boolean both = one.contains(at) && other.contains(at);
            assertThat(one.intersection(other)
                            .filter(shared -> shared.contains(at))
                            .isPresent())
                    .isEqualTo(both);
            if (one.contains(at) || other.contains(at)) {
                assertThat(one.span(other).contains(at)).isTrue();
            }
        }
        assertThat(one.overlaps(other)).isEqualTo(one.intersection(other).isPresent());
        assertThat(one.contains(other)).isEqualTo(one.intersection(other).equals(java.util.Optional.of(other)));
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(ZoneId.getAvailableZoneIds())
                .map(ZoneId::of)
                .filter(zone -> !zone.equals(ZoneOffset.UTC));
    }
}
