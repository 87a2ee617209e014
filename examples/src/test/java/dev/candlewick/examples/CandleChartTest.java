package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.examples.CandleChart.Colours;
import dev.candlewick.examples.CandleChart.Prices;
import dev.candlewick.examples.CandleChart.Slot;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CandleChartTest {

    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

    @Test
    void bodiesAndWicksReachAsFarAsThePrices() {
        String picture = new CandleChart(4, Colours.OFF, "uuuu-MM-dd")
                .draw(slots(prices(102, 107, 100, 105), Optional.empty(), prices(104, 104, 101, 102)));

        assertThat(picture).isEqualTo("""
                │   │
                ┃ ▄ │
                ┃ █ │
                │ ╵ ┤ 100.00
                ┬───┘
                2024-01-01
                """);
    }

    @Test
    void risingAndFallingCandlesDifferWithAndWithoutColours() {
        List<Slot> slots = slots(prices(1, 2, 1, 2), prices(2, 2, 1, 1));

        assertThat(new CandleChart(1, Colours.OFF, "HH:mm").draw(slots)).startsWith("┃█");
        assertThat(new CandleChart(1, Colours.ON, "HH:mm").draw(slots))
                .startsWith("\u001b[32m┃\u001b[0m\u001b[31m┃\u001b[0m");
    }

    @Test
    void aMarketThatDoesNotMoveIsALine() {
        assertThat(new CandleChart(2, Colours.OFF, "HH:mm").draw(slots(prices(5, 5, 5, 5), prices(5, 5, 5, 5))))
                .contains("╻╻");
    }

    @Test
    void nothingToDrawIsSaid() {
        assertThat(new CandleChart(2, Colours.OFF, "HH:mm").draw(slots(Optional.empty())))
                .isEqualTo("(no candles to draw)\n");
    }

    private static Optional<Prices> prices(long open, long high, long low, long close) {
        return Optional.of(new Prices(
                BigDecimal.valueOf(open),
                BigDecimal.valueOf(high),
                BigDecimal.valueOf(low),
                BigDecimal.valueOf(close)));
    }

    @SafeVarargs
    private static List<Slot> slots(Optional<Prices>... prices) {
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < prices.length; i++) {
            slots.add(new Slot(START.plus(Duration.ofDays(i)), prices[i]));
        }
        return slots;
    }
}
