package dev.candlewick.source.binance;

import dev.candlewick.Batch;
import dev.candlewick.Cadence;
import dev.candlewick.MarketDataException;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** One series as Binance knows it, and where to ask for it. For one reading, by one thread. */
final class KlineRequest {

    private final BinanceRoutes routes;
    private final Series series;
    private final Cadence.Grid grid;
    private final String symbol;
    private boolean known;

    KlineRequest(BinanceRoutes routes, Series series, Cadence.Grid grid, String symbol) {
        this.routes = routes;
        this.series = series;
        this.grid = grid;
        this.symbol = symbol;
    }

    Market market() {
        return routes.market();
    }

    VenueApi api() {
        return routes.api();
    }

    ArchiveFiles archive() {
        return routes.archive();
    }

    Listings listings() {
        return routes.listings();
    }

    ArchiveLag lag() {
        return routes.lag();
    }

    Series series() {
        return series;
    }

    Cadence.Grid grid() {
        return grid;
    }

    String symbol() {
        return symbol;
    }

    /** Rows prove that the symbol exists, whatever REST says of it today. */
    void sawRows(Batch rows) {
        known |= rows.rows() > 0;
    }

    /** Refuses a symbol that neither REST nor the archive knows. */
    void requireKnownSymbol(UnknownSymbol unknown, TimeRange range) {
        if (archiveKnowsSymbol(range)) {
            return;
        }
        throw PieceReader.unknownSymbol(this, String.valueOf(unknown.getMessage()), nearMatches());
    }

    /** Whether rows of the symbol were seen or the archive lists files of it. */
    boolean archiveKnowsSymbol(TimeRange range) {
        known = known || archiveLists(range);
        return known;
    }

    private boolean archiveLists(TimeRange range) {
        YearMonth month = YearMonth.from(range.start().atZone(ZoneOffset.UTC));
        for (ArchiveFile example : List.of(
                ArchiveFile.monthly(market(), symbol, grid.interval(), month),
                ArchiveFile.daily(market(), symbol, grid.interval(), month.atDay(1)))) {
            Optional<Boolean> listed = Optional.empty();
            try {
                listed = archive().lists(example);
            } catch (MarketDataException unreachable) {
                if (unreachable instanceof dev.candlewick.Cancelled) {
                    throw unreachable;
                }
            }
            if (listed.orElse(false)) {
                return true;
            }
        }
        return false;
    }

    private List<String> nearMatches() {
        try {
            return NearMatches.of(
                    symbol,
                    api().exchangeInfo().instruments().stream()
                            .map(BinanceSymbol::symbol)
                            .toList());
        } catch (dev.candlewick.Unavailable | dev.candlewick.Refused | dev.candlewick.Corrupt cannotTell) {
            return List.of();
        }
    }
}
