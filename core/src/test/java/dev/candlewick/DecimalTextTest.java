package dev.candlewick;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DecimalTextTest {

    @Property(tries = 10_000)
    void plainTextIsThatOfBigDecimalWithoutTrailingZeros(
            @ForAll long high, @ForAll long low, @ForAll @IntRange(max = 38) int scale) {
        check(high, low, scale);
        check(low >> 63, low, scale);
    }

    @Property(tries = 5_000)
    void roundNumbersKeepTheZerosBeforeThePoint(
            @ForAll @IntRange(min = -99, max = 99) int digits,
            @ForAll @IntRange(max = 16) int zeros,
            @ForAll @IntRange(max = 38) int scale) {
        long unscaled = BigDecimal.valueOf(digits).scaleByPowerOfTen(zeros).longValueExact();
        check(unscaled >> 63, unscaled, scale);
    }

    @Example
    void edges() {
        for (int scale = 0; scale <= 38; scale++) {
            for (long low : new long[] {0, 1, -1, 10, -10, Long.MAX_VALUE, Long.MIN_VALUE}) {
                check(0, low, scale);
                check(-1, low, scale);
                check(Long.MAX_VALUE, low, scale);
                check(Long.MIN_VALUE, low, scale);
            }
        }
        assertThat(DecimalText.plain(0, 0, 8)).isEqualTo("0");
        assertThat(DecimalText.plain(-1, -1, 8)).isEqualTo("-0.00000001");
        assertThat(DecimalText.plain(0, 4_200_000_000_000L, 8)).isEqualTo("42000");
    }

    private static void check(long high, long low, int scale) {
        BigInteger unscaled = new BigInteger(
                java.nio.ByteBuffer.allocate(16).putLong(high).putLong(low).array());
        BigDecimal value = new BigDecimal(unscaled, scale);
        String expected = value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
        assertThat(DecimalText.plain(high, low, scale)).isEqualTo(expected);
        assertThat(DecimalText.unscaled(high, low)).isEqualTo(unscaled);
    }
}
