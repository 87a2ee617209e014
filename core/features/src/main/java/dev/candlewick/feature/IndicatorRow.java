package dev.candlewick.feature;

import java.util.OptionalDouble;

/** The indicators after one bar. Immutable. */
public final class IndicatorRow {

    private final IndicatorSet set;
    private final Bar bar;
    private final long availableMicros;
    private final boolean filled;
    private final double[] values;

    IndicatorRow(IndicatorSet set, Bar bar, long availableMicros, boolean filled, double[] values) {
        this.set = set;
        this.bar = bar;
        this.availableMicros = availableMicros;
        this.filled = filled;
        this.values = values;
    }

    /** When the bar opened, in microseconds since the epoch. */
    public long startMicros() {
        return bar.startMicros();
    }

    /** When the last of the bars that the row depends on was known. */
    public long availableMicros() {
        return availableMicros;
    }

    /** Whether nothing was traded, so that the bar was filled forward. */
    public boolean isFilled() {
        return filled;
    }

    /** The value of a column, if it has one. */
    public OptionalDouble value(String column) {
        for (int i = 0; i < values.length; i++) {
            if (set.indicators().get(i).column().equals(column)) {
                return Double.isFinite(values[i]) ? OptionalDouble.of(values[i]) : OptionalDouble.empty();
            }
        }
        throw new IllegalArgumentException("No column '" + column + "' in features:" + set.name() + "; it has "
                + set.indicators().stream().map(Indicator::column).toList());
    }

    /** The value of the column at that place; not finite where there is none. */
    double value(int place) {
        return values[place];
    }
}
