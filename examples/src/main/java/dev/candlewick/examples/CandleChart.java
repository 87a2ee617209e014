package dev.candlewick.examples;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Candles drawn in a terminal: one column each, with wicks and bodies to half a line, a price axis at the right and a time
 * axis below. Without colours a rising body is a bold line and a falling one a block, as hollow and filled bodies are on
 * paper. A slot without a candle stays empty, so that a hole in the data is a hole in the picture.
 */
final class CandleChart {

    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";
    private static final int LINES_PER_TICK = 4;
    private static final int COLUMNS_PER_DATE = 14;

    private final int lines;
    private final Colours colours;
    private final DateTimeFormatter dates;

    /** Whether rising and falling candles are told apart by colour. */
    enum Colours {
        /** Green rises, red falls. */
        ON,
        /** Plain text only. */
        OFF
    }

    /**
     * One slot of the time axis.
     *
     * @param open the slot's start
     * @param prices what was traded; empty where there is no candle
     */
    record Slot(Instant open, Optional<Prices> prices) {}

    /**
     * The four prices of a candle.
     *
     * @param open the first
     * @param high the highest
     * @param low the lowest
     * @param close the last
     */
    record Prices(BigDecimal open, BigDecimal high, BigDecimal low, BigDecimal close) {
        boolean isRising() {
            return close.compareTo(open) >= 0;
        }
    }

    /** A chart of that many lines, its axis labelled with times in a pattern such as {@code uuuu-MM-dd}. */
    CandleChart(int lines, Colours colours, String timePattern) {
        this.lines = lines;
        this.colours = colours;
        this.dates = DateTimeFormatter.ofPattern(timePattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    /** The picture, each line with its line end; says so when there is nothing to draw. */
    String draw(List<Slot> slots) {
        List<Prices> drawn =
                slots.stream().flatMap(slot -> slot.prices().stream()).toList();
        if (drawn.isEmpty()) {
            return "(no candles to draw)\n";
        }
        BigDecimal lowest =
                drawn.stream().map(Prices::low).min(BigDecimal::compareTo).orElseThrow();
        BigDecimal highest =
                drawn.stream().map(Prices::high).max(BigDecimal::compareTo).orElseThrow();
        Scale scale = new Scale(lowest, highest, lines * 2);
        StringBuilder picture = new StringBuilder();
        for (int line = lines - 1; line >= 0; line--) {
            for (Slot slot : slots) {
                picture.append(cell(slot, scale, line));
            }
            picture.append(line % LINES_PER_TICK == 0 ? " ┤ " + label(scale, line) : " │")
                    .append('\n');
        }
        return picture.append(axis(slots)).toString();
    }

    private String cell(Slot slot, Scale scale, int line) {
        if (slot.prices().isEmpty()) {
            return " ";
        }
        Prices prices = slot.prices().get();
        Half upper = half(prices, scale, line * 2 + 1);
        Half lower = half(prices, scale, line * 2);
        char glyph = prices.isRising() || colours == Colours.ON ? thin(upper, lower) : block(upper, lower);
        if (colours == Colours.OFF || glyph == ' ') {
            return String.valueOf(glyph);
        }
        return (prices.isRising() ? GREEN : RED) + glyph + PLAIN;
    }

    private enum Half {
        NOTHING,
        WICK,
        BODY
    }

    private static Half half(Prices prices, Scale scale, int step) {
        int top = scale.step(prices.open().max(prices.close()));
        int bottom = scale.step(prices.open().min(prices.close()));
        if (step >= bottom && step <= top) {
            return Half.BODY;
        }
        return step >= scale.step(prices.low()) && step <= scale.step(prices.high()) ? Half.WICK : Half.NOTHING;
    }

    private static char thin(Half upper, Half lower) {
        return switch (upper) {
            case NOTHING ->
                switch (lower) {
                    case NOTHING -> ' ';
                    case WICK -> '╷';
                    case BODY -> '╻';
                };
            case WICK ->
                switch (lower) {
                    case NOTHING -> '╵';
                    case WICK -> '│';
                    case BODY -> '╽';
                };
            case BODY ->
                switch (lower) {
                    case NOTHING -> '╹';
                    case WICK -> '╿';
                    case BODY -> '┃';
                };
        };
    }

    // There is no character of half a block and half a wick; the body counts more.
    private static char block(Half upper, Half lower) {
        if (upper == Half.BODY) {
            return lower == Half.BODY ? '█' : '▀';
        }
        return lower == Half.BODY ? '▄' : thin(upper, lower);
    }

    private static String label(Scale scale, int line) {
        return String.format(Locale.ROOT, "%s", scale.price(line * 2));
    }

    private String axis(List<Slot> slots) {
        StringBuilder ticks = new StringBuilder();
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < slots.size(); i++) {
            boolean dated = i % COLUMNS_PER_DATE == 0;
            ticks.append(dated ? '┬' : '─');
            if (dated) {
                labels.append(" ".repeat(Math.max(0, i - labels.length())))
                        .append(dates.format(slots.get(i).open()));
            }
        }
        return ticks + "─┘\n" + labels + '\n';
    }

    /** Which of the equal steps between two prices a price falls into, counted from the bottom. */
    private static final class Scale {

        private final BigDecimal lowest;
        private final BigDecimal range;
        private final int steps;
        private final int labelScale;

        Scale(BigDecimal lowest, BigDecimal highest, int steps) {
            this.lowest = lowest;
            BigDecimal spread = highest.subtract(lowest);
            this.range = spread.signum() == 0 ? BigDecimal.ONE : spread;
            this.steps = steps;
            // Three digits of the spread tell neighbouring labels apart.
            this.labelScale = Math.max(0, range.scale() - range.precision() + 3);
        }

        int step(BigDecimal price) {
            return price.subtract(lowest)
                    .multiply(BigDecimal.valueOf(steps - 1))
                    .divide(range, 0, RoundingMode.HALF_UP)
                    .intValueExact();
        }

        String price(int step) {
            return lowest.add(range.multiply(BigDecimal.valueOf(step))
                            .divide(BigDecimal.valueOf(steps - 1), MathContext.DECIMAL64))
                    .setScale(labelScale, RoundingMode.HALF_UP)
                    .toPlainString();
        }
    }

    /** Slots for candles on a grid, in order, with empty ones where candles are missing. */
    static List<Slot> slots(List<Instant> opens, java.util.Map<Instant, Prices> candles) {
        List<Slot> slots = new ArrayList<>();
        for (Instant open : opens) {
            slots.add(new Slot(open, Optional.ofNullable(candles.get(open))));
        }
        return slots;
    }
}
