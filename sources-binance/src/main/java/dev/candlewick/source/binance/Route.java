package dev.candlewick.source.binance;

import java.util.List;

/** A way to the candles of a piece. */
sealed interface Route {

    /** Files of the archive, in time order. */
    record Files(ArchiveFile.Span span, List<ArchiveFile> files) implements Route {}

    /** The REST API. */
    record Rest() implements Route {}
}
