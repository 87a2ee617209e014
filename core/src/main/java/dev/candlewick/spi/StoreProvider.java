package dev.candlewick.spi;

import dev.candlewick.Store;
import java.util.Map;

/**
 * Opens stores by address, so that a command line or a configuration can say {@code parquet:data}. Found through {@link
 * java.util.ServiceLoader}; needs a public constructor without arguments.
 */
public interface StoreProvider {

    /** The word before the colon: {@code parquet}. */
    String scheme();

    /** How addresses look, for messages: {@code parquet:DIR}. */
    String usage();

    /**
     * Opens the store.
     *
     * @param address what follows the scheme and its colon
     * @param environment settings such as credentials, usually {@link System#getenv()}
     * @throws IllegalArgumentException when the address is not one of {@link #usage}
     */
    Store open(String address, Map<String, String> environment);
}
