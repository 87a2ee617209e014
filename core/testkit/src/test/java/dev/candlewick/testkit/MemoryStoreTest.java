package dev.candlewick.testkit;

import dev.candlewick.Store;

class MemoryStoreTest extends StoreContract {

    @Override
    protected Store openStore() {
        return MemoryStore.create();
    }

    @Override
    protected Store reopen(Store open) {
        return open; // memory ends with the process
    }
}
