package dev.candlewick.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowFitTest {

    private static final Series SERIES = new Series(
            Subject.parse("TEST:KIND:CODE"),
            new Dataset(
                    "news",
                    new Schema(List.of(Field.time("at"), Field.text("title").orNull()), "at", List.of("at")),
                    Cadence.events()));
    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

    @Test
    void theFirstRowWithHalfASurrogatePairIsNamed() {
        Batch batch = titles("sound", "😀", "half \ud83d", "\ude00 too");
        assertThatThrownBy(() -> new RowFit("SHOWN", batch, 100)
                        .requireCharacters(batch.texts("title"), ", which nothing can keep"))
                .isInstanceOf(Refused.class)
                .hasMessage("Row 102 of SHOWN (at 2024-01-01T00:00:02Z) cannot be stored: column 'title' holds half a"
                        + " surrogate pair, which nothing can keep. Nothing was written");
    }

    @Test
    void u0000IsRefusedWhereAStoreCannotKeepIt() {
        Batch batch = titles("sound", "a\0b");
        RowFit fit = new RowFit("SHOWN", batch, 0);
        assertThatCode(() -> fit.requireCharacters(batch.texts("title"), "")).doesNotThrowAnyException();
        assertThatThrownBy(() -> fit.requireCharactersWithoutNul(batch.texts("title"), ", which it cannot keep"))
                .hasMessageContaining("Row 1 of SHOWN")
                .hasMessageContaining("column 'title' holds U+0000, which it cannot keep");
    }

    @Test
    void aBadTextThatNoRowRefersToIsNoReasonToRefuse() {
        Batch batch = titles("half \ud83d", "sound").slice(1, 2);
        assertThat(batch.texts("title").dictionary()).hasSize(2);
        assertThatCode(() ->
                        new RowFit("SHOWN", batch, 0).requireCharactersWithoutNul(batch.texts("title"), ", no reason"))
                .doesNotThrowAnyException();
    }

    @Test
    void numbersCountAsTheirValuesAloneAndTextsAsTheirLetters() {
        assertThat(HeapBytes.of(titles("1", "2", "3"))).isEqualTo(3 * 2 * 8);
        assertThat(HeapBytes.of(titles("one", "one", "one"))).isEqualTo(3 * 2 * 8 + 56 + 2 * 3);
    }

    private static Batch titles(String... titles) {
        BatchBuilder builder = new BatchBuilder(SERIES, titles.length);
        for (int row = 0; row < titles.length; row++) {
            builder.row(START.plusSeconds(row), titles[row]);
        }
        return builder.build();
    }
}
