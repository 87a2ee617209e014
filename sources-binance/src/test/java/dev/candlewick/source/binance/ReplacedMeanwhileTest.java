package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file with ticks that a download replaces while it is looked at: checksum away, file moved, checksum written. */
class ReplacedMeanwhileTest {

    private static final TickFile FILE =
            TickFile.daily(Market.SPOT, "BTCUSDT", TickKind.TRADES, Instant.parse("2024-01-01T00:00:00Z"));
    private static final byte[] OLD = "the old file".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NEW = "the new file, which is longer".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NEWEST = "the newest one".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    private Path root;
    private Path zip;
    private final List<Duration> waits = new ArrayList<>();
    private int opened;

    @BeforeEach
    void begin() throws IOException {
        root = directory.toRealPath();
        zip = root.resolve(FILE.place());
        Files.createDirectories(zip.getParent());
        replace(OLD);
    }

    @Test
    void aFileThatIsReplacedBetweenItsHashAndItsChecksumIsLookedAtAgain() throws IOException {
        TickFiles.Outcome outcome = fetch(ChecksumPolicy.REQUIRE, path -> {
            HeldFile held = new HeldFile(path);
            switch (opened++) {
                case 0 -> replace(NEW);
                case 1 -> replace(NEWEST);
                default -> {}
            }
            return held;
        });
        assertThat(read(outcome)).isEqualTo(NEWEST);
        assertThat(outcome.answer().version()).isEqualTo(Sha256.hex(NEWEST));
        assertThat(outcome.answer().note()).isEmpty();
        assertThat(opened).isEqualTo(3);
    }

    @Test
    void rowsAreReadOfTheBytesThatWereHashed() throws IOException {
        TickFiles.Outcome outcome = fetch(ChecksumPolicy.QUARANTINE, HeldFile::new);
        replace(NEW);
        assertThat(outcome.answer().version()).isEqualTo(Sha256.hex(OLD));
        assertThat(read(outcome)).isEqualTo(OLD);
    }

    @Test
    void aFileWhoseChecksumIsAboutToBeWrittenIsWaitedFor() throws IOException {
        move(NEW);
        TickFiles.Outcome outcome = new DirectoryTickFiles(
                        root, ChecksumPolicy.REQUIRE, Clock.systemUTC(), path -> true, HeldFile::new, wait -> {
                            waits.add(wait);
                            prove(NEW);
                        })
                .fetch(FILE, FILE.period());
        assertThat(read(outcome)).isEqualTo(NEW);
        assertThat(waits).hasSize(1);
    }

    @Test
    void aFileThatHasLainThereWithAWrongChecksumIsSetAsideAtOnce() throws IOException {
        Files.write(zip, NEW);
        Clock later = Clock.fixed(Instant.now().plusSeconds(3_600), ZoneOffset.UTC);
        TickFiles.Outcome outcome = new DirectoryTickFiles(
                        root, ChecksumPolicy.QUARANTINE, later, path -> true, HeldFile::new, waits::add)
                .fetch(FILE, FILE.period());
        assertThat(outcome).isInstanceOf(TickFiles.Unusable.class);
        assertThat(outcome.answer().note()).contains(Sha256.hex(OLD), Sha256.hex(NEW));
        assertThat(waits).isEmpty();
    }

    @Test
    void aFileThatNeverSettlesIsJudgedByWhatWasSeenLast() throws IOException {
        Files.write(zip, NEW);
        TickFiles.Outcome outcome = fetch(ChecksumPolicy.QUARANTINE, HeldFile::new);
        assertThat(outcome).isInstanceOf(TickFiles.Unusable.class);
        assertThat(waits).hasSize(3);
    }

    private TickFiles.Outcome fetch(ChecksumPolicy policy, DirectoryTickFiles.Opening opening) {
        return new DirectoryTickFiles(root, policy, Clock.systemUTC(), path -> true, opening, waits::add)
                .fetch(FILE, FILE.period());
    }

    private static byte[] read(TickFiles.Outcome outcome) throws IOException {
        assertThat(outcome).isInstanceOf(TickFiles.There.class);
        TickFiles.There there = (TickFiles.There) outcome;
        try (InputStream input = there.zip().open()) {
            return input.readAllBytes();
        } finally {
            there.release().run();
        }
    }

    private void replace(byte[] bytes) throws IOException {
        move(bytes);
        prove(bytes);
    }

    private void move(byte[] bytes) throws IOException {
        Files.deleteIfExists(LocalChecksum.of(zip));
        Path temporary = Files.write(zip.resolveSibling(".part"), bytes);
        Files.move(temporary, zip, StandardCopyOption.ATOMIC_MOVE);
    }

    private void prove(byte[] bytes) {
        try {
            Files.writeString(LocalChecksum.of(zip), Sha256.hex(bytes) + "  " + FILE.zipName());
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
