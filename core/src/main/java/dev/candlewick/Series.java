package dev.candlewick;

import java.util.Objects;

/**
 * One subject's rows of one dataset: the argument that everything takes, written {@code SUBJECT/DATASET}.
 *
 * <pre>{@code
 * Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/candles:1m")
 * Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m")
 * }</pre>
 *
 * <p>{@code parse(toString())} is the identity.
 *
 * @param subject who
 * @param dataset what
 */
public record Series(Subject subject, Dataset dataset) implements Comparable<Series> {

    /** Candles of a subject, both as text. */
    public static Series candles(String subject, String interval) {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(interval, "interval");
        return new Series(Subject.parse(subject), Dataset.candles(interval));
    }

    /** Reads {@code SUBJECT/DATASET}. */
    public static Series parse(String text) {
        Objects.requireNonNull(text, "text");
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'" + text
                    + "' is not a series; expected SUBJECT/DATASET, for example BINANCE:SPOT_PAIR:BTC-USDT/candles:1m");
        }
        return new Series(Subject.parse(text.substring(0, slash)), Dataset.parse(text.substring(slash + 1)));
    }

    /** The columns. */
    public Schema schema() {
        return dataset.schema();
    }

    /** When rows are due. */
    public Cadence cadence() {
        return dataset.cadence();
    }

    /** The same subject's rows of another dataset. */
    public Series with(Dataset other) {
        return new Series(subject, other);
    }

    /** Orders by the canonical text, in code units, the same in every locale. */
    @Override
    public int compareTo(Series other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return subject + "/" + dataset;
    }
}
