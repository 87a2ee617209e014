package dev.candlewick.spi;

import dev.candlewick.Source;
import java.util.Map;

/**
 * Opens sources by address, so that a command line or a configuration can say {@code binance:spot}. Found through {@link
 * java.util.ServiceLoader}; needs a public constructor without arguments.
 */
public interface SourceProvider {

    /** The word before the colon: {@code binance}. */
    String scheme();

    /** How addresses look, for messages: {@code binance:spot, binance:um, binance:cm}. */
    String usage();

    /**
     * Opens the source.
     *
     * @param address what follows the scheme and its colon
     * @param environment settings such as base URLs and keys, usually {@link System#getenv()}
     * @throws IllegalArgumentException when the address is not one of {@link #usage}
     */
    Source open(String address, Map<String, String> environment);
}
