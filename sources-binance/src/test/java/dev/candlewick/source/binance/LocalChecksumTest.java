package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.source.binance.LocalChecksum.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LocalChecksumTest {

    @TempDir
    private Path directory;

    @Test
    @Timeout(30)
    void aChecksumThatAnotherJobTakesAwayJustThenIsAMissingOne() throws Exception {
        Path file = directory.resolve("BTCUSDT-1h-2024-01.zip");
        String text = "0".repeat(64) + "  " + file.getFileName();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> replacing = other.submit(() -> replace(LocalChecksum.of(file), text, done));
            Set<State> seen = EnumSet.noneOf(State.class);
            for (int look = 0; look < 20_000 || seen.size() < 2; look++) {
                seen.add(LocalChecksum.read(file).state());
            }
            done.set(true);
            replacing.get();
            assertThat(seen).containsExactlyInAnyOrder(State.MISSING, State.THERE);
        } finally {
            done.set(true);
            other.shutdownNow();
        }
    }

    private boolean replace(Path checksum, String text, AtomicBoolean done) throws IOException {
        while (!done.get()) {
            Path fresh = Files.writeString(directory.resolve("fresh"), text);
            Files.move(fresh, checksum);
            Files.delete(checksum);
        }
        return true;
    }
}
