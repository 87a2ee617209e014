package dev.candlewick.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.testkit.NumberTexts;
import dev.candlewick.testkit.NumberTexts.Form;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CopyEncoderProperties {

    private static final TablePart PART = new TablePart(
            "public",
            "ids",
            "subject",
            "at",
            Optional.of("ordinal"),
            List.of(
                    new TablePart.Stored(1, "id", Optional.empty()),
                    new TablePart.Stored(2, "other", Optional.empty())),
            false);

    @Property(tries = 300)
    void idsHeldAsNumbersGiveTheBytesOfThoseHeldAsTexts(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 5_000) int rows) {
        assertThat(tuples(NumberTexts.random(seed, rows, Form.NUMBERS)))
                .isEqualTo(tuples(NumberTexts.random(seed, rows, Form.DICTIONARY)));
    }

    @Test
    void noObjectIsMadeForAnId() {
        Batch ids = NumberTexts.random(1, 200_000, Form.NUMBERS);
        encode(ids, OutputStream.nullOutputStream()); // classes are loaded once
        long bytes = NumberTexts.allocated(() -> encode(ids, OutputStream.nullOutputStream()));
        assertThat(bytes).isLessThan(1 << 20);
    }

    private static byte[] tuples(Batch batch) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        encode(batch, bytes);
        return bytes.toByteArray();
    }

    private static void encode(Batch batch, OutputStream to) {
        try {
            new CopyEncoder(PART, "TEST:KIND:CODE").encode(batch, to);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
