package dev.candlewick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class AdoptedColumnsTest {

    @Test
    void aColumnOfForeignLongsHoldsThemAllWithoutACopy() {
        long[] values = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE};
        DecimalColumn decimals = DecimalColumn.adopt("volume", 38, 8, values);
        assertThat(decimals.get(3)).isEqualTo(BigDecimal.valueOf(Long.MAX_VALUE, 8));
        assertThat(decimals.get(0)).isEqualTo(BigDecimal.valueOf(Long.MIN_VALUE, 8));
        assertThat(LongColumn.adopt("trades", values).value(3)).isEqualTo(Long.MAX_VALUE);
        assertThat(TimeColumn.adopt("at", new long[] {5}).epochMicros(0)).isEqualTo(5);
    }

    @Test
    void aColumnThatCopiesDoesNotFollowItsArray() {
        long[] values = {1, 2};
        DecimalColumn copied = DecimalColumn.of("price", 18, 8, values);
        values[0] = 7;
        assertThat(copied.unscaled(0)).isEqualTo(1);
    }

    @Test
    void everyValueBeyondThePrecisionIsRefusedByNameAndValue() {
        for (int precision = 1; precision <= 18; precision++) {
            long bound = BigDecimal.TEN.pow(precision).longValueExact() - 1;
            int digits = precision;
            assertThat(DecimalColumn.adopt("price", digits, 0, new long[] {bound, 0, -bound})
                            .size())
                    .isEqualTo(3);
            for (long beyond : new long[] {bound + 1, -bound - 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
                assertThatThrownBy(() -> DecimalColumn.adopt("price", digits, 0, new long[] {0, beyond, 0}))
                        .isInstanceOf(ArithmeticException.class)
                        .hasMessageContaining("'price'")
                        .hasMessageContaining(Long.toString(beyond));
            }
        }
    }
}
