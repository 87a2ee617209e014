package dev.candlewick.sink.parquet.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.Refused;
import dev.candlewick.sink.parquet.arrow.ArrowBatches;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;

class ArrowBatchesTest {

    @Test
    void everyTypeGoesToArrowAndBackExactlyAndNothingLeaks() {
        Batch batch = Samples.everything(new Random(1), 1_000, 1_000_000);
        try (BufferAllocator allocator = new RootAllocator()) {
            try (VectorSchemaRoot root = ArrowBatches.export(batch, allocator)) {
                assertThat(root.getVector("wide").getObject(3))
                        .isEqualTo(batch.decimals("wide").get(3));
                Samples.assertSameRows(List.of(ArrowBatches.importRoot(batch.series(), root)), List.of(batch));
            }
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
    }

    @Test
    void someColumnsBecomeTheirVectorsOnly() {
        Batch closes = Samples.candles(3).select(List.of("close"));
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = ArrowBatches.export(closes, allocator)) {
            assertThat(root.getFieldVectors())
                    .extracting(vector -> vector.getName())
                    .containsExactly("open_time", "close");
        }
    }

    @Test
    void vectorsOfOtherTypesAreRefusedNamingTheColumn() {
        Batch candles = Samples.candles(3);
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = ArrowBatches.export(candles, allocator)) {
            assertThatThrownBy(() -> ArrowBatches.importRoot(Samples.series(Samples.EVERYTHING), root))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("'at");
        }
    }
}
