package dev.candlewick.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A day of ticks as Tardis publishes them, the same every time: a random walk of the price in ticks of 0.1, amounts in steps of
 * 0.001 of which most are small, several trades at one instant, ids that ascend.
 */
final class TickFiles {

    private static final long START_MICROS = 1_704_067_200_000_000L; // 2024-01-01T00:00:00Z
    private static final long DAY_MICROS = 86_400_000_000L;

    private TickFiles() {}

    /** {@code trades} of so many rows; gzip level 6, as published. */
    static void writeTrades(Path file, int rows) throws IOException {
        try (OutputStream out = gzip(file)) {
            trades(out, rows);
        }
    }

    /** The bytes of such a file before they are compressed. */
    static void trades(OutputStream out, int rows) throws IOException {
        SplittableRandom random = new SplittableRandom(2024);
        StringBuilder lines = new StringBuilder(1 << 16);
        lines.append("exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n");
        long price = 422_835; // 42,283.5
        long id = 4_378_206_391L;
        double step = (double) DAY_MICROS / rows;
        long venue = START_MICROS;
        long local = START_MICROS;
        String side = "buy";
        for (int row = 0; row < rows; row++) {
            if (row == 0 || random.nextInt(3) == 0) {
                venue = START_MICROS + (long) (row * step) / 1_000 * 1_000;
                local = Math.max(local, venue + 2_000L + random.nextInt(4_000));
                side = random.nextBoolean() ? "buy" : "sell";
                price += random.nextInt(7) == 0 ? random.nextInt(-3, 4) : 0;
            }
            long amount = 1L + (random.nextInt(3) == 0 ? random.nextInt(2_000) : random.nextInt(60));
            lines.append("binance-futures,BTCUSDT,")
                    .append(venue)
                    .append(',')
                    .append(local)
                    .append(',');
            lines.append(id).append(',').append(side).append(',');
            decimal(lines, price, 1).append(',');
            decimal(lines, amount, 3).append('\n');
            id++;
            if (lines.length() > 60_000) {
                flush(lines, out);
            }
        }
        flush(lines, out);
    }

    /** {@code book_snapshot_5} of so many rows. */
    static void writeBooks(Path file, int rows) throws IOException {
        SplittableRandom random = new SplittableRandom(2025);
        StringBuilder lines = new StringBuilder(1 << 16);
        lines.append("exchange,symbol,timestamp,local_timestamp");
        for (int level = 0; level < 5; level++) {
            for (String side : new String[] {"asks", "bids"}) {
                lines.append(',').append(side).append('[').append(level).append("].price");
                lines.append(',').append(side).append('[').append(level).append("].amount");
            }
        }
        lines.append('\n');
        long[] amounts = new long[10];
        for (int i = 0; i < amounts.length; i++) {
            amounts[i] = 1L + random.nextInt(20_000);
        }
        long bid = 422_835;
        double step = (double) DAY_MICROS / rows;
        long local = START_MICROS;
        try (OutputStream out = gzip(file)) {
            for (int row = 0; row < rows; row++) {
                long venue = START_MICROS + (long) (row * step) / 1_000 * 1_000;
                local = Math.max(local, venue + 2_000L + random.nextInt(4_000));
                bid += random.nextInt(20) == 0 ? random.nextInt(-3, 4) : 0;
                amounts[random.nextInt(10)] = 1L + random.nextInt(20_000);
                lines.append("binance-futures,BTCUSDT,")
                        .append(venue)
                        .append(',')
                        .append(local);
                for (int level = 0; level < 5; level++) {
                    decimal(lines.append(','), bid + 1 + level, 1);
                    decimal(lines.append(','), amounts[level], 3);
                    decimal(lines.append(','), bid - level, 1);
                    decimal(lines.append(','), amounts[5 + level], 3);
                }
                lines.append('\n');
                if (lines.length() > 60_000) {
                    flush(lines, out);
                }
            }
            flush(lines, out);
        }
    }

    private static void flush(StringBuilder lines, OutputStream out) throws IOException {
        out.write(lines.toString().getBytes(StandardCharsets.ISO_8859_1));
        lines.setLength(0);
    }

    /** As JavaScript prints it: no zeros at the end. */
    private static StringBuilder decimal(StringBuilder line, long unscaled, int scale) {
        long value = unscaled;
        int left = scale;
        while (left > 0 && value % 10 == 0) {
            value /= 10;
            left--;
        }
        long power = 1;
        for (int i = 0; i < left; i++) {
            power *= 10;
        }
        line.append(value / power);
        if (left > 0) {
            String fraction = Long.toString(value % power);
            line.append('.').append("0".repeat(left - fraction.length())).append(fraction);
        }
        return line;
    }

    private static OutputStream gzip(Path file) throws IOException {
        return new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20), 1 << 16) {
            {
                def.setLevel(Deflater.DEFAULT_COMPRESSION);
            }
        };
    }
}
