package dev.candlewick.source.tardis;

import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.source.tardis.simulator.Fault;
import dev.candlewick.source.tardis.simulator.TardisSimulator;
import dev.candlewick.testkit.SimulatedTime;
import dev.candlewick.testkit.SourceContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Daily files keep the contract of every source. */
final class TardisSourceContractTest extends SourceContract {

    private final TardisSimulator tardis = TardisSimulator.start();

    @TempDir
    private Path cache;

    @AfterEach
    void stop() {
        tardis.close();
    }

    @Override
    protected Source openSource() {
        return Opening.source(tardis.baseUrl(), cache, new SimulatedTime("2025-07-02T12:00:00Z"))
                .build();
    }

    @Override
    protected Series series() {
        return Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/trades");
    }

    @Override
    protected Series unservedSeries() {
        return series().with(Dataset.candles("1m"));
    }

    @Override
    protected TimeRange fullRange() {
        return TimeRange.of("2024-01-01", "2024-01-04");
    }

    @Override
    protected TimeRange emptyRange() {
        return TimeRange.of("2023-12-30", "2024-01-01");
    }

    @Override
    protected long requestsSent() {
        return tardis.fileRequests().size();
    }

    @Override
    protected void failNextRead() {
        Path copy = cache.resolve("binance_trades_2024-01-01_BTCUSDT.csv.gz");
        if (!Files.exists(copy)) {
            tardis.fail(Fault.serverError(503), 4);
            return;
        }
        try {
            byte[] bytes = Files.readAllBytes(copy);
            bytes[bytes.length / 2] ^= 0x55;
            Files.write(copy, bytes);
            // Without the checksum that was noted, which would have it fetched anew at once.
            Files.deleteIfExists(copy.resolveSibling(copy.getFileName() + ".sha256"));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
