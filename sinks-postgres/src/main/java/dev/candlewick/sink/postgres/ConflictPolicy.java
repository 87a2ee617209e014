package dev.candlewick.sink.postgres;

import java.util.Optional;

/**
 * What becomes of a row that is stored already when another one of the same time is committed. Immutable.
 *
 * <p>All but {@link #replace} change what {@code SinkWriter.commit} means: the written range then holds the appended rows
 * <em>and</em> those that were there before. They suit datasets keyed by their time only, such as candles.
 */
public final class ConflictPolicy {

    private static final ConflictPolicy REPLACE = new ConflictPolicy(Kind.REPLACE, Optional.empty());
    private static final ConflictPolicy KEEP_FIRST = new ConflictPolicy(Kind.KEEP_FIRST, Optional.empty());
    private static final ConflictPolicy FAIL = new ConflictPolicy(Kind.FAIL, Optional.empty());

    enum Kind {
        REPLACE,
        KEEP_FIRST,
        REPLACE_IF_NEWER,
        FAIL
    }

    private final Kind kind;
    private final Optional<String> version;

    private ConflictPolicy(Kind kind, Optional<String> version) {
        this.kind = kind;
        this.version = version;
    }

    /**
     * The written range holds exactly the appended rows; rows that were there and are not among them are gone. Of two
     * writers that began before each other's commit, the later one is refused unless its rows are the same. The default.
     */
    public static ConflictPolicy replace() {
        return REPLACE;
    }

    /** A stored row stays as it is; only times without a row take the appended one. */
    public static ConflictPolicy keepFirst() {
        return KEEP_FIRST;
    }

    /**
     * A stored row is replaced where the appended one has a greater value in a column; no row is ever taken away.
     *
     * @param column of the dataset, for example {@code trades}; a row without a value there is older than any with one
     */
    public static ConflictPolicy replaceIfNewer(String column) {
        return new ConflictPolicy(Kind.REPLACE_IF_NEWER, Optional.of(column));
    }

    /** A commit with another row of a stored time is {@link dev.candlewick.Refused}, naming it; equal rows are fine. */
    public static ConflictPolicy fail() {
        return FAIL;
    }

    Kind kind() {
        return kind;
    }

    Optional<String> version() {
        return version;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case REPLACE -> "replace";
            case KEEP_FIRST -> "keep first";
            case REPLACE_IF_NEWER -> "replace if " + version.orElseThrow() + " is newer";
            case FAIL -> "fail";
        };
    }
}
