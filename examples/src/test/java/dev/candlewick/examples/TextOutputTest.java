package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.DecimalColumn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class TextOutputTest {

    @Property
    void decimalsAreExactlyWhatBigDecimalPrints(@ForAll long unscaled, @ForAll @IntRange(max = 19) int scale) {
        BigDecimal value = BigDecimal.valueOf(unscaled, scale);
        DecimalColumn column = DecimalColumn.of("price", 38, scale, value);

        assertThat(printed(out -> out.decimal(column, 0))).isEqualTo(plain(value));
    }

    @Property
    void decimalsOf128BitsAreExactToo(@ForAll BigInteger any, @ForAll @IntRange(max = 30) int scale) {
        BigInteger unscaled = any.remainder(BigInteger.TEN.pow(38));
        BigDecimal value = new BigDecimal(unscaled, scale);
        DecimalColumn column = DecimalColumn.of("volume", 38, scale, value);

        assertThat(printed(out -> out.decimal(column, 0))).isEqualTo(plain(value));
    }

    @Property
    void timesAreWhatInstantPrints(
            @ForAll @LongRange(min = -70_000_000_000_000_000L, max = 260_000_000_000_000_000L) long micros) {
        assertThat(printed(out -> out.time(micros)))
                .isEqualTo(Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString());
    }

    @Property
    void wholeMillisecondsHaveThreeDigits(@ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long millis) {
        assertThat(printed(out -> out.time(millis * 1_000)))
                .isEqualTo(Instant.ofEpochMilli(millis).toString());
    }

    @Example
    void aDecimalColumnsLeastValueHasItsSign() {
        DecimalColumn column = DecimalColumn.of("price", 38, 8, BigDecimal.valueOf(Long.MIN_VALUE, 8));

        assertThat(printed(out -> out.decimal(column, 0))).isEqualTo("-92233720368.54775808");
        assertThat(printed(out -> out.number(Long.MIN_VALUE))).isEqualTo("-9223372036854775808");
    }

    @Example
    void textLongerThanTheBufferArrivesWholeAndInOrder() {
        String text = "é☕𝄞".repeat(30_000);

        assertThat(printed(out -> out.append('<').append(text).append('>'))).isEqualTo("<" + text + ">");
    }

    @Example
    void aClosedPipeIsToldFromAFullDisk() {
        assertThatThrownBy(
                        () -> new TextOutput(failing("Broken pipe")).append("x").flush())
                .isInstanceOf(OutputClosed.class);
        assertThatThrownBy(() -> new TextOutput(failing("No space left on device"))
                        .append("x")
                        .flush())
                .isInstanceOf(UncheckedIOException.class);
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static String printed(Consumer<TextOutput> printing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TextOutput out = new TextOutput(bytes);
        printing.accept(out);
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException(message);
            }
        };
    }
}
