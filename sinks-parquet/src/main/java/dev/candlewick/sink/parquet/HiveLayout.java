package dev.candlewick.sink.parquet;

import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.nio.file.Path;

/** Directories named {@code key=value}, one per series, with one file per unit. */
final class HiveLayout implements Layout {

    static final HiveLayout INSTANCE = new HiveLayout();

    private HiveLayout() {}

    @Override
    public String name() {
        return "hive";
    }

    @Override
    public Path file(Series series, TimeRange unit) {
        return directory(series).resolve(series.cadence().unit().label(unit) + ".parquet");
    }

    static Path directory(Series series) {
        Subject subject = series.subject();
        return Path.of(
                "dataset=" + PathNames.lower(series.dataset().name()),
                "venue=" + PathNames.upper(subject.venue()),
                "kind=" + PathNames.upper(subject.kind()),
                "code=" + PathNames.upper(subject.code()));
    }
}
