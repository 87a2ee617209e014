package dev.candlewick.source.binance.simulator;

/** The unit in which a row's two times are printed. */
enum TimeFormat {
    MILLIS {
        @Override
        long open(Bar bar) {
            return bar.openMillis();
        }

        @Override
        long close(Bar bar) {
            return bar.closeMillis();
        }
    },
    /** Closes end in 999999, not 999000. */
    MICROS {
        @Override
        long open(Bar bar) {
            return bar.openMillis() * 1_000;
        }

        @Override
        long close(Bar bar) {
            return bar.closeMillis() * 1_000 + 999;
        }
    };

    abstract long open(Bar bar);

    abstract long close(Bar bar);
}
