package dev.candlewick.sink.parquet.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RoundTripTest {

    @Property(tries = 60)
    void everyTypeComesBackExactlyHoweverRowsAreCut(@ForAll long seed, @ForAll @IntRange(min = 1, max = 900) int rows) {
        Random random = new Random(seed);
        int variety = List.of(1, 3, 300, 1_000_000).get(random.nextInt(4));
        Batch batch = Samples.everything(random, rows, variety);
        int page = 1 + random.nextInt(200);
        WriteOptions options = new WriteOptions(3, page, page + random.nextInt(600));
        byte[] whole = Samples.write(batch, options);
        byte[] cut = Samples.write(cut(batch, random), batch.series().schema(), options);
        assertThat(cut).isEqualTo(whole);
        Samples.assertSameRows(Samples.read(whole, batch.series(), Samples.EVER), List.of(batch));

        long from = batch.times().epochMicros(random.nextInt(rows)) - random.nextInt(3);
        TimeRange range = TimeRange.ofEpochMicros(from, from + 1 + random.nextInt(500_000_000));
        Samples.assertSameRows(Samples.read(whole, batch.series(), range), List.of(batch.within(range)));
    }

    @Test
    void aYearOfCandlesComesBackWholeAndByRange() {
        Batch year = Samples.candles(525_600);
        byte[] file = Samples.write(year, WriteOptions.DEFAULT);
        Samples.assertSameRows(Samples.read(file, year.series(), Samples.EVER), List.of(year));
        for (String month : List.of("2024-01", "2024-06", "2024-07", "2024-12")) {
            TimeRange range = TimeRange.month(month);
            Samples.assertSameRows(Samples.read(file, year.series(), range), List.of(year.within(range)));
        }
        assertThat(Samples.read(file, year.series(), TimeRange.year(2030))).isEmpty();
    }

    @Test
    void rowsWithoutSomeColumnsAreNotWritten() {
        Batch closes = Samples.candles(3).select(List.of("close"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.write(closes, WriteOptions.DEFAULT))
                .withMessageContaining("without some of their columns");
    }

    @Test
    void aFileWithoutRowsIsAFile() {
        byte[] file = Samples.write(List.of(), Schema.CANDLES, WriteOptions.DEFAULT);
        try (ParquetFileReader reader = ParquetFileReader.open(ByteSource.of(file), "empty.parquet")) {
            assertThat(reader.rows()).isZero();
            assertThat(reader.span("open_time")).isEmpty();
            assertThat(reader.columns()).isEqualTo(Schema.CANDLES.names());
            assertThat(reader.metadata()).containsEntry("unit", "2024-01");
            assertThat(reader.createdBy()).matches("candlewick version \\S+ \\(build \\S+\\)");
        }
    }

    @Test
    void textTooLargeForOneRowGroupIsSpreadOverSeveral() {
        Schema schema = new Schema(List.of(Field.time("at"), Field.text("body")), "at", List.of("at"));
        BatchBuilder builder = new BatchBuilder(Samples.series(schema), 40);
        for (int row = 0; row < 40; row++) {
            builder.time(0).append(row);
            builder.text(1).append((char) ('a' + row % 26) + "x".repeat(1_500_000));
            builder.endRow();
        }
        Batch batch = builder.build();
        byte[] file = Samples.write(batch, WriteOptions.DEFAULT);
        assertThat(Samples.write(cut(batch, new Random(1)), schema, WriteOptions.DEFAULT))
                .isEqualTo(file);
        try (ParquetFileReader reader = ParquetFileReader.open(ByteSource.of(file), "news.parquet")) {
            assertThat(reader.rowGroups()).isEqualTo(6);
            Samples.assertSameRows(Samples.drain(reader.read(batch.series(), Samples.EVER)), List.of(batch));
        }
    }

    @Test
    void rowsThatGoBackInTimeAreRefusedAcrossBatches() {
        Batch batch = Samples.candles(10);
        assertThatThrownBy(() -> Samples.write(
                        List.of(batch.slice(5, 10), batch.slice(0, 5)),
                        batch.series().schema(),
                        WriteOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2024-01-01T00:00:00Z");
    }

    @Test
    void halfASurrogatePairIsRefusedRatherThanReplaced() {
        Schema schema = new Schema(List.of(Field.time("at"), Field.text("body")), "at", List.of("at"));
        Batch batch = new BatchBuilder(Samples.series(schema), 1)
                .row(0L, "broken \uD83D")
                .build();
        assertThatThrownBy(() -> Samples.write(batch, WriteOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("body");
    }

    private static List<Batch> cut(Batch batch, Random random) {
        List<Batch> pieces = new ArrayList<>();
        for (int from = 0; from < batch.rows(); ) {
            int to = Math.min(batch.rows(), from + 1 + random.nextInt(300));
            pieces.add(batch.slice(from, to));
            from = to;
        }
        return pieces;
    }
}
