package dev.candlewick.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Sums against those of big integers. */
class ExactSumTest {

    @Property(tries = 300)
    void sumsAreThoseOfBigIntegersAtAnySize(@ForAll long seed) {
        Random random = new Random(seed);
        ExactSum sum = new ExactSum();
        BigInteger expected = BigInteger.ZERO;
        int bits = 1 + random.nextInt(126);
        for (int i = 0; i < 60; i++) {
            BigInteger value = signed(random, bits);
            BigInteger other = signed(random, 1 + random.nextInt(126));
            switch (random.nextInt(5)) {
                case 0 -> {
                    sum.add(high(value), value.longValue());
                    expected = expected.add(value);
                }
                case 1 -> {
                    sum.subtract(high(value), value.longValue());
                    expected = expected.subtract(value);
                }
                case 2 -> {
                    sum.addProduct(high(value), value.longValue(), high(other), other.longValue());
                    expected = expected.add(value.multiply(other));
                }
                case 3 -> {
                    ExactSum more = new ExactSum();
                    more.addProduct(value.longValue(), other.longValue());
                    sum.subtract(more);
                    expected = expected.subtract(
                            BigInteger.valueOf(value.longValue()).multiply(BigInteger.valueOf(other.longValue())));
                }
                default -> {
                    sum.add(value.longValue());
                    expected = expected.add(BigInteger.valueOf(value.longValue()));
                }
            }
            assertThat(sum.value()).isEqualTo(expected);
            assertThat(sum.signum()).isEqualTo(expected.signum());
        }
        assertThat(sum.decimal(12)).isEqualTo(new BigDecimal(expected, 12));
        assertThat(sum.doubleValue(24))
                .isEqualTo(new BigDecimal(new BigDecimal(expected, 24).toString()).doubleValue());
    }

    @Property
    void doublesAreTheNearestOnes(@ForAll long unscaled) {
        for (int scale : new int[] {0, 2, 12, 18, 24}) {
            double nearest =
                    Double.parseDouble(BigDecimal.valueOf(unscaled, scale).toString());
            assertThat(ExactSum.doubleValue(unscaled, scale)).isEqualTo(nearest);
        }
        long price = unscaled / 1_000_000_000_000L * 1_000_000;
        assertThat(ExactSum.doubleValue(price, 12))
                .isEqualTo(Double.parseDouble(BigDecimal.valueOf(price, 12).toString()));
    }

    private static BigInteger signed(Random random, int bits) {
        BigInteger value = new BigInteger(bits, random);
        return random.nextBoolean() ? value : value.negate();
    }

    private static long high(BigInteger value) {
        return value.shiftRight(64).longValue();
    }
}
