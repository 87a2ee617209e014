package dev.candlewick.sink.parquet;

import dev.candlewick.CalendarUnit;
import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The receipts of a store, read from disk each time: the only truth about what it holds. Thread-safe; takes no locks. */
final class Receipts {

    private static final System.Logger LOGGER = System.getLogger(Receipts.class.getName());
    private static final String SUFFIX = ".json";
    private static final int DIRECTORY_LEVELS = 4;

    private final StoreRoot root;

    Receipts(StoreRoot root) {
        this.root = root;
    }

    Path directory(Series series) {
        return root.receipts().resolve(HiveLayout.directory(series));
    }

    Path file(Series series, TimeRange unit) {
        return directory(series).resolve(series.cadence().unit().label(unit) + SUFFIX);
    }

    /**
     * The receipt of a unit, if it has one.
     *
     * @throws Corrupt when it is damaged
     * @throws Refused when the rows have other columns than the series
     */
    Optional<Receipt> find(Series series, TimeRange unit) {
        return read(file(series, unit))
                .map(receipt -> check(
                        receipt,
                        series,
                        file(series, unit).toString(),
                        root.path().toString()));
    }

    /** The receipts of the units that touch the range, in time order. */
    List<Receipt> list(Series series, TimeRange range) {
        List<Receipt> receipts = new ArrayList<>();
        for (TimeRange unit : units(series)) {
            if (unit.overlaps(range)) {
                find(series, unit).ifPresent(receipts::add);
            }
        }
        return receipts;
    }

    /** The units that have a receipt, readable or not, in time order. */
    List<TimeRange> units(Series series) {
        List<TimeRange> units = new ArrayList<>();
        for (Path file : entries(directory(series))) {
            String name = file.getFileName().toString();
            if (isReceipt(file)) {
                units.add(unit(
                        file,
                        name.substring(0, name.length() - SUFFIX.length()),
                        series.cadence().unit()));
            }
        }
        units.sort(null);
        return units;
    }

    /** Every series with a receipt that can be read, sorted, with the columns that are stored. */
    List<Series> series() {
        List<Series> all = new ArrayList<>();
        for (Path directory : seriesDirectories()) {
            firstReadable(directory).ifPresent(receipt -> all.add(receipt.series()));
        }
        all.sort(null);
        return all;
    }

    /** The directories that hold receipts, each of one series. */
    List<Path> seriesDirectories() {
        List<Path> level = List.of(root.receipts());
        for (int i = 0; i < DIRECTORY_LEVELS; i++) {
            List<Path> below = new ArrayList<>();
            for (Path directory : level) {
                below.addAll(entries(directory));
            }
            level = below;
        }
        return level;
    }

    /** The files of one directory that are receipts by their name. */
    List<Path> filesIn(Path directory) {
        return entries(directory).stream().filter(Receipts::isReceipt).toList();
    }

    /** The receipt in a file; empty when there is no such file. */
    Optional<Receipt> read(Path file) {
        try {
            return Optional.of(ReceiptReader.read(file.toString(), Files.readAllBytes(file)));
        } catch (NoSuchFileException | NotDirectoryException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new Unavailable(
                    "The receipt " + file + " cannot be read: " + Storage.message(unreadable), unreadable);
        }
    }

    // One damaged series must not hide the others; verifying the store finds it.
    private Optional<Receipt> firstReadable(Path directory) {
        for (Path file : filesIn(directory)) {
            try {
                Optional<Receipt> receipt = read(file);
                if (receipt.isPresent()) {
                    return receipt;
                }
            } catch (Corrupt | Refused damaged) {
                LOGGER.log(System.Logger.Level.WARNING, damaged.getMessage());
            }
        }
        return Optional.empty();
    }

    /** The receipt, if it is one of the series. */
    static Receipt check(Receipt receipt, Series series, String file, String store) {
        Series stored = receipt.series();
        if (stored.equals(series)) {
            return receipt;
        }
        if (!stored.toString().equals(series.toString())) {
            throw new Corrupt("The receipt " + file + " is in the place of " + series + " but speaks of " + stored);
        }
        throw new Refused(series + " is stored in " + store + " with other columns or another rhythm than asked for: "
                + difference(stored, series) + ". Use the version that stored it, or another store");
    }

    private static String difference(Series stored, Series asked) {
        List<String> differences = new ArrayList<>();
        Schema have = stored.schema();
        Schema want = asked.schema();
        have.fields().stream()
                .filter(field -> !want.fields().contains(field))
                .forEach(field -> differences.add("stored is '" + field + "'"));
        want.fields().stream()
                .filter(field -> !have.fields().contains(field))
                .forEach(field -> differences.add("asked for is '" + field + "'"));
        if (differences.isEmpty()) {
            differences.add("stored " + have + " " + stored.cadence() + ", asked for " + want + " " + asked.cadence());
        }
        return String.join(", ", differences);
    }

    private static boolean isReceipt(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(SUFFIX) && !name.startsWith(".");
    }

    private static List<Path> entries(Path directory) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (IOException | java.nio.file.DirectoryIteratorException unreadable) {
            throw new Unavailable(
                    "The receipts in " + directory + " cannot be listed: " + Storage.message(unreadable), unreadable);
        }
        entries.sort(null);
        return entries;
    }

    private static TimeRange unit(Path file, String label, CalendarUnit unit) {
        return unit(label, unit)
                .orElseThrow(() -> new Corrupt("'" + label + "' in " + file.getParent()
                        + " names no unit of the calendar; the file " + file.getFileName()
                        + " is no receipt and does not belong there"));
    }

    /** The unit of that label, if it is one. */
    static Optional<TimeRange> unit(String label, CalendarUnit unit) {
        try {
            LocalDate first = switch (unit) {
                case DAY -> LocalDate.parse(label);
                case MONTH -> YearMonth.parse(label).atDay(1);
                case YEAR -> Year.parse(label).atDay(1);
            };
            return Optional.of(
                    unit.containing(first.atStartOfDay(ZoneOffset.UTC).toInstant()));
        } catch (DateTimeException foreign) {
            return Optional.empty();
        }
    }
}
