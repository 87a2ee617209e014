package dev.candlewick;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a store holds of a series, from its ledger alone: no row is read.
 *
 * @param series whose rows
 * @param rows how many
 * @param units calendar units of which anything is known
 * @param present the stretches that rows cover or, for events, that were read completely
 * @param quarantined rows set aside
 * @param gaps how many gaps there are between the first and the last unit, by reason
 */
public record SeriesSummary(
        Series series, long rows, int units, TimeRanges present, long quarantined, Map<GapReason, Long> gaps) {

    /** Copies the map. */
    public SeriesSummary {
        gaps = Collections.unmodifiableMap(new TreeMap<>(gaps));
    }

    /** What a store holds of one series; nothing at all when it does not know it. */
    public static SeriesSummary of(Store store, Series series) {
        List<LedgerEntry> entries = store.ledger(series, RowVerification.ALWAYS);
        Map<GapReason, Long> gaps = new EnumMap<>(GapReason.class);
        if (!entries.isEmpty()) {
            TimeRange span =
                    entries.get(0).unit().span(entries.get(entries.size() - 1).unit());
            Coverage.of(series, span, entries).gaps().forEach(gap -> gaps.merge(gap.reason(), 1L, Long::sum));
        }
        return new SeriesSummary(
                series,
                entries.stream().mapToLong(LedgerEntry::rows).sum(),
                entries.size(),
                TimeRanges.of(entries.stream()
                        .flatMap(entry -> entry.present().asList().stream())
                        .toList()),
                entries.stream().mapToLong(entry -> entry.quarantined().size()).sum(),
                gaps);
    }

    /** What a store holds of every series, sorted by series. */
    public static List<SeriesSummary> all(Store store) {
        return store.series().stream().map(series -> of(store, series)).toList();
    }

    /** When the first row is due: the open of the first slot with a row; of events, from when on they were read. */
    public Optional<Instant> first() {
        return present.asList().stream().findFirst().map(TimeRange::start);
    }

    /**
     * When the last row is due: the open of the last slot with a row; of events, the last instant that they were read up
     * to. {@link Store#latest} gives the row itself.
     */
    public Optional<Instant> last() {
        return end().map(end -> {
            long before = EpochMicros.of(end) - 1;
            return TimeRange.instant(series.cadence() instanceof Cadence.Grid grid ? grid.floor(before) : before);
        });
    }

    /** The end of the last stretch with rows: what comes next starts here. */
    public Optional<Instant> end() {
        List<TimeRange> pieces = present.asList();
        return pieces.isEmpty()
                ? Optional.empty()
                : Optional.of(pieces.get(pieces.size() - 1).end());
    }

    /** Whether there are rows, and none is missing between the first unit and the last. */
    public boolean isComplete() {
        return rows > 0 && gaps.isEmpty();
    }

    /** {@code BINANCE:SPOT_PAIR:BTC-USDT/candles:1m: 44,640 rows, 2024-01-01T00:00:00Z to 2024-02-01T00:00:00Z, complete}. */
    @Override
    public String toString() {
        if (units == 0) {
            return series + ": nothing";
        }
        StringBuilder text = new StringBuilder(series + ": " + Words.count(rows, "row"));
        first().ifPresent(
                        first -> text.append(", ").append(first).append(" to ").append(end().orElse(first)));
        text.append(gaps.isEmpty() ? ", complete" : ", gaps");
        gaps.forEach((reason, count) ->
                text.append(' ').append(Words.grouped(count)).append(' ').append(reason));
        return text.toString();
    }
}
