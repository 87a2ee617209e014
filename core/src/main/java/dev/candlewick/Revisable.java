package dev.candlewick;

import java.util.Optional;

/**
 * A {@link Source} that can tell cheaply whether what it once served has been published anew: by a checksum file, an ETag
 * or a listing, without fetching the rows.
 */
public interface Revisable {

    /**
     * Why a unit should be fetched again, if what its {@linkplain LedgerEntry#answers() answers} were made from differs
     * upstream today: {@code BTCUSDT-1m-2024-01.zip was published anew (sha256 4f1c… → 99ab…)}. Empty when it is still
     * the same, or when none of the answers came from here.
     *
     * @throws Unavailable when upstream cannot be asked now; that is never "unchanged"
     */
    Optional<String> changed(LedgerEntry entry);
}
