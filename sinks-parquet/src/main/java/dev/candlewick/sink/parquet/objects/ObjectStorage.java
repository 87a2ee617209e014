package dev.candlewick.sink.parquet.objects;

import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Names with bytes behind them, as a bucket has them: there is no rename, no append and no lock, but a write happens
 * wholly or not at all, is seen by everybody once it has happened, and can be made to depend on what is there.
 *
 * <p>Names are relative to the storage's own prefix, are never empty, neither begin nor end with {@code /}, and have
 * {@code /} between their parts; {@link ObjectNames} checks that none leaves the prefix. Every byte that comes or goes is checked against the storage's checksum.
 *
 * <p>Failures are told as everywhere: {@link Unavailable} for what may go better later (after the storage has tried again
 * by itself, within bounds), {@link Refused} for what the caller must change (credentials, permission, no such bucket),
 * {@link Corrupt} for bytes whose checksum differs, {@link Unconfirmed} for a write whose outcome is unknown,
 * {@link Cancelled} when the thread was interrupted. No message contains a secret.
 *
 * <p>Safe for many threads.
 */
public interface ObjectStorage extends AutoCloseable {

    /**
     * A directory as a storage: an object is a file below it, at the path that its name says. For tests, and for file
     * systems that several machines share, if their renames are atomic and their locks hold. Whatever is not written
     * through this interface must be renamed into place, never changed where it lies. A name cannot be both an object and
     * a prefix of others there. A name that was deleted through this interface and is created again, also with the same
     * bytes, has another version.
     *
     * @param root created by the first write
     */
    static ObjectStorage inDirectory(Path root) {
        return new DirectoryStorage(root, Clock.systemUTC());
    }

    /** The address in messages and in the store's name: {@code gcs:bucket/prefix}. Without secrets. */
    String name();

    /** What a name has behind it, if anything; one request. */
    Optional<ObjectHead> head(String name);

    /**
     * Reads a stretch, or what there is of it when the object ends before, which may be nothing; one request.
     *
     * @param version the content that is meant; empty reads whatever is there
     * @return empty when nothing has the name, or not that content any more
     */
    Optional<ObjectPart> read(String name, Optional<ObjectVersion> version, long offset, int count);

    /**
     * Reads the last bytes, or all when there are fewer; one request. A Parquet file tells at its end what is in it.
     *
     * @return empty when nothing has the name
     */
    Optional<ObjectPart> readEnd(String name, int count);

    /**
     * Writes an object if the precondition holds. Writing the very same content to a name that somebody, perhaps an earlier
     * attempt of this call whose answer was lost, gave this content already is a success.
     *
     * @return what the name has now; empty when the precondition does not hold and the content there is another
     * @throws Unconfirmed when nobody can say whether it happened
     */
    Optional<ObjectHead> write(String name, ObjectBytes content, Precondition precondition);

    /**
     * Deletes an object if it is still this one. One that is gone already is a success.
     *
     * @return whether the name has nothing now; false when it has other content
     */
    boolean delete(String name, ObjectVersion version);

    /**
     * What lies directly below a prefix, all pages of it.
     *
     * @param prefix empty for everything, else ending in {@code /}
     */
    ObjectListing list(String prefix);

    /**
     * An address under which anybody may read an object without credentials until it expires.
     *
     * @throws Refused when this storage has no such addresses, or the credentials cannot sign
     */
    default URI signedUrl(String name, Duration validity) {
        throw new Refused(name() + " has no signed addresses for " + name);
    }

    /** Frees what this storage holds; clients given by the caller stay open. */
    @Override
    default void close() {}
}
