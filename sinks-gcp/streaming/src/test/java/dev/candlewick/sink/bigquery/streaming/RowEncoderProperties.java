package dev.candlewick.sink.bigquery.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import dev.candlewick.Batch;
import dev.candlewick.testkit.NumberTexts;
import dev.candlewick.testkit.NumberTexts.Form;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RowEncoderProperties {

    private static final int ALL = 1 << 25;

    @Property(tries = 300)
    void idsHeldAsNumbersGiveTheBytesOfThoseHeldAsTexts(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 5_000) int rows) {
        RowEncoder.Encoded numbers = encode(NumberTexts.random(seed, rows, Form.NUMBERS));
        RowEncoder.Encoded texts = encode(NumberTexts.random(seed, rows, Form.DICTIONARY));
        assertThat(numbers.to()).isEqualTo(rows);
        assertThat(numbers.rows()).isEqualTo(texts.rows());
    }

    @Test
    void noTextIsMadeOfAnId() {
        Batch ids = NumberTexts.random(1, 200_000, Form.NUMBERS);
        encode(ids); // classes are loaded once
        // What a row takes in any case: its bytes, and the views of them that the request is made of.
        long numbers = NumberTexts.allocated(() -> encode(ids));
        Batch texts = NumberTexts.random(1, 200_000, Form.DICTIONARY);
        long dictionary = NumberTexts.allocated(() -> encode(texts));
        assertThat(numbers).isLessThan(dictionary - 200_000L * 2 * 16);
    }

    private static RowEncoder.Encoded encode(Batch batch) {
        RowEncoder encoder = new RowEncoder(
                List.of(
                        column("at", TableFieldSchema.Type.TIMESTAMP),
                        column("id", TableFieldSchema.Type.STRING),
                        column("other", TableFieldSchema.Type.STRING)),
                new int[3]);
        RowEncoder.check(batch.columns());
        encoder.requireSizes(new byte[0], batch.columns());
        return encoder.encode(new byte[0], batch.columns(), 0, ALL);
    }

    private static TableFieldSchema column(String name, TableFieldSchema.Type type) {
        return TableFieldSchema.newBuilder().setName(name).setType(type).build();
    }
}
