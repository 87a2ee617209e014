package dev.candlewick.source.binance.simulator;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A market that never was: instruments whose candles are a pure function of seed, symbol and time, so that any stretch
 * of any year is there at once and the same on every machine.
 *
 * <p>Prices look like a random walk with trends; OHLC rules hold; every longer candle is the exact aggregation of the
 * one-minute candles, and sixty one-second candles add up to their minute. Immutable and safe for use by many threads.
 */
public final class SyntheticMarket {
    private record Key(MarketType market, String symbol) {}

    private final Map<Key, SyntheticInstrument> instruments;
    private final Map<Key, CandleSeries> series = new LinkedHashMap<>();

    private SyntheticMarket(Builder builder) {
        this.instruments = new LinkedHashMap<>(builder.instruments);
        instruments.forEach(
                (key, instrument) -> series.put(key, new SyntheticSeries(instrument, builder.seed, builder.outages)));
    }

    /** An empty market to add instruments to; the same seed and instruments give the same candles for ever. */
    public static Builder seeded(long seed) {
        return new Builder(seed);
    }

    /**
     * A market with one of everything: majors on all three markets, a symbol outside ASCII, a price of some 1e-5 on a
     * grid of 1e-8, quantities of eighteen digits, an illiquid pair, dead symbols with and without a flat tail, a dated
     * contract, an empty contract type, and the outage of 2023-03-24 (12:40 to 14:00 UTC).
     */
    public static SyntheticMarket ofEverything(long seed) {
        Instant early = Instant.parse("2019-12-31T08:00:00Z");
        Instant later = Instant.parse("2023-05-05T16:00:00Z");
        Instant death = Instant.parse("2024-02-20T03:00:00Z");
        return seeded(seed)
                .spot("BTCUSDT", "BTC", "USDT", Instant.parse("2017-08-17T04:00:00Z"))
                .spot("ETHUSDT", "ETH", "USDT", Instant.parse("2017-08-17T04:00:00Z"))
                .spot("SOLUSDT", "SOL", "USDT", Instant.parse("2020-08-11T06:00:00Z"))
                .add(SyntheticInstrument.spot("币安人生USDT", "币安人生", "USDT", Instant.parse("2025-10-07T11:00:00Z"))
                        .around("0.2345"))
                .add(SyntheticInstrument.spot("PEPEUSDT", "PEPE", "USDT", later)
                        .around("0.00000812")
                        .quantityStep("0.01")
                        .activity(90, "14567890.12"))
                .add(SyntheticInstrument.spot("ALGOUSDT", "ALGO", "USDT", Instant.parse("2019-06-22T00:00:00Z"))
                        .around("0.1850")
                        .activity(4, "220")
                        .idleMinutesPerThousand(150))
                .add(SyntheticInstrument.spot("FTTUSDT", "FTT", "USDT", early)
                        .around("1.9000")
                        .delistedAt(death))
                .add(SyntheticInstrument.spot("BCCUSDT", "BCC", "USDT", Instant.parse("2017-11-20T02:00:00Z"))
                        .around("540.00")
                        .delistedAt(Instant.parse("2018-11-16T03:00:00Z"))
                        .hiddenFromExchangeInfo())
                .usdMargined("BTCUSDT", "BTC", "USDT", early)
                .usdMargined("ETHUSDT", "ETH", "USDT", early)
                .add(SyntheticInstrument.usdMargined("FTTUSDT", "FTT", "USDT", early)
                        .around("1.900")
                        .delistedWithFlatTailAt(death))
                .add(SyntheticInstrument.usdMargined(
                                "BTCUSDT_250627", "BTC", "USDT", Instant.parse("2024-12-27T08:00:00Z"))
                        .deliveredAt(Instant.parse("2025-06-27T08:00:00Z")))
                .add(SyntheticInstrument.usdMargined("NEWUSDT", "NEW", "USDT", Instant.parse("2026-09-01T00:00:00Z"))
                        .contractType("")
                        .status("PENDING_TRADING"))
                .coinMargined("BTCUSD_PERP", "BTC", Instant.parse("2020-08-10T04:00:00Z"))
                .coinMargined("ETHUSD_PERP", "ETH", Instant.parse("2020-08-10T04:00:00Z"))
                .add(SyntheticInstrument.coinMargined("BTCUSD_250627", "BTC", Instant.parse("2024-12-27T08:00:00Z"))
                        .deliveredAt(Instant.parse("2025-06-27T08:00:00Z")))
                .outage(Instant.parse("2023-03-24T12:40:00Z"), Instant.parse("2023-03-24T14:00:00Z"))
                .build();
    }

    /** The instruments in the order in which they were added. */
    public List<SyntheticInstrument> instruments() {
        return List.copyOf(instruments.values());
    }

    /**
     * Every candle of the instrument that opens in {@code [startMillis, endMillis)}, as if all of it had closed: the
     * truth to compare a client's copy with.
     *
     * @throws IllegalArgumentException if the market has no such symbol or the venue no such interval
     */
    public List<PublishedCandle> candles(
            MarketType market, String symbol, String interval, long startMillis, long endMillis) {
        CandleSeries candles = series(market, symbol)
                .orElseThrow(() -> new IllegalArgumentException("No " + market + " symbol '" + symbol + "'; it has "
                        + instruments.keySet().stream()
                                .filter(key -> key.market == market)
                                .map(Key::symbol)
                                .toList()));
        return candles.all(KlineInterval.of(interval), startMillis, endMillis).stream()
                .map(bar -> PublishedCandle.of(bar, candles.scales()))
                .toList();
    }

    Optional<SyntheticInstrument> instrument(MarketType market, String symbol) {
        return Optional.ofNullable(instruments.get(new Key(market, symbol)));
    }

    Optional<CandleSeries> series(MarketType market, String symbol) {
        return Optional.ofNullable(series.get(new Key(market, symbol)));
    }

    /** Collects instruments and outages. Not thread-safe. */
    public static final class Builder {
        private final long seed;
        private final Map<Key, SyntheticInstrument> instruments = new LinkedHashMap<>();
        private Outages outages = Outages.NONE;

        private Builder(long seed) {
            this.seed = seed;
        }

        /** Lists a spot pair with the look of its base asset. */
        public Builder spot(String symbol, String baseAsset, String quoteAsset, Instant listedSince) {
            return add(SyntheticInstrument.spot(symbol, baseAsset, quoteAsset, listedSince));
        }

        /** Lists a USD-margined perpetual. */
        public Builder usdMargined(String symbol, String baseAsset, String quoteAsset, Instant listedSince) {
            return add(SyntheticInstrument.usdMargined(symbol, baseAsset, quoteAsset, listedSince));
        }

        /** Lists a coin-margined perpetual, such as {@code BTCUSD_PERP}. */
        public Builder coinMargined(String symbol, String baseAsset, Instant listedSince) {
            return add(SyntheticInstrument.coinMargined(symbol, baseAsset, listedSince));
        }

        /** Lists an instrument; one of the same market and symbol is replaced. */
        public Builder add(SyntheticInstrument instrument) {
            instruments.put(new Key(instrument.market(), instrument.symbol()), instrument);
            return this;
        }

        /** The venue is down: no instrument has a candle that opens in the minutes of {@code [start, end)}. */
        public Builder outage(Instant start, Instant end) {
            outages = outages.with(start, end);
            return this;
        }

        /** The market. */
        public SyntheticMarket build() {
            if (instruments.isEmpty()) {
                throw new IllegalStateException("A market needs at least one instrument: call spot(...) or add(...)");
            }
            return new SyntheticMarket(this);
        }
    }
}
