package dev.candlewick.sink.parquet.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.ContentHash;
import dev.candlewick.Corrupt;
import dev.candlewick.MarketDataException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DamagedFileTest {

    private final Batch batch = Samples.everything(new Random(5), 2_000, 300);
    private final byte[] file = Samples.write(batch, new WriteOptions(3, 500, 1_000));

    // All row groups, or whole ones left out.
    private final List<String> honest = Stream.of(
                    List.of(batch),
                    List.of(batch.slice(0, 1_000)),
                    List.of(batch.slice(1_000, 2_000)),
                    List.<Batch>of())
            .map(rows -> ContentHash.of(batch.series().schema(), rows))
            .toList();

    @Test
    void aFlippedByteInADataPageIsNamedByColumnRowGroupAndPage() {
        byte[] damaged = file.clone();
        damaged[150] ^= 1; // behind the magic number and the header of the first page
        assertThatThrownBy(() -> Samples.read(damaged, batch.series(), Samples.EVER))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("sample.parquet")
                .hasMessageContaining("column 'at', row group 0, page 0")
                .hasMessageContaining("checksum");
    }

    @Test
    void noFlippedByteHangsOverflowsOrPassesForOtherRowsOfTheSamePages() {
        flip(new Random(17), 400);
    }

    @Test
    void everyTruncationIsNoticedOnOpening() {
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            truncated(random.nextInt(file.length));
        }
        for (int length = 0; length < 20; length++) {
            truncated(length);
        }
    }

    @Test
    @Tag("faults")
    void noByteFlippedAnywhereBreaksTheReader() {
        flip(new Random(), Integer.getInteger("candlewick.faults.trials", 100) * 100);
    }

    @Test
    @Tag("faults")
    void everyTruncationWhateverIsNoticedOnOpening() {
        for (int length = 0; length < file.length; length++) {
            truncated(length);
        }
    }

    @Test
    @Tag("faults")
    void noiseIsNeverMoreThanCorrupt() {
        Random random = new Random();
        for (int i = 0; i < Integer.getInteger("candlewick.faults.trials", 100) * 20; i++) {
            byte[] noisy = file.clone();
            int from = random.nextInt(noisy.length);
            for (int at = from; at < Math.min(noisy.length, from + 1 + random.nextInt(64)); at++) {
                noisy[at] = (byte) random.nextInt(256);
            }
            survives(noisy, "noise from " + from);
        }
    }

    private void flip(Random random, int times) {
        for (int i = 0; i < times; i++) {
            byte[] damaged = file.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            survives(damaged, "byte " + at);
        }
    }

    /** Statistics and names in the footer have no checksum, so rows may be left out or refused; none may change. */
    private void survives(byte[] damaged, String what) {
        try {
            List<Batch> read = Samples.read(damaged, batch.series(), Samples.EVER);
            assertThat(ContentHash.of(batch.series().schema(), read)).as(what).isIn(honest);
        } catch (MarketDataException noticed) {
            assertThat(noticed).as(what).hasMessageContaining("sample.parquet");
        } catch (RuntimeException | Error escaped) {
            throw new AssertionError(what + " let " + escaped + " escape", escaped);
        }
    }

    private void truncated(int length) {
        byte[] cut = java.util.Arrays.copyOf(file, length);
        assertThatThrownBy(() -> ParquetFileReader.open(ByteSource.of(cut), "cut.parquet"))
                .as("the first %d bytes", length)
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("cut.parquet");
    }
}
