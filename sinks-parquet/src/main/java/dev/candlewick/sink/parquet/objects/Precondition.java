package dev.candlewick.sink.parquet.objects;

import java.util.Optional;

/** What must hold of a name for a write or a deletion to happen, judged by the storage in the same step. Immutable. */
public final class Precondition {

    private static final Precondition ABSENT = new Precondition(Optional.empty());

    private final Optional<ObjectVersion> version;

    private Precondition(Optional<ObjectVersion> version) {
        this.version = version;
    }

    /** Nothing has the name. */
    public static Precondition absent() {
        return ABSENT;
    }

    /** The name has this content. */
    public static Precondition unchangedSince(ObjectVersion version) {
        return new Precondition(Optional.of(version));
    }

    /** The version that must be there; empty when nothing may be. */
    public Optional<ObjectVersion> version() {
        return version;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Precondition that && version.equals(that.version);
    }

    @Override
    public int hashCode() {
        return version.hashCode();
    }

    @Override
    public String toString() {
        return version.map(known -> "unchanged since " + known).orElse("absent");
    }
}
