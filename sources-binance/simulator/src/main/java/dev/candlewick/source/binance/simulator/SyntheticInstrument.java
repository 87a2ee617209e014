package dev.candlewick.source.binance.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One listed instrument of a {@link SyntheticMarket}: its name, its life and how it trades. Immutable; every method that
 * changes something returns a changed copy.
 *
 * <pre>{@code
 * SyntheticInstrument.spot("PEPEUSDT", "PEPE", "USDT", Instant.parse("2023-05-05T16:00:00Z"))
 *         .around("0.00000812").quantityStep("0.01").activity(300, "12345678.90");
 * }</pre>
 */
public final class SyntheticInstrument {
    private final MarketType market;
    private final String symbol;
    private final String baseAsset;
    private final String quoteAsset;
    private final Instant listedSince;
    private final Traits traits;

    /** What most instruments leave as it is. Changed only while it is a fresh copy nobody else sees. */
    private static final class Traits {
        private AssetProfile profile;
        private int idlePerThousand;
        private Optional<Instant> delistedAt = Optional.empty();
        private Tail tail = Tail.ENDS;
        private Visibility visibility = Visibility.LISTED;
        private Optional<String> status = Optional.empty();
        private String contractType = "PERPETUAL";
        private Optional<Instant> deliveryAt = Optional.empty();
        private int contractSize;

        Traits(AssetProfile profile, int contractSize) {
            this.profile = profile;
            this.contractSize = contractSize;
        }

        Traits(Traits other) {
            profile = other.profile;
            idlePerThousand = other.idlePerThousand;
            delistedAt = other.delistedAt;
            tail = other.tail;
            visibility = other.visibility;
            status = other.status;
            contractType = other.contractType;
            deliveryAt = other.deliveryAt;
            contractSize = other.contractSize;
        }
    }

    private enum Tail {
        ENDS,
        STAYS_FLAT
    }

    private enum Visibility {
        LISTED,
        HIDDEN
    }

    private SyntheticInstrument(
            MarketType market, String symbol, String baseAsset, String quoteAsset, Instant listedSince, Traits traits) {
        this.market = market;
        this.symbol = symbol;
        this.baseAsset = baseAsset;
        this.quoteAsset = quoteAsset;
        this.listedSince = listedSince;
        this.traits = traits;
    }

    private static SyntheticInstrument create(
            MarketType market, String symbol, String baseAsset, String quoteAsset, Instant listedSince) {
        Objects.requireNonNull(symbol, "symbol");
        // The venue's own contract sizes: 100 USD for bitcoin, 10 USD for all others.
        Traits traits = new Traits(AssetProfile.of(market, baseAsset), baseAsset.equals("BTC") ? 100 : 10);
        return new SyntheticInstrument(market, symbol, baseAsset, quoteAsset, listedSince, traits);
    }

    /** A spot pair that trades from {@code listedSince} on. */
    public static SyntheticInstrument spot(String symbol, String baseAsset, String quoteAsset, Instant listedSince) {
        return create(MarketType.SPOT, symbol, baseAsset, quoteAsset, listedSince);
    }

    /** A USD-margined perpetual that trades from {@code listedSince} on. */
    public static SyntheticInstrument usdMargined(
            String symbol, String baseAsset, String quoteAsset, Instant listedSince) {
        return create(MarketType.USD_MARGINED, symbol, baseAsset, quoteAsset, listedSince);
    }

    /** A coin-margined perpetual, quoted in USD and traded in contracts, from {@code listedSince} on. */
    public static SyntheticInstrument coinMargined(String symbol, String baseAsset, Instant listedSince) {
        return create(MarketType.COIN_MARGINED, symbol, baseAsset, "USD", listedSince);
    }

    /** The price that the path moves around; its decimals become the price grid, so {@code "0.00000812"} ticks by 1e-8. */
    public SyntheticInstrument around(String price) {
        return with(t -> t.profile = t.profile.withPrice(new BigDecimal(price)));
    }

    /** The quantity grid: a power of ten, such as {@code "0.001"} or {@code "1"}. */
    public SyntheticInstrument quantityStep(String step) {
        BigDecimal grid = new BigDecimal(step);
        if (grid.unscaledValue().intValueExact() != 1) {
            throw new IllegalArgumentException("A quantity step is a power of ten written plainly, not " + step);
        }
        return with(t -> t.profile = t.profile.withStepScale(grid.scale()));
    }

