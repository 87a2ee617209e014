package dev.candlewick.sink.parquet.file;

import dev.candlewick.Batch;
import dev.candlewick.Corrupt;
import dev.candlewick.Field;
import dev.candlewick.MarketDataException;
import dev.candlewick.Schema;
import dev.candlewick.testkit.HostileInput;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files that end in the right magic number, and are nothing that a writer would write. */
@Tag("fuzz")
class HostileParquetTest {

    /** What a reader holds at most of a small file: buffers for pages of its columns, as long as its footer says they are. */
    private static final long MOST_MEMORY = 64 << 20;

    @Test
    void filesOfEveryKindOfColumn() {
        run("parquet", Samples.EVERYTHING);
    }

    @Test
    void filesOfOneColumn() {
        run("small parquet", new Schema(List.of(Field.time("at")), "at", List.of("at")));
    }

    private static void run(String name, Schema schema) {
        HostileInput target =
                HostileInput.named(name).covering(ParquetFileReader.class).mostMemory(MOST_MEMORY);
        for (int rows : new int[] {1, 5, 60}) {
            Batch batch = Samples.everything(new Random(rows), rows, rows == 60 ? 3_000 : 2);
            target.seed(Samples.write(
                    schema.fields().size() == 1
                            ? Batch.of(Samples.series(schema), batch.columns().subList(0, 1))
                            : batch,
                    new WriteOptions(1, 20, 40)));
        }
        target.run((input, choices) -> {
            try {
                long rows = 0;
                for (Batch batch : Samples.read(input, Samples.series(schema), Samples.EVER)) {
                    rows += batch.rows();
                    for (int row = 0; row < batch.rows(); row++) {
                        for (int column = 0; column < batch.columns().size(); column++) {
                            if (!batch.columns().get(column).isNull(row)) {
                                batch.columns().get(column).text(row);
                            }
                        }
                    }
                }
                if (rows > 1_000) {
                    throw new AssertionError(rows + " rows out of sixty");
                }
            } catch (MarketDataException noticed) {
                String message = String.valueOf(noticed.getMessage());
                if (!message.contains("sample.parquet")) {
                    throw noticed;
                }
                throw new Corrupt(HostileInput.FILE + message, noticed);
            }
        });
    }
}
