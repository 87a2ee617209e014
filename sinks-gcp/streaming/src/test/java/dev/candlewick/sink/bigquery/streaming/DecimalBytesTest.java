package dev.candlewick.sink.bigquery.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.storage.v1.BigDecimalByteStringEncoder;
import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DecimalBytesTest {

    @Property
    void theBytesAreThoseOfGooglesOwnEncoder(
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 38) int digits,
            @ForAll @IntRange(max = 38) int scale) {
        BigInteger unscaled = new BigInteger(
                        new BigDecimal(BigInteger.TEN.pow(digits))
                                .toBigInteger()
                                .bitLength(),
                        random)
                .mod(BigInteger.TEN.pow(digits));
        check(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
    }

    @Test
    void theEdgesOfEveryWidthKeepTheirSign() {
        for (int bit = 0; bit < 126; bit++) {
            BigInteger edge = BigInteger.ONE.shiftLeft(bit);
            for (BigInteger near : List.of(edge.subtract(BigInteger.ONE), edge, edge.add(BigInteger.ONE))) {
                for (int scale : new int[] {0, 8, 9, 18, 19, 20, 37, 38}) {
                    check(near, scale);
                    check(near.negate(), scale);
                }
            }
        }
    }

    private static void check(BigInteger unscaled, int scale) {
        BigDecimal value = new BigDecimal(unscaled, scale);
        if (scale <= 9 && value.precision() - value.scale() <= 29) {
            assertThat(bytes(unscaled, 9 - scale))
                    .isEqualTo(BigDecimalByteStringEncoder.encodeToNumericByteString(value));
        }
        if (value.precision() - value.scale() <= 38) {
            assertThat(bytes(unscaled, 38 - scale))
                    .isEqualTo(BigDecimalByteStringEncoder.encodeToBigNumericByteString(value));
        }
    }

    private static ByteString bytes(BigInteger unscaled, int digits) {
        byte[] target = new byte[DecimalBytes.MOST + 2];
        int count =
                new DecimalBytes(digits).write(unscaled.shiftRight(64).longValue(), unscaled.longValue(), target, 1);
        return ByteString.copyFrom(target, 1, count);
    }
}