    /** Trades in an average minute, and the base quantity (coin-margined: contracts) of an average trade. */
    public SyntheticInstrument activity(int tradesPerMinute, String averageTrade) {
        return with(t -> t.profile = t.profile.withActivity(tradesPerMinute, new BigDecimal(averageTrade)));
    }

    /** Of a thousand minutes, how many pass without a trade: 0 for a busy instrument, at most 990. */
    public SyntheticInstrument idleMinutesPerThousand(int minutes) {
        if (minutes < 0 || minutes > 990) {
            throw new IllegalArgumentException("Idle minutes per thousand must be 0 to 990, not " + minutes);
        }
        return with(t -> t.idlePerThousand = minutes);
    }

    /** The instrument stops trading: no candles afterwards, and its status says so. */
    public SyntheticInstrument delistedAt(Instant end) {
        return delisted(end, Tail.ENDS);
    }

    /** As {@link #delistedAt}, but the API goes on with flat candles without trades, as it does for real dead symbols. */
    public SyntheticInstrument delistedWithFlatTailAt(Instant end) {
        return delisted(end, Tail.STAYS_FLAT);
    }

    private SyntheticInstrument delisted(Instant end, Tail tail) {
        return with(t -> {
            t.delistedAt = Optional.of(end);
            t.tail = tail;
        });
    }

    /** exchangeInfo no longer knows the instrument; candles and archive do. */
    public SyntheticInstrument hiddenFromExchangeInfo() {
        return with(t -> t.visibility = Visibility.HIDDEN);
    }

    /** The status that exchangeInfo prints instead of the one that follows from the instrument's life. */
    public SyntheticInstrument status(String text) {
        return with(t -> t.status = Optional.of(text));
    }

    /** The contract type that exchangeInfo prints, which really can be the empty string. */
    public SyntheticInstrument contractType(String text) {
        return with(t -> t.contractType = text);
    }

    /** A dated contract, delivered at that instant. */
    public SyntheticInstrument deliveredAt(Instant delivery) {
        return with(t -> {
            t.deliveryAt = Optional.of(delivery);
            t.delistedAt = Optional.of(delivery);
            t.contractType = "CURRENT_QUARTER";
        });
    }

    /** The value of one coin-margined contract in USD. */
    public SyntheticInstrument contractSize(int usd) {
        return with(t -> t.contractSize = usd);
    }

    private SyntheticInstrument with(Consumer<Traits> change) {
        Traits changed = new Traits(traits);
        change.accept(changed);
        return new SyntheticInstrument(market, symbol, baseAsset, quoteAsset, listedSince, changed);
    }

    /** The market it is listed on. */
    public MarketType market() {
        return market;
    }

    /** The venue's symbol, such as {@code BTCUSDT} or {@code BTCUSD_PERP}. */
    public String symbol() {
        return symbol;
    }

    /** The asset that is bought and sold. */
    public String baseAsset() {
        return baseAsset;
    }

    /** The asset that prices are quoted in. */
    public String quoteAsset() {
        return quoteAsset;
    }

    /** The start of its first minute of trading. */
    public Instant listedSince() {
        return listedSince;
    }

    /** The instant it stopped trading, if it did. */
    public Optional<Instant> delistedAt() {
        return traits.delistedAt;
    }

    AssetProfile profile() {
        return traits.profile;
    }

    Scales scales() {
        return Scales.of(market, traits.profile.tickScale(), traits.profile.stepScale());
    }

    int idlePerThousand() {
        return traits.idlePerThousand;
    }

    boolean keepsFlatTail() {
        return traits.tail == Tail.STAYS_FLAT;
    }

    boolean isHidden() {
        return traits.visibility == Visibility.HIDDEN;
    }

    Optional<String> fixedStatus() {
        return traits.status;
    }

    String contractType() {
        return traits.contractType;
    }

    Optional<Instant> deliveryAt() {
        return traits.deliveryAt;
    }

    int contractSize() {
        return traits.contractSize;
    }

    /** The name that dated and perpetual contracts of the same underlying share, such as {@code BTCUSD}. */
    String pair() {
        int underscore = symbol.indexOf('_');
        return underscore < 0 ? symbol : symbol.substring(0, underscore);
    }

    @Override
    public String toString() {
        return market + " " + symbol + " since " + listedSince
                + traits.delistedAt.map(end -> " until " + end).orElse("");
    }
}
