package dev.candlewick.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Answer;
import dev.candlewick.Cadence;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.spi.Writes;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LedgerTextTest {

    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final Instant AT = Instant.parse("2024-03-01T12:34:56.123456Z");

    @Property(tries = 300)
    void everyRecordComesBackCharacterByCharacter(@ForAll String text, @ForAll long number, @ForAll int status) {
        UnitRecord unit = record(withoutLoneSurrogates(text), number, status);
        assertThat(LedgerText.parse(LedgerText.render(unit), "row")).isEqualTo(unit);
        assertThat(LedgerText.render(unit)).doesNotContain("\n");
    }

    @Property(tries = 300)
    void aTextCutAnywhereIsCorrupt(@ForAll int at) {
        String whole = LedgerText.render(record("evidence", 7, 200));
        String cut = whole.substring(0, Math.floorMod(at, whole.length()));
        assertThatThrownBy(() -> LedgerText.parse(cut, "ledger row 7"))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("ledger row 7");
    }

    @Test
    void whatFollowsTheEndIsCorrupt() {
        String whole = LedgerText.render(record("evidence", 7, 200));
        assertThatThrownBy(() -> LedgerText.parse(whole + "{}", "row")).isInstanceOf(Corrupt.class);
        assertThatThrownBy(() -> LedgerText.parse("[]", "row")).isInstanceOf(Corrupt.class);
        assertThatThrownBy(() -> LedgerText.parse(whole.replace("\"rows\"", "\"lines\""), "row"))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("'rows'");
        assertThatThrownBy(() -> LedgerText.parse(whole.replace("[{\"file\"", "[7,{\"file\""), "row"))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("quarantined");
    }

    @Test
    void aLaterFormatIsRefusedAndNotGuessed() {
        String later = LedgerText.render(record("evidence", 7, 200)).replace("\"format\":1", "\"format\":2");
        assertThatThrownBy(() -> LedgerText.parse(later, "row"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("format 2");
    }

    @Test
    void everyDatasetComesBackWithItsColumnsAndCadence() {
        Schema schema = new Schema(
                List.of(
                        Field.time("at"),
                        Field.decimal("amount", 38, 18).orNull(),
                        Field.int64("number").orNull(),
                        Field.float64("score"),
                        Field.bool("flag").orNull(),
                        Field.text("note")),
                "at",
                List.of("at", "number"));
        for (Dataset dataset : List.of(
                Dataset.parse("candles:1m"),
                Dataset.parse("candles:1d@Europe/Zurich"),
                new Dataset("events", schema, Cadence.events()))) {
            assertThat(DatasetText.parse(DatasetText.render(dataset), "row")).isEqualTo(dataset);
        }
        assertThatThrownBy(() -> DatasetText.parse("{\"dataset\":\"x\"}", "catalog row of x"))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("catalog row of x");
    }

    private static UnitRecord record(String text, long number, int status) {
        Series series = Series.parse("BINANCE:SPOT_PAIR:币安人生-USDT/candles:1m");
        TimeRange hour = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z");
        LedgerEntry entry = new LedgerEntry(
                series,
                DAY,
                number,
                TimeRanges.of(DAY).minus(hour),
                List.of(new Gap(hour, GapReason.VENUE_OUTAGE, "e" + text, AT, Gap.NEVER)),
                number,
                "00ff",
                List.of(new Answer(DAY, "rest", text, status, "sha256:00", text, number, AT, text)),
                List.of(new QuarantinedRow(text, number, "close", text, text)),
                AT,
                "candlewick");
        return new UnitRecord(entry, Writes.NONE.with(DAY, 1, AT).with(hour, 2, AT.plusSeconds(1)));
    }

    // Half a character is no text: nothing can write it as UTF-8 and read it back.
    private static String withoutLoneSurrogates(String text) {
        return text.codePoints()
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
