package dev.candlewick.source.binance;

/** The venue's REST API does not list the symbol (any more); the archive may still have its files. */
final class UnknownSymbol extends Exception {

    private static final long serialVersionUID = 1L;

    UnknownSymbol(String request) {
        super(request + " answered that it does not know the symbol (-1121)");
    }
}
