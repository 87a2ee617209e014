package dev.candlewick.book;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Column;
import dev.candlewick.Dataset;
import dev.candlewick.Gap;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Books made of recorded level changes against the snapshots that were recorded beside them. */
class RecordedBooksTest {

    private static final TimeRange DAY = TimeRange.day("2024-08-08");

    @ParameterizedTest
    @CsvSource({
        "binance, quotes, quotes",
        "binance, book_snapshot_25, book:25",
        "binance-futures, quotes, quotes",
        "binance-futures, book_snapshot_25, book:25"
    })
    void everyRowEqualsTheRecordedSnapshots(String venue, String type, String name) throws IOException {
        compare(venue, type, name);
    }

    @ParameterizedTest
    @Tag("slow") // nothing that the other depths do not try as well
    @CsvSource({"binance, book_snapshot_5, book:5", "binance-futures, book_snapshot_5, book:5"})
    void everyRowOfFiveLevelsEqualsTheRecordedSnapshots(String venue, String type, String name) throws IOException {
        compare(venue, type, name);
    }

    private static void compare(String venue, String type, String name) throws IOException {
        Dataset dataset = Dataset.parse(name);
        List<Batch> expected = RecordedTicks.books(venue, file(venue, type), dataset);
        Source books =
                BookSnapshots.over(BatchSource.of(RecordedTicks.changes(venue, file(venue, "incremental_book_L2"))));

        List<Batch> actual = new ArrayList<>();
        List<Gap> gaps;
        try (Batches rows = books.read(RecordedTicks.series(venue, dataset), DAY)) {
            rows.forEach(actual::add);
            gaps = rows.provenance().gaps();
        }

        assertThat(texts(actual)).hasSizeGreaterThan(2_000).containsExactlyElementsOf(texts(expected));
        assertThat(gaps)
                .singleElement()
                .satisfies(gap -> assertThat(gap.range().start()).isEqualTo(DAY.start()));
    }

    private static List<String> texts(List<Batch> batches) {
        List<String> rows = new ArrayList<>();
        for (Batch batch : batches) {
            for (int row = 0; row < batch.rows(); row++) {
                StringBuilder text = new StringBuilder();
                for (Column column : batch.columns()) {
                    text.append(column.text(row)).append(' ');
                }
                rows.add(text.toString());
            }
        }
        return rows;
    }

    private static String file(String venue, String type) {
        return "tardis/csv-from-ws/" + venue + "_" + type + "_2024-08-08_BTCUSDT.csv.gz";
    }
}
