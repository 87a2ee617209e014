package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.DecimalColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class DecimalsTest {

    @Property(tries = 2_000)
    void everyDecimalBecomesTheNearestDouble(@ForAll Random random) {
        int scale = random.nextInt(25);
        BigInteger unscaled = new BigInteger(1 + random.nextInt(100), random);
        if (random.nextBoolean()) {
            unscaled = unscaled.multiply(BigInteger.TEN.pow(random.nextInt(8)));
        }
        BigDecimal value = new BigDecimal(random.nextBoolean() ? unscaled.negate() : unscaled, scale);

        assertThat(Decimals.value(DecimalColumn.of("price", 38, scale, value), 0))
                .isEqualTo(value.doubleValue());
    }
}
