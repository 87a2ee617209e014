/**
 * The words and rules of Candlewick: series, time ranges, exact columnar batches, coverage and gaps, backfilling. Knows no
 * venue, no file format and no network.
 */
module dev.candlewick {
    requires static transitive org.jspecify;

    exports dev.candlewick;
    exports dev.candlewick.candle;
    exports dev.candlewick.instrument;
    exports dev.candlewick.spi;
    exports dev.candlewick.tick;

    uses dev.candlewick.spi.DatasetProvider;
    uses dev.candlewick.spi.SourceProvider;
    uses dev.candlewick.spi.StoreProvider;
}
