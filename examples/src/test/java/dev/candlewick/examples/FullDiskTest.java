package dev.candlewick.examples;

import static dev.candlewick.examples.StoreOnTrial.BTC;
import static dev.candlewick.examples.StoreOnTrial.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.candlewick.source.binance.simulator.BinanceSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small file system that really is full, has no file left, or is read-only (F4). Needs root to mount it; skipped, visibly, without. */
class FullDiskTest {

    private static final String BEFORE = range("2023-01-01", "2023-02-01");
    private static final String RANGE = range("2023-01-01", "2023-05-01");

    @TempDir
    Path directory;

    private Path disk;

    private BinanceSimulator venue;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        assumeThat(shell("mount", "-t", "tmpfs", "-o", "size=4m,nr_inodes=200", "tmpfs", disk.toString()))
                .as("may mount a file system")
                .isZero();
        venue = StoreOnTrial.openVenue();
    }

    @AfterEach
    void unmount() throws Exception {
        if (venue != null) {
            venue.close();
            shell("umount", disk.toString());
        }
    }

    @Test
    void aFullDiskIsSaidByPathKeepsWhatIsThereAndTheSameCommandCompletesLater() throws Exception {
        StoreOnTrial store = prepared();
        Path ballast = disk.resolve("ballast");
        assertThat(shell("sh", "-c", "dd if=/dev/zero of=" + ballast + " bs=4k 2>/dev/null; test -s " + ballast))
                .isZero();

        Run full = store.backfill(RANGE);

        assertThat(full.code()).isEqualTo(ExitCode.FAILED);
        assertThat(full.out() + full.err())
                .contains("disk is full", store.directory().toString(), "run the same again");
        assertKept(store);
        Files.delete(ballast);
        assertCompletes(store);
    }

    @Test
    void aDiskWithoutFreeFilesIsSaidAndTheSameCommandCompletesLater() throws Exception {
        StoreOnTrial store = prepared();
        Path ballast = Files.createDirectory(disk.resolve("ballast"));
        assertThatThrownBy(() -> {
                    for (int number = 0; number < 1_000; number++) {
                        Files.createFile(ballast.resolve(Integer.toString(number)));
                    }
                })
                .isInstanceOf(IOException.class);

        Run full = store.backfill(RANGE);

        assertThat(full.code()).isEqualTo(ExitCode.FAILED);
        assertThat(full.out() + full.err())
                .contains("disk is full", store.directory().toString());
        assertKept(store);
        assertThat(shell("rm", "-r", ballast.toString())).isZero();
        assertCompletes(store);
    }

    @Test
    void aReadOnlyDiskIsSaidAndCanStillBeRead() throws Exception {
        StoreOnTrial store = prepared();
        assertThat(shell("mount", "-o", "remount,ro", disk.toString())).isZero();

        Run refused = store.backfill(RANGE);

        assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.out() + refused.err())
                .contains("read-only", store.directory().toString());
        assertKept(store);
        assertThat(shell("mount", "-o", "remount,rw", disk.toString())).isZero();
        assertCompletes(store);
    }

    private StoreOnTrial prepared() {
        StoreOnTrial store = new StoreOnTrial(venue, disk.resolve("store"));
        assertThat(store.backfill(BEFORE).code()).isEqualTo(ExitCode.DONE);
        return store;
    }

    private void assertKept(StoreOnTrial store) throws IOException {
        StoreOnTrial before = new StoreOnTrial(venue, directory.resolve("before"));
        assertThat(before.backfill(BEFORE).code()).isEqualTo(ExitCode.DONE);
        assertThat(store.csv(BTC, BEFORE)).isEqualTo(before.csv(BTC, BEFORE));
        assertThat(store.csv(BTC, RANGE)).isEqualTo(before.csv(BTC, BEFORE));
        assertThat(store.temporaries()).isEmpty();
    }

    private void assertCompletes(StoreOnTrial store) throws IOException {
        StoreOnTrial undisturbed = new StoreOnTrial(venue, directory.resolve("undisturbed"));
        assertThat(undisturbed.backfill(RANGE).code()).isEqualTo(ExitCode.DONE);
        assertThat(store.backfill(RANGE).code()).isEqualTo(ExitCode.DONE);
        store.assertEquals(undisturbed, RANGE);
    }

    private static int shell(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(List.of(words)).inheritIO().start().waitFor();
    }
}
