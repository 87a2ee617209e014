package dev.candlewick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
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

    @Test
    void aDictionaryAndItsCodesBecomeText() {
        TextColumn sides = TextColumn.adopt("side", List.of("buy", "sell", "unknown"), new int[] {1, 0, 1});
        assertThat(sides.value(0)).isEqualTo("sell");
        assertThat(sides.value(1)).isEqualTo("buy");
        assertThat(sides.size()).isEqualTo(3);
    }

    @Test
    void codesOutsideOfTheDictionaryAndTextsThatOccurTwiceAreRefused() {
        for (int code : new int[] {2, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> TextColumn.adopt("side", List.of("buy", "sell"), new int[] {0, code, 1}))
                    .as("%d", code)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'side'");
        }
        assertThatThrownBy(() -> TextColumn.adopt("side", List.of("buy", "buy"), new int[] {0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'side'");
    }

    @Test
    void theFirstTimeThatGoesBackIsFoundAlsoAtTheEndsOfTime() {
        assertThat(descent()).isZero();
        assertThat(descent(7)).isEqualTo(1);
        assertThat(descent(Long.MIN_VALUE, -1, -1, 0, 0, Long.MAX_VALUE)).isEqualTo(6);
        assertThat(descent(1, 2, 1, 0)).isEqualTo(2);
        assertThat(descent(Long.MAX_VALUE, Long.MIN_VALUE)).isEqualTo(1);
        assertThat(descent(0, Long.MIN_VALUE)).isEqualTo(1);
        assertThat(descent(Long.MAX_VALUE, -1)).isEqualTo(1);
    }

    private static int descent(long... times) {
        return TimeColumn.adopt("at", times).firstDescent();
    }
}
