package dev.candlewick.source.tardis;

import dev.candlewick.TimeRange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What Tardis has of an exchange: symbols, files, and what went wrong while recording.
 *
 * @param exchange the exchange
 * @param symbols instruments as the venue's interface spells them
 * @param incidents stretches that are known to be recorded badly or not at all, in the order given
 * @param datasets the daily files; empty when there are none
 */
public record TardisExchangeDetails(
        TardisExchange exchange, List<Symbol> symbols, List<Incident> incidents, Optional<Datasets> datasets) {

    /** Copies the lists. */
    public TardisExchangeDetails {
        symbols = List.copyOf(symbols);
        incidents = List.copyOf(incidents);
    }

    /**
     * An instrument as the venue's interface spells it, in small letters on Binance for example.
     *
     * @param id the venue's symbol
     * @param type {@code spot, future, perpetual, option, combo, prediction} or a newer word
     * @param availableSince since when it is recorded
     * @param availableTo until when; empty while it goes on
     */
    public record Symbol(String id, String type, Instant availableSince, Optional<Instant> availableTo) {}

    /**
     * A stretch that is known to be recorded badly or not at all.
     *
     * @param range from when to when
     * @param status {@code resolved}, {@code wontfix} or {@code unresolved}
     * @param details what happened, for people
     */
    public record Incident(TimeRange range, String status, String details) {}

    /**
     * The daily files.
     *
     * @param exportedFrom the first day
     * @param exportedUntil the first instant of which there is no file yet
     * @param symbols what there are files of, groups such as {@code OPTIONS} included
     */
    public record Datasets(Instant exportedFrom, Instant exportedUntil, List<DatasetSymbol> symbols) {

        /** Copies the list. */
        public Datasets {
            symbols = List.copyOf(symbols);
        }
    }

    /**
     * What there are daily files of.
     *
     * @param id as the addresses of files spell it
     * @param type as of a {@link Symbol}; of groups whatever Tardis says
     * @param availableSince the first day
     * @param availableTo the end of the files so far: <em>not</em> of the listing, see {@link #ended}
     * @param dataTypes {@code trades, book_snapshot_5} and so on
     */
    public record DatasetSymbol(
            String id, String type, Instant availableSince, Optional<Instant> availableTo, List<String> dataTypes) {

        /** Copies the list. */
        public DatasetSymbol {
            dataTypes = List.copyOf(dataTypes);
        }
    }

    /** What there are files of under this name, which must be spelled as addresses spell it. */
    public Optional<DatasetSymbol> datasetSymbol(String id) {
        return datasets.flatMap(files ->
                files.symbols().stream().filter(each -> each.id().equals(id)).findFirst());
    }

    /**
     * When the files of a symbol ended for good; empty while they go on. Files of what is still listed end where the export
     * of the day ended, so that only an earlier end, or one that the listing itself has, is one.
     */
    public Optional<Instant> ended(DatasetSymbol symbol) {
        Optional<Instant> listed = symbols.stream()
                .filter(each -> TardisSymbols.datasetId(each.id()).equalsIgnoreCase(symbol.id()))
                .findFirst()
                .flatMap(Symbol::availableTo);
        Instant exported = datasets.map(Datasets::exportedUntil).orElse(Instant.EPOCH);
        return listed.or(() -> symbol.availableTo().filter(to -> to.isBefore(exported)));
    }

    @Override
    public String toString() {
        return exchange.id() + ": " + symbols.size() + " symbols, " + incidents.size() + " incidents, "
                + datasets.map(files -> files.symbols().size() + " of them in files until " + files.exportedUntil())
                        .orElse("no files");
    }
}
