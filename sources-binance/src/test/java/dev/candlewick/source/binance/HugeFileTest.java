package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Series;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeRange;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A day of trades whose file unpacks to more bytes than an {@code int} counts, read in a process with a small heap. */
@Tag("slow")
final class HugeFileTest {

    private static final Series TRADES = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/trades");
    private static final TimeRange DAY = TimeRange.day("2025-03-05");
    private static final long FIRST_ID = 4_700_000_000L;
    private static final int ROWS = 30_000_000;
    private static final long STEP_MICROS = 2_880;
    private static final String HEAP = "-Xmx96m";

    @TempDir
    private Path directory;

    @Test
    @Timeout(600)
    void aDayOfMoreThanTwoGigabytesIsReadInASmallHeap() throws Exception {
        String stem = "BTCUSDT-trades-2025-03-05";
        Path folder = Files.createDirectories(directory.resolve("data/spot/daily/trades/BTCUSDT"));
        long bytes = generate(folder.resolve(stem + ".zip"), stem + ".csv");
        assertThat(bytes).isGreaterThan(Integer.MAX_VALUE);
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        HugeFileTest.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            System.out.print(said);
            assertThat(child.waitFor()).as(said).isZero();
        } finally {
            child.destroyForcibly();
        }
    }

    /** Reads the day, and requires every number, once and in order. */
    public static void main(String[] arguments) {
        long started = System.nanoTime();
        long next = FIRST_ID;
        try (ArchiveDirectorySource source = ArchiveDirectorySource.of(Path.of(arguments[0]));
                Batches trades = source.read(TRADES, DAY)) {
            for (Batch batch : trades) {
                TextColumn ids = batch.texts("id");
                for (int row = 0; row < batch.rows(); row++) {
                    if (ids.number(row) != next++) {
                        throw new IllegalStateException("Number " + ids.value(row) + " came as number " + (next - 1));
                    }
                }
            }
            if (next != FIRST_ID + ROWS || !trades.provenance().gaps().isEmpty()) {
                throw new IllegalStateException((next - FIRST_ID) + " rows, " + trades.provenance());
            }
        }
        long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
        System.out.println(ROWS + " rows in " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started)
                + " s, at most " + (peak >> 20) + " MiB of heap of " + HEAP);
    }

    /** Writes the file a row at a time; gives how many bytes it unpacks to. */
    private static long generate(Path file, String member) throws IOException {
        long written = 0;
        byte[] row = "4700000000,91234.56000000,0.00123000,112.21850880,1741132800000000,True,True\n"
                .getBytes(StandardCharsets.US_ASCII);
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(Deflater.BEST_SPEED);
            zip.putNextEntry(new ZipEntry(member));
            byte[] block = new byte[row.length * 1_000];
            int at = 0;
            for (int i = 0; i < ROWS; i++) {
                System.arraycopy(row, 0, block, at, row.length);
                digits(FIRST_ID + i, block, at, 10);
                digits(i % 89, block, at + 17, 2);
                digits(DAY.startMicros() + i * STEP_MICROS, block, at + 50, 16);
                at += row.length;
                if (at == block.length) {
                    zip.write(block, 0, at);
                    written += at;
                    at = 0;
                }
            }
            zip.closeEntry();
        }
        return written;
    }

    private static void digits(long number, byte[] target, int at, int count) {
        long rest = number;
        for (int i = at + count - 1; i >= at; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
