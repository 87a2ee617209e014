package dev.candlewick.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.ContentHash;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class UnitLedgerTest {

    private static final Series MINUTES = Series.candles("TEST:KIND:CODE", "1m");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final Instant NOW = Instant.parse("2024-06-01T00:00:00Z");
    private static final long MINUTE = 60_000_000;

    @Property
    void presentAreTheSlotsOfTheRows(@ForAll @Size(max = 40) Set<@IntRange(max = 86_399) Integer> seconds) {
        long[] times = seconds.stream()
                .sorted()
                .mapToLong(second -> DAY.startMicros() + second * 1_000_000L)
                .toArray();
        List<TimeRange> slots = Arrays.stream(times)
                .map(time -> Math.floorDiv(time, MINUTE) * MINUTE)
                .mapToObj(open -> TimeRange.ofEpochMicros(open, open + MINUTE))
                .toList();
        UnitLedger ledger = new UnitLedger(MINUTES, DAY);
        for (long time : times) {
            ledger.add(rows(time)); // one batch each: runs go on over batches
        }
        LedgerEntry entry = ledger.entry(Optional.empty(), DAY, Provenance.none(), NOW);
        assertThat(entry.present()).isEqualTo(TimeRanges.of(slots));
        assertThat(entry.rows()).isEqualTo(times.length);
        assertThat(entry.contentHash()).isEqualTo(ContentHash.of(MINUTES.schema(), List.of(rows(times))));
        assertThat(entry.revision()).isEqualTo(1);
    }

    @Example
    void aPartialRewriteForgetsWhatWasSaidOfItsRangeAndKeepsTheRest() {
        Gap outage = gap("2024-01-01T05:00:00Z", "2024-01-01T08:00:00Z", "was down");
        Answer early = answer("2024-01-01T00:00:00Z", "2024-01-01T06:00:00Z", "early.csv");
        Answer middle = answer("2024-01-01T06:00:00Z", "2024-01-01T07:00:00Z", "middle.csv");
        LedgerEntry before = new UnitLedger(MINUTES, DAY)
                .entry(
                        Optional.empty(),
                        DAY,
                        new Provenance(
                                "s",
                                List.of(early, middle),
                                List.of(outage),
                                List.of(bad("early.csv"), bad("middle.csv"))),
                        NOW);
        TimeRange rewritten = TimeRange.of("2024-01-01T06:00:00Z", "2024-01-01T07:00:00Z");
        Answer again = answer("2024-01-01T06:00:00Z", "2024-01-01T07:00:00Z", "again.csv");
        UnitLedger ledger = new UnitLedger(MINUTES, DAY);
        ledger.add(rows(rewritten.startMicros()));
        LedgerEntry after = ledger.entry(
                Optional.of(before), rewritten, new Provenance("s", List.of(again), List.of(), List.of()), NOW);
        assertThat(after.gaps())
                .containsExactly(
                        gap("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z", "was down"),
                        gap("2024-01-01T07:00:00Z", "2024-01-01T08:00:00Z", "was down"));
        assertThat(after.answers()).containsExactly(early, again);
        assertThat(after.quarantined()).containsExactly(bad("early.csv"));
        assertThat(after.revision()).isEqualTo(2);
        assertThat(after.present().duration()).hasMinutes(1);
    }

    @Example
    void gapsAndAnswersOutsideWhatWasWrittenAreNotTaken() {
        TimeRange written = TimeRange.of("2024-01-01T06:00:00Z", "2024-01-01T07:00:00Z");
        Provenance wide = new Provenance(
                "s",
                List.of(
                        answer("2023-12-01T00:00:00Z", "2024-01-01T00:00:00Z", "other.csv"),
                        answer("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", "month.csv")),
                List.of(gap("2023-12-31T00:00:00Z", "2024-01-03T00:00:00Z", "not listed")),
                List.of());
        LedgerEntry entry = new UnitLedger(MINUTES, DAY).entry(Optional.empty(), written, wide, NOW);
        assertThat(entry.gaps()).containsExactly(gap("2024-01-01T06:00:00Z", "2024-01-01T07:00:00Z", "not listed"));
        assertThat(entry.answers()).extracting(Answer::request).containsExactly("month.csv");
        LedgerEntry again = new UnitLedger(MINUTES, DAY).entry(Optional.of(entry), written, wide, NOW.plusSeconds(1));
        assertThat(again.answers()).as("an answer is not noted twice").hasSize(1);
        assertThat(again.sameContent(entry)).isTrue();
    }

    @Example
    void rowsCutAGapToTheSlotsWithoutAny() {
        for (GapReason reason : GapReason.values()) {
            Gap day = new Gap(DAY, reason, "shown", NOW, Gap.NEVER);
            UnitLedger ledger = new UnitLedger(MINUTES, DAY);
            ledger.add(rows(DAY.startMicros() + 2 * MINUTE, DAY.startMicros() + 4 * MINUTE));
            LedgerEntry entry =
                    ledger.entry(Optional.empty(), DAY, new Provenance("s", List.of(), List.of(day), List.of()), NOW);
            if (reason == GapReason.AFTER_DELISTING) {
                assertThat(entry.gaps()).containsExactly(day);
                assertThat(entry.present().isEmpty()).isTrue();
            } else {
                assertThat(entry.gaps())
                        .containsExactly(day.over(minutes(0, 2)), day.over(minutes(3, 4)), day.over(minutes(5, 1_440)));
                assertThat(entry.present()).isEqualTo(TimeRanges.of(minutes(2, 3), minutes(4, 5)));
            }
        }
    }

    @Example
    void aRowSetAsideIsNotedOnlyWhereItsAnswerIsAbout() {
        Answer today = answer("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "today.csv");
        Answer tomorrow = answer("2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z", "tomorrow.csv");
        TimeRange written = TimeRange.of("2024-01-01", "2024-01-03");
        Provenance both = new Provenance(
                "s", List.of(today, tomorrow), List.of(), List.of(bad("today.csv"), bad("tomorrow.csv"), bad("?")));
        assertThat(new UnitLedger(MINUTES, DAY)
                        .entry(Optional.empty(), written, both, NOW)
                        .quarantined())
                .containsExactly(bad("today.csv"), bad("?"));
    }

    private static TimeRange minutes(long from, long to) {
        return TimeRange.ofEpochMicros(DAY.startMicros() + from * MINUTE, DAY.startMicros() + to * MINUTE);
    }

    @Example
    void ofEventsWhatWasReadIsPresent() {
        Series events = new Series(
                Subject.parse("TEST:KIND:CODE"),
                new Dataset("events", new Schema(List.of(Field.time("at")), "at", List.of()), Cadence.events()));
        TimeRange first = TimeRange.of("2024-01-01T01:00:00Z", "2024-01-01T02:00:00Z");
        TimeRange second = TimeRange.of("2024-01-01T02:00:00Z", "2024-01-01T02:30:00Z");
        LedgerEntry one = new UnitLedger(events, DAY).entry(Optional.empty(), first, Provenance.none(), NOW);
        LedgerEntry two = new UnitLedger(events, DAY).entry(Optional.of(one), second, Provenance.none(), NOW);
        assertThat(two.present()).isEqualTo(TimeRanges.of(first, second));
        assertThat(two.rows()).isZero();
    }

    private static Batch rows(long... times) {
        BatchBuilder builder = new BatchBuilder(MINUTES, times.length);
        for (long time : times) {
            builder.row(time, "1", "1", "1", "1", "1", time + MINUTE - 1, "1", 1L, "0", "0");
        }
        return builder.build();
    }

    private static Gap gap(String start, String end, String evidence) {
        return new Gap(TimeRange.of(start, end), GapReason.CONFIRMED_EMPTY, evidence, NOW, Gap.NEVER);
    }

    private static Answer answer(String start, String end, String file) {
        return new Answer(TimeRange.of(start, end), "archive", file, 200, "", "v1", 0, NOW, "");
    }

    private static QuarantinedRow bad(String file) {
        return new QuarantinedRow(file, 1, "close", "not a number", "x");
    }
}
