package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
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

    /** One row of one feed. */
    record Row(Dataset dataset, long arrival, Object[] values) {

        Batch batch() {
            return new BatchBuilder(new Series(BTC, dataset), 1).row(values).build();
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
        for (Dataset dataset :
                List.of(Dataset.TRADES, Dataset.book(5), Dataset.DERIVATIVE_TICKER, Dataset.LIQUIDATIONS)) {
            Series series = new Series(BTC, dataset);
            BatchBuilder builder = new BatchBuilder(series, 16);
            List<Batch> batches = new ArrayList<>();
            for (Row row : rows) {
                if (row.dataset().equals(dataset)) {
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
