package dev.candlewick.source.binance;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.List;

/** Everything that one read of ticks gave, as text. */
record TickReading(List<List<String>> rows, Provenance provenance) {

    static TickReading of(Source source, String series, TimeRange range) {
        try (Batches batches = source.read(Series.parse(series), range)) {
            List<List<String>> rows = new ArrayList<>();
            for (Batch batch : batches) {
                for (int row = 0; row < batch.rows(); row++) {
                    int at = row;
                    rows.add(batch.columns().stream()
                            .map(column -> column.text(at))
                            .toList());
                }
            }
            return new TickReading(rows, batches.provenance());
        }
    }

    List<GapReason> reasons() {
        return provenance.gaps().stream().map(Gap::reason).toList();
    }

    String notes() {
        return String.join(
                "\n", provenance.answers().stream().map(Object::toString).toList());
    }
}
