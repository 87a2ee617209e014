package dev.candlewick.testkit;

import dev.candlewick.Store;

class GroupingMemoryStoreTest extends StoreContract {

    @Override
    protected Store openStore() {
        return MemoryStore.grouping(3);
    }

    @Override
    protected Store reopen(Store open) {
        return open; // memory ends with the process
    }
}
