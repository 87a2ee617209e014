package dev.candlewick.sink.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An error of the disk says what was tried, on which file, why it failed and what to do. */
class StorageTest {

    private static final String TEMPORARY = "/data/.2024-01.parquet.0123456789abcdef-7.tmp";

    @Test
    void aPathAloneIsNoReason() {
        assertThat(said(new NoSuchFileException("/data/x.parquet")))
                .isInstanceOf(Unavailable.class)
                .hasMessage("Writing here failed: /data/x.parquet: no such file or directory. What was committed before"
                        + " stands; see to the disk and run the same again");
        assertThat(said(new AccessDeniedException("/data")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("/data: access denied")
                .hasMessageContaining("Give this user access");
    }

    @Test
    void whatTheSystemSaysIsSaidOfTheFinalFile() {
        assertThat(said(new FileSystemException(TEMPORARY, null, "No space left on device")))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("the disk is full (/data/2024-01.parquet: No space left on device)")
                .hasMessageContaining("free some space")
                .hasMessageNotContaining(".tmp");
        assertThat(said(new FileSystemException(TEMPORARY, null, "Read-only file system")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("read-only (/data/2024-01.parquet")
                .hasMessageContaining("Mount it for writing");
    }

    @Test
    void aFileWhereADirectoryShouldBeIsNamed(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("dataset=candles%3A1h"), "in the way");
        try (ParquetStore store = ParquetStore.at(directory)) {
            assertThatThrownBy(() -> Market.write(store, Market.BTC, Market.JANUARY, 1))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining(Market.BTC.toString())
                    .hasMessageContaining(file.toString());
        }
    }

    private static MarketDataException said(IOException cause) {
        return Storage.failed("Writing here", cause);
    }
}
