package dev.candlewick.testkit;

import dev.candlewick.Store;

/** Opens the store under trial through a host and a port; the same place every time. */
@FunctionalInterface
public interface StoreOpening {

    /** The store, which the trial closes. */
    Store open(String host, int port) throws Exception;
}
