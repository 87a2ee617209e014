package dev.candlewick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TextNumbersTest {

    private static final Schema SCHEMA =
            new Schema(List.of(Field.time("t"), Field.text("id").orNull()), "t", List.of("t"));
    private static final Series SERIES =
            new Series(Subject.parse("TEST:TEXT:IDS"), new Dataset("ids", SCHEMA, Cadence.events()));

    private static final List<String> TEXTS = List.of(
            "0",
            "7",
            "42377944",
            "999999999999999999",
            "1000000000000000000",
            "007",
            "00",
            "-1",
            "+1",
            "1e5",
            "buy",
            "sell",
            "",
            "12345678",
            "123456789",
            "Zürich",
            "ccc3c1fa-212c-e8b0-1706-9b9c4f3d5ecf",
            "a text of more than sixteen bytes");

    @Test
    void aRowWithoutNumberHasCodeZeroAndAddsNoText() {
        TextColumn column = batch(Arrays.asList("5", null, "7", "0"), true).texts("id");
        assertThat(column.isNumeric()).isTrue();
        assertThat(column.dictionary()).containsExactly("5", "7", "0");
        assertThat(List.of(column.code(0), column.code(1), column.code(2), column.code(3)))
                .containsExactly(0, 0, 1, 2);
        assertThat(column.slice(1, 3).dictionary()).containsExactly("7");
    }

    @Property(tries = 300)
    void textsAreTheSameHoweverTheyCameAndAreHeld(@ForAll long seed) {
        Random random = new Random(seed);
        boolean numbersOnly = random.nextBoolean();
        List<@Nullable String> texts = new ArrayList<>();
        for (int row = 0; row < random.nextInt(100); row++) {
            String text = numbersOnly
                    ? Long.toString(random.nextLong(1L << random.nextInt(1, 59)))
                    : TEXTS.get(random.nextInt(TEXTS.size()));
            texts.add(random.nextInt(6) == 0 ? null : text);
        }
        Batch byText = batch(texts, false);
        Batch byBytes = batch(texts, true);
        for (Batch batch : List.of(byText, byBytes)) {
            TextColumn column = batch.texts("id");
            for (int row = 0; row < texts.size(); row++) {
                String text = texts.get(row);
                assertThat(column.isNull(row)).isEqualTo(text == null);
                assertThat(column.value(row)).isEqualTo(text == null ? "" : text);
                if (text != null) {
                    assertThat(column.dictionary().get(column.code(row))).isEqualTo(text);
                }
            }
            if (numbersOnly) {
                assertThat(column.isNumeric()).isTrue();
            }
            int from = texts.isEmpty() ? 0 : random.nextInt(texts.size());
            TextColumn slice = column.slice(from, texts.size());
            for (int row = from; row < texts.size(); row++) {
                assertThat(slice.text(row - from)).isEqualTo(column.text(row));
            }
        }
        // A dictionary of the same texts, as stores of others give back, has the same identity.
        assertThat(ContentHash.of(SCHEMA, List.of(byBytes)))
                .isEqualTo(ContentHash.of(SCHEMA, List.of(dictionary(texts))));
    }

    @Test
    void aTextThatIsNoNumberTurnsTheNumbersBeforeItToTexts() {
        TextColumn column = batch(List.of("5", "17", "x", "17"), true).texts("id");
        assertThat(column.isNumeric()).isFalse();
        assertThat(column.dictionary()).containsExactly("5", "17", "x");
        assertThatThrownBy(() -> column.number(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'id'");
    }

    @Test
    void aRowThatIsTakenBackLeavesTheOthers() {
        BatchBuilder builder = new BatchBuilder(SERIES, 4);
        builder.time(0).append(1);
        builder.text(1).append("5");
        builder.endRow();
        builder.time(0).append(2);
        builder.text(1).append("odd");
        builder.discardRow();
        builder.time(0).append(2);
        builder.text(1).append("6");
        builder.endRows(1);
        TextColumn column = builder.build().texts("id");
        assertThat(List.of(column.value(0), column.value(1))).containsExactly("5", "6");
    }

    @Test
    void rowsEndTogetherOnlyWithOneValueOfEachColumn() {
        BatchBuilder builder = new BatchBuilder(SERIES, 4);
        builder.time(0).append(1);
        builder.time(0).append(2);
        builder.text(1).append("5");
        assertThatThrownBy(() -> builder.endRows(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'id'")
                .hasMessageContaining("1 values for 2 rows");
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        BatchBuilder builder = new BatchBuilder(SERIES, 4);
        byte[] half = {'a', (byte) 0xC3};
        assertThatThrownBy(() -> builder.text(1).appendUtf8(half, 0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void numbersBeyondEighteenDigitsAreRefused() {
        assertThatThrownBy(() -> TextColumn.ofNumbers("id", 1_000_000_000_000_000_000L))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TextColumn.ofNumbers("id", -1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Batch batch(List<@Nullable String> texts, boolean asBytes) {
        BatchBuilder builder = new BatchBuilder(SERIES, 1);
        for (int row = 0; row < texts.size(); row++) {
            String text = texts.get(row);
            builder.time(0).append(row);
            if (text == null) {
                builder.text(1).appendNull();
            } else if (asBytes) {
                byte[] bytes = ("," + text).getBytes(StandardCharsets.UTF_8);
                builder.text(1).appendUtf8(bytes, 1, bytes.length);
            } else {
                builder.text(1).append(text);
            }
            builder.endRow();
        }
        return builder.build();
    }

    private static Batch dictionary(List<@Nullable String> texts) {
        List<String> all = new ArrayList<>(List.of("unused"));
        int[] codes = new int[texts.size()];
        Nulls.Collector nulls = new Nulls.Collector();
        long[] times = new long[texts.size()];
        for (int row = 0; row < texts.size(); row++) {
            String text = texts.get(row);
            times[row] = row;
            if (text == null) {
                nulls.mark(row);
            } else {
                all.add(text);
                codes[row] = all.size() - 1;
            }
        }
        return Batch.of(
                SERIES, TimeColumn.of("t", times), new TextColumn("id", all, codes, texts.size(), nulls.toNulls()));
    }
}
