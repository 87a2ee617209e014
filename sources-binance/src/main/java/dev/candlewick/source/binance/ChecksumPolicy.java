package dev.candlewick.source.binance;

/**
 * What becomes of an archive file whose published checksum does not prove it, after it was fetched a second time.
 *
 * <p>Published checksums are themselves wrong at times: hundreds of files have been intact while their checksum was stale.
 * Whatever the policy, the rows of a file that is set aside are asked from the next route, and both hashes are kept in the
 * answer's note.
 */
public enum ChecksumPolicy {
    /** Sets aside files whose checksum is wrong, and files that have none. */
    REQUIRE,
    /** Sets aside files whose checksum is wrong; takes files that have none if they are intact. The default. */
    QUARANTINE,
    /** Takes a file whose checksum is wrong or missing if the zip is intact and every row proves on the grid. */
    ACCEPT_WITH_EVIDENCE
}
