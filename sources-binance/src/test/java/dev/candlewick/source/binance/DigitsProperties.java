package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Eight digits at a time against one at a time. */
final class DigitsProperties {

    @Property(tries = 5_000)
    void anyEightBytesAreANumberOnlyIfAllAreDigits(
            @ForAll @Size(8) byte[] text,
            @ForAll @IntRange(max = 99_999_999) int number,
            @ForAll @IntRange(max = 8) int at) {
        assertThat(Digits.value(Digits.word(text, 0))).isEqualTo(allDigits(text) ? parsed(text) : -1);
        byte[] digits = "%08d".formatted(number).getBytes(StandardCharsets.US_ASCII);
        assertThat(Digits.value(Digits.word(digits, 0))).isEqualTo(number);
        if (at < 8) {
            digits[at] = text[at];
            assertThat(Digits.value(Digits.word(digits, 0))).isEqualTo(allDigits(digits) ? parsed(digits) : -1);
        }
    }

    @Property
    void wholePartsAndFractionsAreFilledWithZeros(
            @ForAll @IntRange(max = 99_999_999) int number, @ForAll @IntRange(min = 1, max = 8) int count) {
        byte[] text = "%08d".formatted(number).getBytes(StandardCharsets.US_ASCII);
        long word = Digits.word(text, 0);
        String first = new String(text, 0, count, StandardCharsets.US_ASCII);
        assertThat(Digits.value(Digits.whole(word, count))).isEqualTo(Long.parseLong(first));
        assertThat(Digits.value(Digits.fraction(word, count))).isEqualTo(Long.parseLong(first + "0".repeat(8 - count)));
        assertThat(Digits.value(Digits.fraction(word, 0))).isZero();
    }

    @Property
    void theFirstSeparatorEndsTheDigits(
            @ForAll @IntRange(max = 99_999_999) int number, @ForAll @IntRange(max = 8) int count) {
        for (char separator : new char[] {'.', ',', '-', '+', ' ', '\n', '\r'}) {
            byte[] text = "%08d".formatted(number).getBytes(StandardCharsets.US_ASCII);
            if (count < 8) {
                text[count] = (byte) separator;
            }
            assertThat(Digits.before(Digits.word(text, 0)))
                    .as("before '%s'", separator)
                    .isEqualTo(count);
        }
    }

    private static boolean allDigits(byte[] text) {
        for (byte octet : text) {
            if (octet < '0' || octet > '9') {
                return false;
            }
        }
        return true;
    }

    private static long parsed(byte[] text) {
        return Long.parseLong(new String(text, StandardCharsets.US_ASCII));
    }
}
