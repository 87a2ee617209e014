package dev.candlewick.tick;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Column;
import dev.candlewick.DecimalColumn;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Checks ticks row by row beyond what a store proves of them: sides, signs, ids that occur twice, books that cross, clocks that
 * are a day apart, columns without a single value. Finds and counts; changes nothing.
 *
 * <p>Rules, by the name that a {@link Finding} gives:
 *
 * <ul>
 *   <li>{@code side}: {@code buy}, {@code sell} or {@code unknown} for trades, {@code bid} or {@code ask} for book changes;
 *   <li>{@code negative}: amounts, volumes, prices and open interest below zero; a price of zero of a trade;
 *   <li>{@code duplicate}: an id that one of the {@value RecentIds#REMEMBERED} rows before had too. Trades without ids may
 *       repeat in all columns and be different trades;
 *   <li>{@code crossed}: a best bid at or above the best ask;
 *   <li>{@code clock}: venue and arrival more than a day apart, as after a mistaken unit of time;
 *   <li>{@code empty}: a column that no row has a value in, though it is not one of those that a venue may leave out.
 * </ul>
 *
 * <p>Holds no rows; immutable, safe for many threads.
 */
public final class TickValidation {

    private static final long FAR_APART = Duration.ofDays(1).toNanos() / 1_000;

    private static final Set<String> TRADE_SIDES = Set.of("buy", "sell", "unknown");
    private static final Set<String> BOOK_SIDES = Set.of("bid", "ask");

    private final Source source;

    private TickValidation(Source source) {
        this.source = source;
    }

    /** Checks what a store or another source gives. */
    public static TickValidation over(Source source) {
        return new TickValidation(Objects.requireNonNull(source, "source"));
    }

    /** Reads and checks every row of a series in a range. */
    public SeriesFindings check(Series series, TimeRange range) {
        Tally tally = new Tally(series.schema());
        ValueRanges ranges = new ValueRanges();
        long rows = 0;
        try (Batches batches = source.read(series, range)) {
            for (Batch batch : batches) {
                tally.add(batch);
                ranges.add(batch);
                rows += batch.rows();
            }
        }
        return new SeriesFindings(series, range, rows, ranges.ranges(), tally.findings(rows));
    }

    /** Counts what breaks the rules. For one thread. */
    private static final class Tally {

        private final Schema schema;
        private final Map<String, Broken> broken = new LinkedHashMap<>();
        private final Map<String, Long> values = new LinkedHashMap<>();
        private final RecentIds ids = new RecentIds();

        Tally(Schema schema) {
            this.schema = schema;
        }

        void add(Batch batch) {
            List<String> names = schema.names();
            if (names.contains("side")) {
                sides(batch, names.contains("is_snapshot") ? BOOK_SIDES : TRADE_SIDES);
            }
            if (names.contains("id") && batch.column("id") instanceof TextColumn column) {
                duplicates(batch, column);
            }
            if (names.contains("local_timestamp")) {
                clocks(batch);
            }
            for (Column column : batch.columns()) {
                if (column instanceof DecimalColumn decimals) {
                    signs(batch, decimals);
                }
                values.merge(column.name(), present(column), Long::sum);
            }
            crossed(batch, "bid_price", "ask_price");
            crossed(batch, "bid_price_1", "ask_price_1");
        }

        List<Finding> findings(long rows) {
            List<Finding> findings = new ArrayList<>();
            broken.forEach((rule, what) -> findings.add(new Finding(rule, what.rows, what.first)));
            if (rows > 0) {
                values.forEach((name, count) -> {
                    if (count == 0 && !mayBeAbsent(name)) {
                        findings.add(new Finding("empty", rows, "no row has a value in column '" + name + "'"));
                    }
                });
            }
            return findings;
        }

        private void sides(Batch batch, Set<String> allowed) {
            TextColumn sides = batch.texts("side");
            for (int row = 0; row < batch.rows(); row++) {
                if (!allowed.contains(sides.value(row))) {
                    broken(
                            "side",
                            batch,
                            row,
                            "has side '" + sides.value(row) + "', none of "
                                    + allowed.stream().sorted().toList());
                }
            }
        }

        private void duplicates(Batch batch, TextColumn column) {
            for (int row = 0; row < batch.rows(); row++) {
                if (!column.isNull(row) && !ids.add(column.value(row))) {
                    broken("duplicate", batch, row, "has the id " + column.value(row) + " of a row before it");
                }
            }
        }

        private void clocks(Batch batch) {
            TimeColumn venue = batch.times("timestamp");
            TimeColumn local = batch.times("local_timestamp");
            for (int row = 0; row < batch.rows(); row++) {
                if (Math.abs(venue.epochMicros(row) - local.epochMicros(row)) > FAR_APART) {
                    broken(
                            "clock",
                            batch,
                            row,
                            "happened at " + venue.text(row) + " and arrived at " + local.text(row));
                }
            }
        }

        private void signs(Batch batch, DecimalColumn column) {
            String name = column.name();
            if (!mustNotBeNegative(name)) {
                return;
            }
            boolean zeroToo = name.equals("price") && !schema.names().contains("is_snapshot");
            for (int row = 0; row < column.size(); row++) {
                long high = column.high(row);
                if (!column.isNull(row) && (high < 0 || (zeroToo && high == 0 && column.low(row) == 0))) {
                    broken("negative", batch, row, "has " + name + " " + column.text(row));
                }
            }
        }

        private void crossed(Batch batch, String bids, String asks) {
            if (!schema.names().contains(bids) || !schema.names().contains(asks)) {
                return;
            }
            DecimalColumn bid = batch.decimals(bids);
            DecimalColumn ask = batch.decimals(asks);
            for (int row = 0; row < batch.rows(); row++) {
                if (!bid.isNull(row) && !ask.isNull(row) && bid.get(row).compareTo(ask.get(row)) >= 0) {
                    broken("crossed", batch, row, "bids " + bid.text(row) + " and asks " + ask.text(row));
                }
            }
        }

        private void broken(String rule, Batch batch, int row, String what) {
            Broken known = broken.get(rule);
            if (known == null) {
                broken.put(rule, new Broken("the row at " + batch.times().text(row) + " " + what));
            } else {
                known.rows++;
            }
        }

        private static long present(Column column) {
            if (!column.hasNulls()) {
                return column.size();
            }
            long count = 0;
            for (int row = 0; row < column.size(); row++) {
                count += column.isNull(row) ? 0 : 1;
            }
            return count;
        }

        /** What venues leave out by their nature: ids, forecasts, deeper levels of thin books, whatever options lack. */
        private boolean mayBeAbsent(String name) {
            return !schema.field(name).nullable()
                    || name.equals("id")
                    || schema.names().contains("funding_timestamp")
                    || schema.names().contains("strike_price")
                    || name.matches(".*_([2-9]|[0-9]{2,})");
        }

        private static boolean mustNotBeNegative(String name) {
            return name.equals("price")
                    || name.contains("amount")
                    || name.contains("volume")
                    || name.equals("open_interest")
                    || name.matches("(ask|bid)_price(_[0-9]+)?");
        }
    }

    private static final class Broken {

        private final String first;
        private long rows = 1;

        Broken(String first) {
            this.first = first;
        }
    }
}
