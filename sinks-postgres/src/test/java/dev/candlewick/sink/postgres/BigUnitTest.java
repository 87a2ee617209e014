package dev.candlewick.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.ContentHash;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Provenance;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A unit many times the heap, in a process of its own. */
class BigUnitTest {

    private static final Series TRADES = new Series(
            Subject.parse("BINANCE:SPOT_PAIR:BTC-USDT"),
            new Dataset(
                    "prints",
                    new Schema(
                            List.of(
                                    Field.time("at"),
                                    Field.int64("id"),
                                    Field.decimal("price", 18, 8),
                                    Field.decimal("amount", 38, 8),
                                    Field.text("note")),
                            "at",
                            List.of("at", "id")),
                    Cadence.events()));
    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final int BATCHES = 100;
    private static final int BATCH_ROWS = 8_000;

    @Tag("slow")
    @Test
    void aUnitManyTimesTheHeapIsWrittenReplacedInPartAndReadBack() throws Exception {
        String url = PostgresServer.shared().freshDatabase();
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx80m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        BigUnitTest.class.getName(),
                        url)
                .inheritIO()
                .start();
        try {
            assertThat(child.waitFor(4, TimeUnit.MINUTES)).isTrue();
            assertThat(child.exitValue()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }

    /** Writes, replaces an hour by the same rows, reads, and compares hashes. */
    public static void main(String[] arguments) {
        ContentHash written = new ContentHash(TRADES.schema());
        rows(DAY).forEachRemaining(written::add);
        try (Store store = PostgresStore.at(arguments[0])) {
            store.write(Batches.of(TRADES, DAY, rows(DAY), Provenance::none, () -> {}));
            TimeRange hour = TimeRange.of("2024-01-01T06:00:00Z", "2024-01-01T07:00:00Z");
            store.write(Batches.of(TRADES, hour, List.of(), Provenance.none()));
            store.write(Batches.of(TRADES, hour, rows(hour), Provenance::none, () -> {}));
            ContentHash read = new ContentHash(TRADES.schema());
            try (Batches batches = store.read(TRADES, DAY)) {
                batches.forEach(read::add);
            }
            if (!read.value().equals(written.value()) || read.rows() != (long) BATCHES * BATCH_ROWS) {
                throw new IllegalStateException("Read " + read.rows() + " rows, or others than were written");
            }
        }
    }

    // A hundred rows share an instant, so that their order has to survive the border between memory and file.
    private static Iterator<Batch> rows(TimeRange range) {
        return IntStream.range(0, BATCHES)
                .mapToObj(BigUnitTest::batch)
                .map(batch -> batch.within(range))
                .filter(batch -> batch.rows() > 0)
                .iterator();
    }

    private static Batch batch(int number) {
        BatchBuilder builder = new BatchBuilder(TRADES, BATCH_ROWS);
        for (int i = 0; i < BATCH_ROWS; i++) {
            long id = (long) number * BATCH_ROWS + i;
            builder.time(0).append(DAY.startMicros() + (id + 50) / 100 * 10_000_000L);
            builder.int64(1).append(id);
            builder.decimal(2).appendUnscaled(4_200_000_000_000L + id * 7);
            builder.decimal(3).appendUnscaled(id % 3, id * 1_000_003);
            builder.text(4).append("print number " + id + " of the day");
            builder.endRow();
        }
        return builder.build();
    }
}
