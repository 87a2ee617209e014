package dev.candlewick.source.binance.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All instruments with their candles: the synthetic ones, and recorded candles in place of some of them. Immutable. */
final class Catalog {
    /** An instrument and what was published for it. */
    record Listed(SyntheticInstrument instrument, CandleSeries candles) {}

    /** Names an instrument. */
    record Key(MarketType market, String symbol) {}

    private final SyntheticMarket market;
    private final Map<Key, CandleSeries> recorded;

    Catalog(SyntheticMarket market, Map<Key, CandleSeries> recorded) {
        this.market = market;
        this.recorded = Map.copyOf(recorded);
    }

    Optional<Listed> find(MarketType type, String symbol) {
        return market.instrument(type, symbol).map(instrument -> {
            CandleSeries synthetic = market.series(type, symbol).orElseThrow();
            return new Listed(instrument, recorded.getOrDefault(new Key(type, symbol), synthetic));
        });
    }

    List<SyntheticInstrument> instruments(MarketType type) {
        return market.instruments().stream()
                .filter(instrument -> instrument.market() == type)
                .toList();
    }
}
