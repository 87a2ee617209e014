package dev.candlewick.source.binance;

import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.testkit.SourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;

/** Files in a directory keep the contract of every source. */
final class ArchiveDirectoryContractTest extends SourceContract {

    private static final TimeRange HOLE = TimeRange.of("2024-04-10T03:00:00Z", "2024-04-10T09:00:00Z");

    @TempDir
    private Path directory;

    private final AtomicLong opened = new AtomicLong();
    private final AtomicBoolean failing = new AtomicBoolean();

    @Override
    protected Source openSource() {
        String folder = "data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-";
        new DiskArchive(directory)
                .proven(folder + "2024-01.zip")
                .proven(folder + "2024-02.zip")
                .proven(folder + "2024-03.zip")
                .proven(
                        "data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-04-10.zip",
                        open -> !HOLE.contains(java.time.Instant.ofEpochMilli(open)));
        return ArchiveDirectorySource.builder(directory)
                .opening(file -> {
                    opened.incrementAndGet();
                    if (failing.getAndSet(false)) {
                        throw new IOException("Input/output error");
                    }
                    return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
                })
                .build();
    }

    @Override
    protected Series series() {
        return Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
    }

    @Override
    protected Series unservedSeries() {
        return Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "10m");
    }

    @Override
    protected TimeRange fullRange() {
        return TimeRange.of("2024-01-01", "2024-04-01");
    }

    @Override
    protected TimeRange emptyRange() {
        return HOLE;
    }

    @Override
    protected long requestsSent() {
        return opened.get();
    }

    @Override
    protected void failNextRead() {
        failing.set(true);
    }
}
