package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.testkit.MemoryStore;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Ticks of every feed at random, in the order of their arrival, some of them late. */
final class Ticks {

    static final Subject BTC = Subject.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN");

    static final Subject OPTIONS = Subject.parse("DERIBIT:UNDERLYING:BTC");
    static final Series CHAIN = Series.parse("DERIBIT:GROUP:OPTIONS/options_chain");

    /** One row of one feed. */
    record Row(Series series, long arrival, Object[] values) {

        Row(Dataset dataset, long arrival, Object[] values) {
            this(new Series(BTC, dataset), arrival, values);
        }

        Dataset dataset() {
            return series.dataset();
        }

        Batch batch() {
            return new BatchBuilder(series, 1).row(values).build();
        }
    }

    private Ticks() {}

    static List<Row> random(Random random, long start, long length, int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long arrival = start + (long) (random.nextDouble() * length);
            long delay = random.nextInt(12) == 0 ? random.nextInt(70_000_000) : random.nextInt(400_000) - 100_000;
            rows.add(row(random, arrival - delay, arrival));
        }
        rows.sort(Comparator.comparingLong(Row::arrival));
        return rows;
    }

    /** Rows of options of {@link #OPTIONS} and of another underlying, some late, some from clocks that are ahead. */
    static List<Row> options(Random random, long start, long length, int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long arrival = start + (long) (random.nextDouble() * length);
            long delay = random.nextInt(8) == 0
                    ? random.nextInt(30_000_000) - 8_000_000
                    : random.nextInt(4_000_000) - 1_000_000;
            boolean call = random.nextBoolean();
            int strike = 90 + random.nextInt(8);
            List<Object> values = new ArrayList<>();
            for (Field field : CHAIN.schema().fields()) {
                values.add(
                        switch (field.name()) {
                            case "timestamp" -> arrival - delay;
                            case "local_timestamp" -> arrival;
                            case "symbol" -> (random.nextInt(9) == 0 ? "ETH-" : "BTC-") + strike + (call ? "C" : "P");
                            case "type" -> call ? "call" : "put";
                            case "strike_price" -> "" + strike;
                            case "expiration" -> start + 3_600_000_000L * (1 + random.nextInt(3) * 40L);
                            case "mark_iv" -> random.nextInt(9) == 0 ? null : 30.0 + random.nextInt(60);
                            case "delta" -> (call ? 1 : -1) * random.nextInt(100) / 100.0;
                            default -> null;
                        });
            }
            rows.add(new Row(CHAIN, arrival, values.toArray()));
        }
        rows.sort(Comparator.comparingLong(Row::arrival));
        return rows;
    }

    private static Row row(Random random, long timestamp, long arrival) {
        int kind = random.nextInt(20);
        if (kind < 11) {
            return new Row(Dataset.TRADES, arrival, new Object[] {
                timestamp,
                arrival,
                null,
                List.of("buy", "sell", "buy", "sell", "unknown").get(random.nextInt(5)),
                price(random, 0),
                amount(random)
            });
        } else if (kind < 17) {
            Object[] cells = new Object[22];
            cells[0] = timestamp;
            cells[1] = arrival;
            int asks = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(5);
            int bids = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(5);
            for (int level = 0; level < 5; level++) {
                if (level < asks) {
                    cells[2 + 4 * level] = price(random, level + 1);
                    cells[3 + 4 * level] = amount(random);
                }
                if (level < bids) {
                    cells[4 + 4 * level] = price(random, -level - 1);
                    cells[5 + 4 * level] = amount(random);
                }
            }
            return new Row(Dataset.book(5), arrival, cells);
        } else if (kind < 19) {
            return new Row(Dataset.DERIVATIVE_TICKER, arrival, new Object[] {
                timestamp,
                arrival,
                random.nextBoolean() ? (timestamp / 28_800_000_000L + 1) * 28_800_000_000L : null,
                random.nextBoolean() ? "0.0001" : null,
                null,
                random.nextBoolean() ? "" + random.nextInt(5_000) : null,
                null,
                random.nextBoolean() ? price(random, 0) : null,
                random.nextBoolean() ? price(random, 0) : null
            });
        }
        return new Row(Dataset.LIQUIDATIONS, arrival, new Object[] {
            timestamp, arrival, null, random.nextBoolean() ? "buy" : "sell", "100", amount(random)
        });
    }

    private static BigDecimal price(Random random, int level) {
        return BigDecimal.valueOf(1_000_000 + level * 100L + random.nextInt(60), 2);
    }

    private static BigDecimal amount(Random random) {
        return BigDecimal.valueOf(1 + random.nextInt(9_999), 3);
    }

    /** A store that holds the rows and covers all of the range. */
    static MemoryStore store(List<Row> rows, TimeRange covered) {
        MemoryStore store = MemoryStore.create();
        List<Series> feeds = new ArrayList<>();
        for (Dataset dataset :
                List.of(Dataset.TRADES, Dataset.book(5), Dataset.DERIVATIVE_TICKER, Dataset.LIQUIDATIONS)) {
            feeds.add(new Series(BTC, dataset));
        }
        if (rows.stream().anyMatch(row -> row.series().equals(CHAIN))) {
            feeds.add(CHAIN);
        }
        for (Series series : feeds) {
            BatchBuilder builder = new BatchBuilder(series, 16);
            List<Batch> batches = new ArrayList<>();
            for (Row row : rows) {
                if (row.series().equals(series)) {
                    builder.row(row.values());
                    if (builder.rows() == 37) {
                        batches.add(builder.build());
                    }
                }
            }
            batches.add(builder.build());
            batches.removeIf(batch -> batch.rows() == 0);
            store.write(Batches.of(series, covered, batches, Provenance.none()));
        }
        return store;
    }
}
