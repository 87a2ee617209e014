package dev.candlewick.benchmarks;

import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.csv.CsvLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of ticks that are measured. They lie in {@code candlewick.ticks}, or the directory for temporary files. */
enum TickKind {
    TRADES(Integer.getInteger("candlewick.ticks.trades", 10_000_000)),
    BOOKS(Integer.getInteger("candlewick.ticks.books", 2_000_000));

    final int rows;

    TickKind(int rows) {
        this.rows = rows;
    }

    static TickKind of(String name) {
        return name.equals("trades") ? TRADES : BOOKS;
    }

    static Path directory() throws IOException {
        return Files.createDirectories(
                Path.of(System.getProperty("candlewick.ticks", System.getProperty("java.io.tmpdir"))));
    }

    /** The file, made when it is missing. */
    Path file() throws IOException {
        Path file = directory().resolve("candlewick-" + this + "-" + rows + ".csv.gz");
        if (!Files.exists(file)) {
            if (this == TRADES) {
                TickFiles.writeTrades(file, rows);
            } else {
                TickFiles.writeBooks(file, rows);
            }
        }
        return file;
    }

    Dataset dataset() {
        return this == TRADES ? Dataset.TRADES : Dataset.book(5);
    }

    Series series() {
        return new Series(Subject.parse("BINANCE:PERPETUAL:BTC-USDT"), dataset());
    }

    CsvLayout layout() {
        CsvLayout.Builder layout = CsvLayout.of(dataset().schema())
                .constant("exchange", "binance-futures")
                .constant("symbol", "BTCUSDT");
        if (this == BOOKS) {
            for (int level = 1; level <= 5; level++) {
                for (String side : new String[] {"ask", "bid"}) {
                    String there = side + "s[" + (level - 1) + "].";
                    layout.from(side + "_price_" + level, there + "price");
                    layout.from(side + "_volume_" + level, there + "amount");
                }
            }
        }
        return layout.build();
    }

    @Override
    public String toString() {
        return this == TRADES ? "trades" : "books";
    }
}
