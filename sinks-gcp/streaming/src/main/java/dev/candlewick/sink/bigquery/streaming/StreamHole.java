package dev.candlewick.sink.bigquery.streaming;

import dev.candlewick.Corrupt;

/**
 * Rows that were stored, by all that is known, are not in their stream: it ends before the next row. The rows between the
 * two are missing; write them again from their source, then open a stream from there on.
 */
public final class StreamHole extends Corrupt {

    private static final long serialVersionUID = 1L;

    private final String stream;
    private final long from;
    private final long to;

    StreamHole(String stream, long from, long to, Throwable cause) {
        super(
                "Stream " + stream + " ends at row " + from + ", but row " + to + " comes next: rows " + from + " to "
                        + (to - 1) + " are missing. Write them again from their source",
                cause);
        this.stream = stream;
        this.from = from;
        this.to = to;
    }

    /** The name of the stream. */
    public String stream() {
        return stream;
    }

    /** The first missing row, counted from 0 over the stream. */
    public long from() {
        return from;
    }

    /** The row after the last missing one. */
    public long to() {
        return to;
    }
}
