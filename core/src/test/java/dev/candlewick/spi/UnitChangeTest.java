package dev.candlewick.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Answer;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.Unavailable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnitChangeTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange MONTH = TimeRange.month("2024-01");
    private static final TimeRange DAY = TimeRange.day("2024-01-05");
    private static final TimeRange NEXT_DAY = TimeRange.day("2024-01-06");
    private static final Instant AT = Instant.parse("2024-03-01T00:00:00Z");

    @Test
    void ofAnUnknownUnitAnEmptyCommitSaysNothing() {
        assertThat(change(Optional.empty(), Writes.NONE, entry(1, "", 0), Writes.NONE)
                        .isNothing())
                .isTrue();
        LedgerEntry proven = new LedgerEntry(
                BTC,
                MONTH,
                1,
                TimeRanges.none(),
                List.of(new Gap(DAY, GapReason.VENUE_OUTAGE, "status page", AT, Gap.NEVER)),
                0,
                "",
                List.of(),
                List.of(),
                AT,
                "test");
        assertThat(change(Optional.empty(), Writes.NONE, proven, Writes.NONE).isNothing())
                .isFalse();
        assertThat(change(Optional.of(entry(1, "a", 5)), Writes.NONE, entry(2, "", 0), Writes.NONE)
                        .isNothing())
                .isFalse();
    }

    @Test
    void theSameRowsOfTheSameAnswersAreNoNewsWheneverTheyAreWritten() {
        LedgerEntry stored = entry(1, "a", 5, answer("etag 1", AT));
        LedgerEntry again = entry(2, "a", 5, answer("etag 1", AT.plusSeconds(99)));
        assertThat(change(Optional.of(stored), Writes.NONE, again, Writes.NONE).isNoNews())
                .isTrue();
    }

    @Test
    void theSameRowsOfAnotherAnswerKeepTheRowsAndAreNews() {
        LedgerEntry stored = entry(1, "a", 5, answer("etag 1", AT));
        UnitChange change =
                change(Optional.of(stored), Writes.NONE, entry(2, "a", 5, answer("etag 2", AT)), Writes.NONE);
        assertThat(change.keepsRows()).isTrue();
        assertThat(change.isNoNews()).isFalse();
    }

    @Test
    void otherRowsReplaceUnlessOthersWroteTheSameStretchMeanwhile() {
        Writes before = Writes.NONE.with(DAY, 1, AT);
        Writes now = before.with(DAY, 2, AT.plusSeconds(1));
        Optional<LedgerEntry> stored = Optional.of(entry(2, "b", 5));
        LedgerEntry entry = entry(3, "c", 5);
        assertThat(change(stored, now, entry, now).keepsRows()).isFalse();
        assertThatThrownBy(() -> change(stored, now, entry, before))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("revision 2")
                .hasMessageContaining("BTC-USDT")
                .hasMessageContaining("Run again");
        Writes elsewhere = before.with(NEXT_DAY, 2, AT.plusSeconds(1));
        UnitChange change = change(stored, elsewhere, entry, before);
        assertThat(change.writes().within(DAY).stretches())
                .containsExactly(new Writes.Stretch(DAY, 3, entry.committedAt()));
        assertThat(change.writes().within(NEXT_DAY)).isEqualTo(elsewhere.within(NEXT_DAY));
    }

    @Test
    void aLateWriterOfTheSameRowsChangesNothing() {
        Writes now = Writes.NONE.with(DAY, 2, AT);
        Optional<LedgerEntry> stored = Optional.of(entry(2, "b", 5, answer("newer", AT)));
        assertThat(change(stored, now, entry(3, "b", 5, answer("older", AT)), Writes.NONE)
                        .isNoNews())
                .isTrue();
    }

    @Test
    void aUnitThatWasForgottenMeanwhileIsWrittenAnew() {
        Writes before = Writes.NONE.with(DAY, 7, AT);
        assertThat(change(Optional.empty(), Writes.NONE, entry(1, "a", 5), before)
                        .isNoNews())
                .isFalse();
    }

    private static UnitChange change(Optional<LedgerEntry> stored, Writes written, LedgerEntry entry, Writes before) {
        return UnitChange.of(stored, written, entry, DAY, before);
    }

    private static LedgerEntry entry(long revision, String hash, long rows, Answer... answers) {
        return new LedgerEntry(
                BTC,
                MONTH,
                revision,
                rows == 0 ? TimeRanges.none() : TimeRanges.of(DAY),
                List.of(),
                rows,
                hash,
                List.of(answers),
                List.of(),
                AT.plusSeconds(revision),
                "test");
    }

    private static Answer answer(String version, Instant at) {
        return new Answer(DAY, "archive", "file", 200, "sha256:" + version, version, 5, at, "");
    }
}
