package dev.candlewick.instrument;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The definition of an instrument: what it is, when it was listed, and the terms it was traded on, now and before.
 *
 * <pre>{@code
 * Instrument instrument = Instrument.of(InstrumentKey.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN"))
 *         .exchange("binance-futures")
 *         .datasetId("BTCUSDT")
 *         .window(ListingWindow.since(listed))
 *         .build();
 * Optional<BigDecimal> tick = instrument.at(Instant.parse("2021-01-01T00:00:00Z")).terms().tickSize();
 * }</pre>
 *
 * <p>What identifies it is the exchange, the dataset id there and the {@linkplain #window window}; the key is a name for
 * that, which a venue may give to another asset later. Immutable; equal when everything said of it is.
 */
public final class Instrument implements Comparable<Instrument> {

    private static final Comparator<Instrument> ORDER = Comparator.comparing(Instrument::key)
            .thenComparing(each -> each.window().from().orElse(Instant.MIN))
            .thenComparing(Instrument::exchange)
            .thenComparing(Instrument::datasetId);

    private final InstrumentKey key;
    private final String exchange;
    private final String datasetId;
    private final String rawSymbol;
    private final String base;
    private final String quote;
    private final String settle;
    private final ListingWindow window;
    private final TradingTerms terms;
    private final List<TermsChange> changes;
    private final List<String> dataTypes;
    private final Optional<Instant> listing;
    private final Optional<Instant> expiry;
    private final Optional<String> underlying;
    private final Optional<String> aliasFor;
    private final Optional<InstrumentKey> renamedTo;
    private final Optional<String> provider;
    private final Optional<String> venueType;
    private final Optional<String> assetClass;

    private Instrument(Builder builder) {
        if (!builder.key.isQualified()) {
            throw new IllegalArgumentException(builder.key
                    + " does not say its margin and so names no single instrument; an example of one that does is "
                    + builder.key.qualified(Margin.LINEAR));
        }
        this.key = builder.key;
        this.exchange = given(builder.exchange, Venues.tardisExchange(key.venue()));
        this.datasetId = given(builder.datasetId, given(builder.rawSymbol, key.code()));
        this.rawSymbol = given(builder.rawSymbol, datasetId);
        this.base = given(builder.base, key.base().orElse(""));
        this.quote = given(builder.quote, key.quote().orElse(""));
        this.settle = given(builder.settle, key.margin().equals(Optional.of(Margin.INVERSE)) ? base : quote);
        this.window = builder.window;
        this.terms = builder.terms;
        this.changes = builder.changes.stream()
                .sorted(Comparator.comparing(TermsChange::until))
                .toList();
        this.dataTypes = List.copyOf(builder.dataTypes);
        this.listing = Optional.ofNullable(builder.listing);
        this.expiry = Optional.ofNullable(builder.expiry);
        this.underlying = Optional.ofNullable(builder.underlying);
        this.aliasFor = Optional.ofNullable(builder.aliasFor);
        this.renamedTo = Optional.ofNullable(builder.renamedTo);
        this.provider = Optional.ofNullable(builder.provider);
        this.venueType = Optional.ofNullable(builder.venueType);
        this.assetClass = Optional.ofNullable(builder.assetClass);
    }

    /** Starts a definition of the instrument of that key, which must be qualified. */
    public static Builder of(InstrumentKey key) {
        return new Builder(key);
    }

    /** Starts a definition that says the same. */
    public Builder toBuilder() {
        Builder builder = new Builder(key);
        builder.exchange = exchange;
        builder.datasetId = datasetId;
        builder.rawSymbol = rawSymbol;
        builder.base = base;
        builder.quote = quote;
        builder.settle = settle;
        builder.window = window;
        builder.terms = terms;
        builder.changes = changes;
        builder.dataTypes = dataTypes;
        builder.listing = listing.orElse(null);
        builder.expiry = expiry.orElse(null);
        builder.underlying = underlying.orElse(null);
        builder.aliasFor = aliasFor.orElse(null);
        builder.renamedTo = renamedTo.orElse(null);
        builder.provider = provider.orElse(null);
        builder.venueType = venueType.orElse(null);
        builder.assetClass = assetClass.orElse(null);
        return builder;
    }

    /** The canonical name. */
    public InstrumentKey key() {
        return key;
    }

    /** The exchange as Tardis calls it: {@code okex-swap}. */
    public String exchange() {
        return exchange;
    }

    /** What its files call it: {@code BTCUSDT}. */
    public String datasetId() {
        return datasetId;
    }

    /** What the venue's API calls it: {@code btcusdt}. */
    public String rawSymbol() {
        return rawSymbol;
    }

    /** The base asset in common spelling ({@code BTC}, not {@code XBT}); empty text where there is none. */
    public String base() {
        return base;
    }

    /** The quote asset as the source gives it, which for an option may be what its premium is paid in. */
    public String quote() {
        return quote;
    }

    /** What it is settled in: as the source says, else the base of an inverse contract, else the quote. */
    public String settle() {
        return settle;
    }

    /** When it was listed or recorded; data can only exist inside. */
    public ListingWindow window() {
        return window;
    }

    /** The terms as of now or, in what {@link #at} gives, of that time. */
    public TradingTerms terms() {
        return terms;
    }

    /** What the terms were before, the earliest first. */
    public List<TermsChange> changes() {
        return changes;
    }

    /** What is recorded of it, in the recorder's words; empty when not known. */
    public List<String> dataTypes() {
        return dataTypes;
    }

    /** When the venue listed it, where that is known more exactly than the {@link #window}. */
    public Optional<Instant> listing() {
        return listing;
    }

    /** When it expires or was closed. A delisted perpetual may have one; a contract may be settled before its date. */
    public Optional<Instant> expiry() {
        return expiry;
    }

    /** The index or instrument that it follows. */
    public Optional<String> underlying() {
        return underlying;
    }

    /** The symbol that this one stands for at present, of names that are handed on from contract to contract. */
    public Optional<String> aliasFor() {
        return aliasFor;
    }

    /** What the asset was renamed to: the instrument that goes on where this one ends. */
    public Optional<InstrumentKey> renamedTo() {
        return renamedTo;
    }

    /** Who this definition comes from: {@code tardis}. */
    public Optional<String> provider() {
        return provider;
    }

    /** {@code CEX} or {@code DEX}, where known. */
    public Optional<String> venueType() {
        return venueType;
    }

    /** The class of the asset behind it, in the source's words. */
    public Optional<String> assetClass() {
        return assetClass;
    }

    /** The symbol by which the CCXT libraries know it: {@code BTC/USDT:USDT-250627}; empty for what is no pair. */
    public Optional<String> ccxtSymbol() {
        if (!key.type().isPair()) {
            return Optional.empty();
        }
        String pair = key.base().orElseThrow() + "/" + key.quote().orElseThrow();
        String code = key.seedForm().code();
        String dated = code.substring(pair.length());
        return Optional.of(
                switch (key.type()) {
                    case OPTION -> pair + ":" + settle + dated.substring(0, dated.lastIndexOf('-') + 2);
                    case FUTURE, PERPETUAL -> pair + ":" + settle + dated;
                    default -> pair;
                });
    }

    /** Whether it was listed on any part of the UTC day. */
    public boolean isAliveOn(LocalDate day) {
        return window.touches(day);
    }

    /**
     * The definition as it was at an instant: each term is that of the earliest change still to come then that has it, else
     * today's. Changes that had not happened are gone.
     */
    public Instrument at(Instant instant) {
        TradingTerms then = TradingTerms.unknown();
        List<TermsChange> past = new ArrayList<>();
        for (TermsChange change : changes) {
            if (change.until().isAfter(instant)) {
                then = then.orElse(change.before());
            } else {
                past.add(change);
            }
        }
        return past.size() == changes.size()
                ? this
                : toBuilder().terms(then.orElse(terms)).changes(past).build();
    }

    /**
     * This definition with what the other one knows in addition, over both windows: for two sources' words on one
     * instrument.
     */
    Instrument completedBy(Instrument other) {
        return toBuilder()
                .window(closedBy(other).including(other.closedBy(this)))
                .terms(terms.orElse(other.terms))
                .changes(changes.isEmpty() ? other.changes : changes)
                .dataTypes(dataTypes.isEmpty() ? other.dataTypes : dataTypes)
                .listing(listing.or(other::listing).orElse(null))
                .expiry(expiry.or(other::expiry).orElse(null))
                .underlying(underlying.or(other::underlying).orElse(null))
                .aliasFor(aliasFor.or(other::aliasFor).orElse(null))
                .renamedTo(renamedTo.or(other::renamedTo).orElse(null))
                .provider(provider.or(other::provider).orElse(null))
                .venueType(venueType.or(other::venueType).orElse(null))
                .assetClass(assetClass.or(other::assetClass).orElse(null))
                .build();
    }

    // A source may know that it is no longer traded without knowing since when; the other one's end is then the end.
    private ListingWindow closedBy(Instrument other) {
        boolean ended = terms.state().equals(Optional.of(TradingState.INACTIVE));
        return window.to().isEmpty() && ended ? new ListingWindow(window.from(), other.window.to()) : window;
    }

    /** Orders by key, then by the beginning of the window. */
    @Override
    public int compareTo(Instrument other) {
        return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Instrument instrument && everything().equals(instrument.everything());
    }

    @Override
    public int hashCode() {
        return everything().hashCode();
    }

    /** {@code BINANCE:SPOT_PAIR:BTC-USDT (binance BTCUSDT, 2019-03-30T00:00:00Z to now)}. */
    @Override
    public String toString() {
        return key + " (" + exchange + " " + datasetId + ", " + window + ")";
    }

    private List<Object> everything() {
        return List.of(
                key,
                exchange,
                datasetId,
                rawSymbol,
                base,
                quote,
                settle,
                window,
                terms,
                changes,
                dataTypes,
                listing,
                expiry,
                underlying,
                aliasFor,
                renamedTo,
                provider,
                venueType,
                assetClass);
    }

    private static String given(@Nullable String value, String otherwise) {
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /** Collects what is known of an instrument. Not thread-safe. */
    public static final class Builder {

        private final InstrumentKey key;
        private @Nullable String exchange;
        private @Nullable String datasetId;
        private @Nullable String rawSymbol;
        private @Nullable String base;
        private @Nullable String quote;
        private @Nullable String settle;
        private ListingWindow window = ListingWindow.unknown();
        private TradingTerms terms = TradingTerms.unknown();
        private List<TermsChange> changes = List.of();
        private List<String> dataTypes = List.of();
        private @Nullable Instant listing;
        private @Nullable Instant expiry;
        private @Nullable String underlying;
        private @Nullable String aliasFor;
        private @Nullable InstrumentKey renamedTo;
        private @Nullable String provider;
        private @Nullable String venueType;
        private @Nullable String assetClass;

        private Builder(InstrumentKey key) {
            this.key = key;
        }

        /** Sets the exchange as Tardis calls it (default: that of the key's venue). */
        public Builder exchange(String id) {
            this.exchange = id;
            return this;
        }

        /** Sets what its files call it (default: the raw symbol). */
        public Builder datasetId(String id) {
            this.datasetId = id;
            return this;
        }

        /** Sets what the venue's API calls it (default: the dataset id). */
        public Builder rawSymbol(String symbol) {
            this.rawSymbol = symbol;
            return this;
        }

        /** Sets the base asset (default: the key's). */
        public Builder base(String asset) {
            this.base = asset;
            return this;
        }

        /** Sets the quote asset (default: the key's). */
        public Builder quote(String asset) {
            this.quote = asset;
            return this;
        }

        /** Sets what it is settled in (default: the base of an inverse contract, else the quote). */
        public Builder settle(String asset) {
            this.settle = asset;
            return this;
        }

        /** Sets when it was listed. */
        public Builder window(ListingWindow window) {
            this.window = window;
            return this;
        }

        /** Sets the terms as of now. */
        public Builder terms(TradingTerms terms) {
            this.terms = terms;
            return this;
        }

        /** Sets what the terms were before, in any order. */
        public Builder changes(List<TermsChange> changes) {
            this.changes = changes;
            return this;
        }

        /** Sets what is recorded of it. */
        public Builder dataTypes(List<String> types) {
            this.dataTypes = types;
            return this;
        }

        /** Sets when the venue listed it; null when not known. */
        public Builder listing(@Nullable Instant instant) {
            this.listing = instant;
            return this;
        }

        /** Sets when it expires; null when it does not. */
        public Builder expiry(@Nullable Instant instant) {
            this.expiry = instant;
            return this;
        }

        /** Sets the index that it follows; null when not known. */
        public Builder underlying(@Nullable String name) {
            this.underlying = name;
            return this;
        }

        /** Sets the symbol that it stands for; null when it stands for itself. */
        public Builder aliasFor(@Nullable String symbol) {
            this.aliasFor = symbol;
            return this;
        }

        /** Sets what it was renamed to; null when it was not. */
        public Builder renamedTo(@Nullable InstrumentKey successor) {
            this.renamedTo = successor;
            return this;
        }

        /** Sets who says all this; null when nobody in particular. */
        public Builder provider(@Nullable String name) {
            this.provider = name;
            return this;
        }

        /** Sets {@code CEX} or {@code DEX}; null when not known. */
        public Builder venueType(@Nullable String type) {
            this.venueType = type;
            return this;
        }

        /** Sets the class of the asset behind it; null when not known. */
        public Builder assetClass(@Nullable String name) {
            this.assetClass = name;
            return this;
        }

        /**
         * The definition.
         *
         * @throws IllegalArgumentException when the key does not say a derivative's margin
         */
        public Instrument build() {
            return new Instrument(this);
        }
    }
}
