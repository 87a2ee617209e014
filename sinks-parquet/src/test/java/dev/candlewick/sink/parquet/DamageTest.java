package dev.candlewick.sink.parquet;

import static dev.candlewick.sink.parquet.Market.BTC;
import static dev.candlewick.sink.parquet.Market.FEBRUARY;
import static dev.candlewick.sink.parquet.Market.JANUARY;
import static dev.candlewick.sink.parquet.Market.expected;
import static dev.candlewick.sink.parquet.Market.read;
import static dev.candlewick.sink.parquet.Market.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Corrupt;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {

    private static final TimeRange BOTH = TimeRange.of("2024-01-01", "2024-03-01");
    private static final String SERIES = "dataset=candles%3A1h/venue=BINANCE/kind=SPOT_PAIR/code=BTC-USDT/";

    @TempDir
    Path directory;

    private Path january;
    private Path february;

    @BeforeEach
    void twoMonths() {
        january = directory.resolve(SERIES + "2024-01.parquet");
        february = directory.resolve(SERIES + "2024-02.parquet");
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, BOTH, 1);
        }
    }

    @Test
    void aFlippedBitAnywhereIsFoundAndNamedAndHarmsNoOtherUnit() throws IOException {
        Path receipt = directory.resolve("_candlewick/receipts/" + SERIES + "2024-01.json");
        Random random = new Random(20240101);
        try (ParquetStore store = ParquetStore.at(directory)) {
            for (Path file : List.of(january, receipt)) {
                byte[] sound = Files.readAllBytes(file);
                for (int trial = 0; trial < 100; trial++) {
                    byte[] damaged = sound.clone();
                    int at = random.nextInt(sound.length);
                    damaged[at] ^= (byte) (1 << random.nextInt(8));
                    Files.write(file, damaged);
                    VerifyReport report = store.verify();
                    assertThat(report.isSound()).as("byte %d of %s", at, file).isFalse();
                    assertThat(report.refetch())
                            .as("byte %d of %s", at, file)
                            .containsExactly(new VerifyReport.Unit(BTC, JANUARY));
                    assertThat(report.findings().get(0).message()).contains("2024-01");
                }
                Files.write(file, sound);
            }
            assertThat(read(store, BTC, FEBRUARY)).isEqualTo(expected(BTC, FEBRUARY, 1));
            assertThat(store.verify().isSound()).isTrue();
        }
    }

    @Test
    void aTruncatedAndAMissingFileAreCorruptNotEmpty() throws IOException {
        byte[] sound = Files.readAllBytes(january);
        try (ParquetStore store = ParquetStore.at(directory)) {
            for (int length : new int[] {0, 1, 100, sound.length - 1}) {
                Files.write(january, java.util.Arrays.copyOf(sound, length));
                assertThatThrownBy(() -> read(store, BTC, BOTH))
                        .isInstanceOf(Corrupt.class)
                        .hasMessageContaining(january.toString())
                        .hasMessageContaining("backfill");
            }
            Files.delete(january);
            assertThatThrownBy(() -> read(store, BTC, BOTH))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("missing");
            assertThat(store.verify().findings())
                    .extracting(VerifyReport.Finding::kind)
                    .containsExactly(VerifyReport.Kind.FILE_MISSING);
        }
    }

    @Test
    void swappedFilesAndStrangersAreFound() throws IOException {
        byte[] first = Files.readAllBytes(january);
        Files.write(january, Files.readAllBytes(february));
        Files.write(february, first);
        Files.write(directory.resolve("stranger.parquet"), first);
        try (ParquetStore store = ParquetStore.at(directory)) {
            VerifyReport report = store.verify();
            assertThat(report.refetch()).hasSize(2);
            assertThat(report.findings()).extracting(VerifyReport.Finding::kind).contains(VerifyReport.Kind.ORPHAN);
            assertThatThrownBy(() -> read(store, BTC, JANUARY)).isInstanceOf(Corrupt.class);
        }
    }

    @Test
    void writingTheSameRowsAgainHealsADamagedFile() throws IOException {
        byte[] sound = Files.readAllBytes(january);
        byte[] damaged = sound.clone();
        damaged[sound.length / 2] ^= 1;
        Files.write(january, damaged);
        try (ParquetStore store = ParquetStore.at(directory)) {
            assertThatThrownBy(() -> write(store, BTC, TimeRange.day("2024-01-07"), 2))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("Nothing was changed");
            write(store, BTC, JANUARY, 1);
            assertThat(store.verify().isSound()).isTrue();
        }
        assertThat(Files.readAllBytes(january)).isEqualTo(sound);
    }
}
