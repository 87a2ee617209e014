package dev.candlewick.source.binance.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All instruments with their candles: the synthetic ones, and recorded candles in place of some of them. Thread-safe. */
final class Catalog {
    /** An instrument and what was published for it; recorded candles have no trades. */
    record Listed(SyntheticInstrument instrument, CandleSeries candles, TradeTape tape) {}

    /** Names an instrument. */
    record Key(MarketType market, String symbol) {}

    private final SyntheticMarket market;
    private final Map<Key, CandleSeries> recorded;
    private final Map<Key, TradeTape> tapes = new ConcurrentHashMap<>();

    Catalog(SyntheticMarket market, Map<Key, CandleSeries> recorded) {
        this.market = market;
        this.recorded = Map.copyOf(recorded);
    }

    Optional<Listed> find(MarketType type, String symbol) {
        return market.instrument(type, symbol).map(instrument -> {
            CandleSeries synthetic = market.series(type, symbol).orElseThrow();
            Key key = new Key(type, symbol);
            return new Listed(
                    instrument,
                    recorded.getOrDefault(key, synthetic),
                    tapes.computeIfAbsent(key, any -> new TradeTape(synthetic)));
        });
    }

    List<SyntheticInstrument> instruments(MarketType type) {
        return market.instruments().stream()
                .filter(instrument -> instrument.market() == type)
                .toList();
    }
}
