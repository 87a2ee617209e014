package dev.candlewick.sink.parquet.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.TimeRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files for storages in which every read costs a request. */
class DayRowGroupsTest {

    private static final WriteOptions DAYS = WriteOptions.FAR_AWAY;

    // January 2024, a minute each.
    private final Batch month = Samples.candles(31 * 1_440);
    private final byte[] file = Samples.write(month, DAYS);

    @Test
    void rowGroupsEndWithTheDayOnceTheyHaveEnoughRows() {
        try (ParquetFileReader reader = ParquetFileReader.open(ByteSource.of(file), "month")) {
            assertThat(reader.rowGroups()).isEqualTo(11); // three days of 1,440 rows are the first to have 4,096
        }
        for (TimeRange day : TimeRange.month("2024-01").split(java.time.Duration.ofDays(1))) {
            assertThat(announced(day)).as("%s", day).hasSize(11).satisfies(DayRowGroupsTest::adjoin);
        }
    }

    @Test
    void howRowsAreCutIntoBatchesMakesNoDifference() {
        for (int size : new int[] {7, 1_000, 1_440, 4_096, 5_000}) {
            List<Batch> pieces = new ArrayList<>();
            for (int row = 0; row < month.rows(); row += size) {
                pieces.add(month.slice(row, Math.min(month.rows(), row + size)));
            }
            assertThat(Samples.write(pieces, month.series().schema(), DAYS)).isEqualTo(file);
        }
    }

    @Test
    void rowsThatNeverEndADayStillEndARowGroup() {
        byte[] small = Samples.write(month.slice(0, 1_000), new WriteOptions(1, 10, 100, 90));
        try (ParquetFileReader reader = ParquetFileReader.open(ByteSource.of(small), "part")) {
            assertThat(reader.rowGroups()).isEqualTo(10);
        }
    }

    @Test
    void theRowsAreThoseOfAnyOtherFile() {
        for (TimeRange range :
                List.of(Samples.EVER, TimeRange.day("2024-01-17"), TimeRange.of("2024-01-03", "2024-01-04"))) {
            Samples.assertSameRows(Samples.read(file, month.series(), range), List.of(month.within(range)));
        }
    }

    @Test
    void aFooterCanSayWhatBecameKnownWithTheLastRow() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] first;
        byte[] second;
        try (ParquetFileWriter writer =
                ParquetFileWriter.to(out, month.series().schema(), Map.of("begun", "with"), DAYS)) {
            assertThatThrownBy(() -> writer.footer(Map.of())).isInstanceOf(IllegalStateException.class);
            writer.write(month);
            assertThat(writer.finishRows()).isEqualTo(out.size());
            first = writer.footer(Map.of("ended", "once"));
            second = writer.footer(Map.of("ended", "twice"));
            assertThatThrownBy(() -> writer.write(month)).isInstanceOf(IllegalStateException.class);
        }
        byte[] rows = out.toByteArray();
        for (byte[] footer : List.of(first, second)) {
            byte[] whole = Arrays.copyOf(rows, rows.length + footer.length);
            System.arraycopy(footer, 0, whole, rows.length, footer.length);
            Samples.assertSameRows(Samples.read(whole, month.series(), Samples.EVER), List.of(month));
            try (ParquetFileReader reader = ParquetFileReader.open(ByteSource.of(whole), "whole")) {
                assertThat(reader.metadata()).containsEntry("begun", "with").containsKey("ended");
            }
        }
    }

    // One stretch after the other, so that one request brings all.
    private static void adjoin(List<? extends ByteRange> ranges) {
        for (int i = 1; i < ranges.size(); i++) {
            assertThat(ranges.get(i).from()).isEqualTo(ranges.get(i - 1).to());
        }
    }

    private List<ByteRange> announced(TimeRange range) {
        List<ByteRange> announced = new ArrayList<>();
        ByteSource bytes = ByteSource.of(file);
        ByteSource watching = new ByteSource() {
            @Override
            public long length() {
                return bytes.length();
            }

            @Override
            public void announce(List<ByteRange> ranges) {
                announced.addAll(ranges);
            }

            @Override
            public void read(long offset, byte[] target, int at, int count) throws IOException {
                bytes.read(offset, target, at, count);
            }

            @Override
            public void close() {}
        };
        try (ParquetFileReader reader = ParquetFileReader.open(watching, "month")) {
            Samples.assertSameRows(Samples.drain(reader.read(month.series(), range)), List.of(month.within(range)));
        }
        return announced;
    }
}
