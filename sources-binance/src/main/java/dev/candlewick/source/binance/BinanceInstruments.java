package dev.candlewick.source.binance;

import dev.candlewick.Unavailable;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.instrument.InstrumentType;
import dev.candlewick.instrument.ListingWindow;
import dev.candlewick.instrument.TradingState;
import dev.candlewick.instrument.TradingTerms;
import dev.candlewick.instrument.Venues;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Binance says of its instruments as definitions: its own list, and the archive's for those it has forgotten. */
final class BinanceInstruments {

    private static final String PROVIDER = "binance";
    private static final Pattern DAY = Pattern.compile(".+-([0-9]{4}-[0-9]{2}-[0-9]{2})\\.zip");

    private final Market market;

    BinanceInstruments(Market market) {
        this.market = market;
    }

    InstrumentCatalog listed(ExchangeInfo info) {
        return InstrumentCatalog.of(
                info.instruments().stream().map(this::definition).toList());
    }

    InstrumentCatalog everListed(ExchangeInfo info, ArchiveFiles archive) {
        List<Instrument> all = new ArrayList<>();
        Map<String, BinanceSymbol> named = new HashMap<>();
        for (BinanceSymbol each : info.instruments()) {
            named.put(each.symbol(), each);
        }
        String folder = market.archiveRoot() + "/daily/klines/";
        for (String symbol : folders(archive.listing(), folder)) {
            BinanceSymbol known = named.get(symbol);
            if (known == null || (!known.isAlive() && window(known).to().isEmpty())) {
                Optional<ListingWindow> window = window(archive.listing(), folder + symbol + "/1d/");
                if (window.isPresent()) {
                    all.add(
                            known == null
                                    ? forgotten(symbol, window.get())
                                    : definition(known).toBuilder()
                                            .window(window.get())
                                            .build());
                    named.remove(symbol);
                }
            }
        }
        named.values().forEach(each -> all.add(definition(each)));
        return InstrumentCatalog.of(all);
    }

    private static List<String> folders(BucketListing listing, String folder) {
        return listing.foldersIn(folder)
                .orElseThrow(() -> new Unavailable("The archive's list of " + folder + " could not be read"));
    }

    /** From the first to the last day that there is a file of; empty when there is none. */
    private static Optional<ListingWindow> window(BucketListing listing, String folder) {
        SortedSet<LocalDate> days = new TreeSet<>();
        List<String> files = listing.filesIn(folder)
                .orElseThrow(() -> new Unavailable("The archive's list of " + folder + " could not be read"));
        for (String file : files) {
            Matcher day = DAY.matcher(file);
            if (day.matches()) {
                try {
                    days.add(LocalDate.parse(day.group(1)));
                } catch (DateTimeException noDay) {
                    // a name that is no date says nothing of the window
                }
            }
        }
        return days.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        ListingWindow.of(start(days.first()), start(days.last().plusDays(1))));
    }

    private Instrument forgotten(String symbol, ListingWindow window) {
        InstrumentKey key = SymbolParts.subject(market, symbol)
                .map(InstrumentKey::of)
                .orElseGet(() -> InstrumentKey.of(market.venue(), InstrumentType.RAW, symbol));
        return Instrument.of(key)
                .exchange(Venues.tardisExchange(market.venue()))
                .rawSymbol(symbol)
                .window(window)
                .terms(TradingTerms.unknown().in(TradingState.INACTIVE))
                .provider(PROVIDER)
                .venueType("CEX")
                .build();
    }

    private Instrument definition(BinanceSymbol each) {
        return Instrument.of(key(each))
                .exchange(Venues.tardisExchange(market.venue()))
                .rawSymbol(each.symbol())
                .base(each.base())
                .quote(each.quote())
                .settle(each.settle())
                .window(window(each))
                .terms(terms(each))
                .listing(each.listedFrom().orElse(null))
                .expiry(each.listedTo().orElse(null))
                .underlying(each.pair().isEmpty() ? null : each.pair())
                .assetClass(each.underlyingType().isEmpty() ? null : each.underlyingType())
                .provider(PROVIDER)
                .venueType("CEX")
                .build();
    }

    private InstrumentKey key(BinanceSymbol each) {
        try {
            return InstrumentKey.of(each.subject());
        } catch (IllegalArgumentException noPair) {
            return InstrumentKey.of(market.venue(), InstrumentType.RAW, each.symbol());
        }
    }

    // A contract may be announced with dates that make no sense; then nothing is known of its window.
    private static ListingWindow window(BinanceSymbol each) {
        boolean backwards = each.listedFrom()
                .flatMap(from -> each.listedTo().map(to -> to.isBefore(from)))
                .orElse(false);
        return backwards ? ListingWindow.unknown() : new ListingWindow(each.listedFrom(), each.listedTo());
    }

    private TradingTerms terms(BinanceSymbol each) {
        Optional<BigDecimal> contract =
                market == Market.USD_MARGINED ? Optional.of(BigDecimal.ONE) : each.contractSize();
        Optional<TradingState> state = each.status().isEmpty()
                ? Optional.empty()
                : Optional.of(each.status().equals("TRADING") ? TradingState.ACTIVE : TradingState.INACTIVE);
        return new TradingTerms(
                each.tickSize(),
                each.stepSize(),
                each.minSize(),
                each.minNotional(),
                contract,
                Optional.empty(),
                Optional.empty(),
                state);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
