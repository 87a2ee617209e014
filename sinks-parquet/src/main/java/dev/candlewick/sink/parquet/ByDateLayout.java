package dev.candlewick.sink.parquet;

import dev.candlewick.CalendarUnit;
import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A directory per UTC day, in it one per kind of data, in it one file per instrument. */
final class ByDateLayout implements Layout {

    static final ByDateLayout INSTANCE = new ByDateLayout();

    private static final Pattern DAY = Pattern.compile("(?<=/)day-([^/]+)(?=/)");
    private static final String FEATURES = "features:";

    private static final String BY_DATE = "by_date";
    private static final String REPORT = "ALL:REPORT:TICKS";

    /** A folder of its own, and the file in it of the one subject that is about everything. */
    private record Folder(String name, String subject, String file, String others) {}

    private static final Map<String, Folder> FOLDERS = Map.of(
            "instruments", new Folder("instrument_availability", "ALL:REGISTRY:INSTRUMENTS", "instruments", "by_venue"),
            "tick_report:missing", new Folder("missing_data_reports", REPORT, "missing_data", BY_DATE),
            "tick_report:available", new Folder("available_data_reports", REPORT, "available_data", BY_DATE),
            "tick_report:failed", new Folder("failed_data_reports", REPORT, "failed_data", BY_DATE));

    private static final Map<String, String> PROCESSED =
            Map.of("hft", "processed_candles", "book", "processed_book_snapshots");

    private ByDateLayout() {}

    @Override
    public String name() {
        return "by-date";
    }

    @Override
    public Path file(Series series, TimeRange unit) {
        Dataset dataset = series.dataset();
        if (dataset.cadence().unit() != CalendarUnit.DAY) {
            return HiveLayout.INSTANCE.file(series, unit); // a file of a month has no day to lie in
        }
        String day = "day-" + CalendarUnit.DAY.label(unit);
        String file = PathNames.upper(series.subject().toString()) + ".parquet";
        Folder folder = FOLDERS.get(dataset.name());
        if (folder != null) {
            boolean whole = series.subject().toString().equals(folder.subject());
            // Whoever reads all of "by_date" must not find the definitions of a venue there a second time.
            return whole
                    ? Path.of(folder.name(), BY_DATE, day, folder.file() + ".parquet")
                    : Path.of(folder.name(), folder.others(), day, file);
        }
        return features(dataset)
                .map(features -> Path.of(features.folder(), BY_DATE, day, features.part(), file))
                .orElseGet(() -> Path.of("raw_tick_data", BY_DATE, day, "data_type-" + tardisType(dataset), file));
    }

    /** Whether the units of a series lie in directories of their days, rather than in one of its own. */
    static boolean liesByDay(Layout layout, Series series) {
        return layout instanceof ByDateLayout && series.cadence().unit() == CalendarUnit.DAY;
    }

    /** The day of whose directory this is the name, or which this lies in. */
    static Optional<TimeRange> day(String name) {
        Matcher day = DAY.matcher(name);
        return day.find() ? Receipts.unit(day.group(1), CalendarUnit.DAY) : Optional.empty();
    }

    /** A name without its day: alike for all units of a series, and for those of no other. */
    static String anyDay(String name) {
        return DAY.matcher(name).replaceFirst("day-");
    }

    private record Features(String folder, String part) {}

    /** What is made of ticks: candles and books in folders that pipelines look for, every other set in one of its name. */
    private static Optional<Features> features(Dataset dataset) {
        String name = dataset.name();
        int colon = name.lastIndexOf(':');
        if (!name.startsWith(FEATURES) || colon < FEATURES.length()) {
            return Optional.empty();
        }
        String set = name.substring(FEATURES.length(), colon);
        String folder = PROCESSED.getOrDefault(set, PathNames.lower(set) + "_features");
        return Optional.of(new Features(folder, "timeframe-" + PathNames.lower(name.substring(colon + 1))));
    }

    /** The name that Tardis gives a type of data, which pipelines look for; other datasets keep theirs. */
    private static String tardisType(Dataset dataset) {
        String name = dataset.name();
        if (name.equals(Dataset.BOOK_CHANGES.name())) {
            return "incremental_book_L2";
        }
        return name.matches("book:[0-9]+")
                ? "book_snapshot_" + name.substring("book:".length())
                : PathNames.lower(name);
    }
}
