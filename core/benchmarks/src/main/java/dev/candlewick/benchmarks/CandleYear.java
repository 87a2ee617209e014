package dev.candlewick.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** A year of 1-minute klines as the Binance archive prints them: 525,600 rows of a random walk, the same every time. */
final class CandleYear {

    static final long START_MILLIS = 1_672_531_200_000L; // 2023-01-01T00:00:00Z
    static final int ROWS = 365 * 24 * 60;

    private CandleYear() {}

    static void writeCsv(Path file) throws IOException {
        SplittableRandom random = new SplittableRandom(2023);
        StringBuilder line = new StringBuilder(200);
        long cents = 1_654_000; // 16,540.00
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            for (int row = 0; row < ROWS; row++) {
                long open = cents;
                long close = Math.max(100_000, open + random.nextInt(-900, 901));
                long high = Math.max(open, close) + random.nextInt(0, 500);
                long low = Math.min(open, close) - random.nextInt(0, 500);
                long volume = random.nextLong(10_000_000, 9_000_000_000L); // 8 decimals, steps of 10^-5
                volume -= volume % 1_000;
                long taker = volume / 100_000 * random.nextInt(1, 100) * 1_000;
                long millis = START_MILLIS + row * 60_000L;
                line.setLength(0);
                line.append(millis).append(',');
                price(line, open).append(',');
                price(line, high).append(',');
                price(line, low).append(',');
                price(line, close).append(',');
                eight(line, volume).append(',');
                line.append(millis + 59_999).append(',');
                eight(line, volume / 100 * open).append(',');
                line.append(random.nextInt(1, 4_000)).append(',');
                eight(line, taker).append(',');
                eight(line, taker / 100 * open).append(",0\n");
                out.write(line.toString().getBytes(StandardCharsets.ISO_8859_1));
                cents = close;
            }
        }
    }

    private static StringBuilder price(StringBuilder line, long cents) {
        return eight(line, cents * 1_000_000L);
    }

    private static StringBuilder eight(StringBuilder line, long unscaled) {
        String fraction = Long.toString(unscaled % 100_000_000L);
        return line.append(unscaled / 100_000_000L)
                .append('.')
                .append("0".repeat(8 - fraction.length()))
                .append(fraction);
    }
}
