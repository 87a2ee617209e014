package dev.candlewick.source.tardis.simulator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * What arrives of one instrument in one day: always the same for the same names. Trades, books and quotes of a day belong
 * together: snapshots and quotes are what the level changes make, and trades happen at the top of the book.
 */
final class SyntheticDay {

    /** One line of a file, and when it arrived. */
    record Row(long arrival, String cells) {}

    private static final BigDecimal AT_40000 = new BigDecimal("0.68");
    private static final BigDecimal FOUR = BigDecimal.valueOf(4);
    private static final BigDecimal LEAST_DELTA = new BigDecimal("0.01");

    private static final String HEAD = "exchange,symbol,timestamp,local_timestamp,";
    private static final int DEPTH = 30;
    private static final long DAY = 86_400_000_000L;
    private static final long LIQUIDATED_EVERY = 97;

    private final SimulatedInstrument instrument;
    private final long start;
    private final int steps;
    private final LongPredicate silent;
    private final SplittableRandom random;
    private final TreeMap<Long, Long> asks = new TreeMap<>();
    private final TreeMap<Long, Long> bids = new TreeMap<>(Comparator.reverseOrder());
    private final Map<String, List<Row>> files = new TreeMap<>();
    private String top5 = "";
    private String top25 = "";
    private String top = "";
    private long clock;
    private long mid;

    /**
     * Makes a day.
     *
     * @param steps how many messages arrive
     * @param silent at which instants nothing does
     */
    SyntheticDay(SimulatedInstrument instrument, LocalDate day, int steps, LongPredicate silent) {
        this.instrument = instrument;
        this.start = day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1_000_000;
        this.steps = steps;
        this.silent = silent;
        this.random = new SplittableRandom((instrument.exchange() + "/" + instrument.id() + "/" + day).hashCode());
        this.mid = instrument.price().divide(instrument.tick()).longValue();
        make();
    }

    /** The header of a type of file. */
    static String header(String type) {
        return HEAD
                + switch (type) {
                    case "trades", "liquidations" -> "id,side,price,amount";
                    case "incremental_book_L2" -> "is_snapshot,side,price,amount";
                    case "book_snapshot_5" -> levels(5);
                    case "book_snapshot_25" -> levels(25);
                    case "quotes", "book_ticker" -> "ask_amount,ask_price,bid_price,bid_amount";
                    case "derivative_ticker" ->
                        "funding_timestamp,funding_rate,predicted_funding_rate,open_interest,last_price,index_price,"
                                + "mark_price";
                    default ->
                        "type,strike_price,expiration,open_interest,last_price,bid_price,bid_amount,bid_iv,ask_price,"
                                + "ask_amount,ask_iv,mark_price,mark_iv,underlying_index,underlying_price,delta,gamma,"
                                + "vega,theta,rho";
                };
    }

    /** The rows of a type of file in the order of their arrival. */
    List<Row> rows(String type) {
        return Collections.unmodifiableList(files.getOrDefault(type, List.of()));
    }

