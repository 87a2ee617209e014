package dev.candlewick.sink.parquet.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.TimeRange;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PruningTest {

    private final Batch year = Samples.candles(525_600);
    private final byte[] file = Samples.write(year, WriteOptions.DEFAULT);

    @Test
    void aMonthReadsAboutAMonthsBytes() {
        long all = bytesRead(TimeRange.year(2024));
        assertThat(all).isGreaterThan(file.length * 9L / 10);
        // A month of 44,640 minutes touches at most three of the seventeen pages, plus footer and indexes.
        assertThat(bytesRead(TimeRange.month("2024-05"))).isLessThan(all / 4);
    }

    @Test
    void aRangeOutsideReadsTheFooterOnly() {
        assertThat(bytesRead(TimeRange.year(2030))).isLessThan(70_000);
    }

    private long bytesRead(TimeRange range) {
        AtomicLong read = new AtomicLong();
        ByteSource bytes = ByteSource.of(file);
        ByteSource counting = new ByteSource() {
            @Override
            public long length() {
                return bytes.length();
            }

            @Override
            public void read(long offset, byte[] target, int at, int count) throws IOException {
                read.addAndGet(count);
                bytes.read(offset, target, at, count);
            }

            @Override
            public void close() {}
        };
        try (ParquetFileReader reader = ParquetFileReader.open(counting, "year.parquet")) {
            Samples.assertSameRows(Samples.drain(reader.read(year.series(), range)), List.of(year.within(range)));
        }
        return read.get();
    }
}
