package dev.candlewick.sink.parquet;

import dev.candlewick.Corrupt;

/** What to do about a damaged unit, said the same way everywhere. */
final class Repair {

    private Repair() {}

    static String advice(Receipt receipt) {
        return ". Other units stay readable; forget the unit " + receipt.unit() + " of " + receipt.series()
                + " and backfill it, or write it again whole";
    }

    static Corrupt with(Receipt receipt, RuntimeException cause) {
        return new Corrupt(cause.getMessage() + advice(receipt), cause);
    }
}