    private static String levels(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            for (String side : new String[] {"asks", "bids"}) {
                names.add(side + "[" + i + "].price");
                names.add(side + "[" + i + "].amount");
            }
        }
        return String.join(",", names);
    }

    private void make() {
        long every = DAY / steps;
        boolean wasSilent = true; // a day begins with a snapshot, as does everything after a silence
        for (int step = 0; step < steps; step++) {
            clock = start + step * every + random.nextLong(every);
            // The venue's clock: mostly a little earlier, now and then later; the day's first may be of the day before.
            long venue = clock - 2_000 - random.nextLong(step % 50 == 0 ? 900_000 : 40_000) / 1_000 * 1_000;
            if (silent.test(clock)) {
                wasSilent = true;
                continue;
            }
            if (wasSilent) {
                snapshot(venue);
                wasSilent = false;
            } else {
                change(venue);
            }
            books(venue);
            if (step % 3 == 0) {
                trade(step, venue);
            }
            if (step % 20 == 0) {
                tickers(step, venue);
            }
            if (instrument.kind().equals("option")) {
                option(venue);
            }
        }
    }

    private void snapshot(long venue) {
        asks.clear();
        bids.clear();
        for (int level = 1; level <= DEPTH; level++) {
            asks.put(mid + level, amount());
            bids.put(mid - level + 1, amount());
        }
        asks.forEach((price, amount) -> level(venue, "true", "ask", price, amount));
        bids.forEach((price, amount) -> level(venue, "true", "bid", price, amount));
    }

    private void change(long venue) {
        mid = Math.max(DEPTH + 5, mid + random.nextInt(3) - 1); // no price ever falls to nothing
        for (int i = 0; i < 2; i++) {
            long price = mid + 1 + random.nextLong(DEPTH);
            set(asks, "ask", price, random.nextInt(4) == 0 && asks.size() > 5 ? 0 : amount(), venue);
            price = mid - random.nextLong(DEPTH);
            set(bids, "bid", price, random.nextInt(4) == 0 && bids.size() > 5 ? 0 : amount(), venue);
        }
        // What the middle has passed is gone.
        while (asks.firstKey() <= mid) {
            set(asks, "ask", asks.firstKey(), 0, venue);
        }
        while (bids.firstKey() > mid) {
            set(bids, "bid", bids.firstKey(), 0, venue);
        }
    }

    private void set(NavigableMap<Long, Long> side, String name, long price, long amount, long venue) {
        if (amount == 0 && side.remove(price) == null) {
            return;
        }
        if (amount != 0) {
            side.put(price, amount);
        }
        level(venue, "false", name, price, amount);
    }

    private void level(long venue, String snapshot, String side, long price, long amount) {
        add("incremental_book_L2", venue, snapshot + "," + side + "," + price(price) + "," + amount(amount));
    }

    private void books(long venue) {
        String five = book(5);
        String twentyFive = book(25);
        Map.Entry<Long, Long> ask = asks.firstEntry();
        Map.Entry<Long, Long> bid = bids.firstEntry();
        String quote = amount(ask.getValue()) + "," + price(ask.getKey()) + "," + price(bid.getKey()) + ","
                + amount(bid.getValue());
        if (!five.equals(top5)) {
            add("book_snapshot_5", venue, five);
        }
        if (!twentyFive.equals(top25)) {
            add("book_snapshot_25", venue, twentyFive);
        }
        if (!quote.equals(top)) {
            add("quotes", venue, quote);
            add("book_ticker", venue, quote);
        }
        top5 = five;
        top25 = twentyFive;
        top = quote;
    }

    private String book(int levels) {
        List<Map.Entry<Long, Long>> sellers = new ArrayList<>(asks.entrySet());
        List<Map.Entry<Long, Long>> buyers = new ArrayList<>(bids.entrySet());
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < levels; i++) {
            cells.add(
                    i < sellers.size()
                            ? price(sellers.get(i).getKey()) + ","
                                    + amount(sellers.get(i).getValue())
                            : ",");
            cells.add(
                    i < buyers.size()
                            ? price(buyers.get(i).getKey()) + ","
                                    + amount(buyers.get(i).getValue())
                            : ",");
        }
        return String.join(",", cells);
    }

    private void trade(int step, long venue) {
        boolean buys = random.nextBoolean();
        long price = buys ? asks.firstKey() : bids.firstKey();
        long id = start / DAY * 1_000_000 + step;
        String cells = (buys ? "buy," : "sell,") + price(price) + "," + amount(amount());
        add("trades", venue, id + "," + cells);
        if (step % LIQUIDATED_EVERY == 0) {
            add("liquidations", venue, (step % 2 == 0 ? "" : Long.toString(id)) + "," + cells);
        }
    }

    private void tickers(int step, long venue) {
        String last = price(bids.firstKey());
        // The first rows of a day know only what has changed so far.
        String funding = step < 60 ? ",,,," : funding();
        add("derivative_ticker", venue, funding + last + "," + last + "," + finer(mid, "25"));
    }

    private String funding() {
        long next = (clock / (DAY / 3) + 1) * (DAY / 3);
        String rate = BigDecimal.valueOf(random.nextInt(2001) - 1000L, 7)
                .stripTrailingZeros()
                .toPlainString();
        return next + "," + rate + ",," + (100_000 + random.nextInt(1000)) + ",";
    }

    private void option(long venue) {
        String quoted = random.nextInt(10) == 0 ? ",," : price(bids.firstKey()) + ",15.1,55.91";
        add(
                "options_chain",
                venue,
                String.join(
                        ",",
                        instrument.isCall() ? "call" : "put",
                        instrument.strike().map(BigDecimal::toPlainString).orElse(""),
                        Long.toString(micros(instrument.expiry().orElse(Instant.EPOCH))),
                        "12.5",
                        price(mid),
                        quoted,
                        price(asks.firstKey()),
                        "20.3",
                        "68.94",
                        finer(mid, "0436"),
                        BigDecimal.valueOf(6_000 + random.nextInt(300), 2).toPlainString(),
                        "SYN.BTC-27JUN25",
                        "42012.36",
                        delta().toPlainString(),
                        "0.00003",
                        "71.2",
                        "-21.7",
                        instrument.isCall() ? "55.1" : "-48.3"));
    }

    // Falls with the strike, so that a chain has options at the money and others at a quarter.
    private BigDecimal delta() {
        BigDecimal strike = instrument.strike().orElse(BigDecimal.ZERO);
        BigDecimal call = AT_40000.subtract(strike.subtract(BigDecimal.valueOf(40_000))
                        .movePointLeft(5)
                        .multiply(FOUR))
                .max(LEAST_DELTA)
                .min(BigDecimal.ONE.subtract(LEAST_DELTA))
                .setScale(2, RoundingMode.HALF_EVEN);
        return instrument.isCall() ? call : call.subtract(BigDecimal.ONE);
    }

    private void add(String type, long venue, String cells) {
        files.computeIfAbsent(type, unseen -> new ArrayList<>())
                .add(new Row(
                        clock,
                        instrument.exchange() + "," + instrument.id() + "," + venue + "," + clock + "," + cells));
    }

    private long amount() {
        return 1 + random.nextLong(5_000);
    }

    private static String amount(long thousandths) {
        return plain(BigDecimal.valueOf(thousandths, 3));
    }

    private String price(long ticks) {
        return plain(instrument.tick().multiply(BigDecimal.valueOf(ticks)));
    }

    /** A price that is computed rather than traded: more digits than a tick has. */
    private String finer(long ticks, String digits) {
        String price = price(ticks);
        return price + (price.indexOf('.') < 0 ? "." : "") + digits;
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000;
    }
}
