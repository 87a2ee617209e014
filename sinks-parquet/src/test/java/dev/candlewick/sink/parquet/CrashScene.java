package dev.candlewick.sink.parquet;

import static dev.candlewick.sink.parquet.Market.BTC;
import static dev.candlewick.sink.parquet.Market.JANUARY;
import static dev.candlewick.sink.parquet.Market.expected;
import static dev.candlewick.sink.parquet.Market.read;
import static dev.candlewick.sink.parquet.Market.write;

import dev.candlewick.Batch;
import dev.candlewick.MarketDataException;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A unit that is written, replaced and merged into, and the judgement of what a crash left of it. */
final class CrashScene {

    static final Series SERIES = BTC;
    static final TimeRange UNIT = JANUARY;
    static final TimeRange PART = TimeRange.of("2024-01-10", "2024-01-12");

    /** What a commit turned the unit into. */
    record Change(TimeRange range, String before, String after, int version) {}

    static final Change FIRST = new Change(UNIT, "", expected(SERIES, UNIT, 1), 1);
    static final Change REPLACED = new Change(UNIT, FIRST.after(), expected(SERIES, UNIT, 2), 2);
    static final Change MERGED = new Change(
            PART,
            FIRST.after(),
            expected(SERIES, TimeRange.of("2024-01-01", "2024-01-10"), 1)
                    + expected(SERIES, PART, 3)
                    + expected(SERIES, TimeRange.of("2024-01-12", "2024-02-01"), 1),
            3);
    static final List<Change> CHANGES = List.of(FIRST, REPLACED, MERGED);

    /** What the caller was told before the crash. */
    enum Promise {
        NOTHING,
        ACKNOWLEDGED
    }

    /** At which of a commit's operations on the disk something happens. */
    enum Points {
        /** The last of each kind: what every build has time for. */
        EACH_KIND {
            @Override
            List<Integer> of(List<String> operations) {
                TreeSet<Integer> points = new TreeSet<>();
                for (String kind : operations) {
                    points.add(operations.lastIndexOf(kind));
                }
                return List.copyOf(points);
            }
        },
        ALL {
            @Override
            List<Integer> of(List<String> operations) {
                return IntStream.range(0, operations.size()).boxed().toList();
            }
        };

        abstract List<Integer> of(List<String> operations);
    }

    private CrashScene() {}

    /** What is wrong with a store after a crash: nothing, or one line. */
    static List<String> problem(Path root, Change change, Promise promise) {
        try {
            for (String visible : visibleUnits(root)) {
                if (!visible.equals(change.before()) && !visible.equals(change.after())) {
                    return List.of("a visible file holds neither the old rows nor the new ones");
                }
            }
            try (ParquetStore store = ParquetStore.at(root)) {
                String found = read(store, SERIES, UNIT);
                if (!found.equals(change.after())
                        && (promise == Promise.ACKNOWLEDGED || !found.equals(change.before()))) {
                    return List.of("the store holds neither the old rows nor the new ones");
                }
                if (change.range().equals(UNIT) || (!change.before().isEmpty() && !found.isEmpty())) {
                    write(store, SERIES, change.range(), change.version());
                }
                if (!read(store, SERIES, UNIT).equals(change.after())) {
                    return List.of("running again did not complete it");
                }
                VerifyReport report = store.verify();
                if (!report.isSound() || !report.findings().isEmpty()) {
                    return List.of(report.toString());
                }
            }
            List<String> visible = visibleUnits(root);
            return visible.equals(List.of(change.after()))
                    ? List.of()
                    : List.of("other readers see " + visible.size() + " files");
        } catch (MarketDataException | IOException wrong) {
            return List.of(wrong.toString());
        }
    }

    // What an engine sees that looks for *.parquet and knows nothing of receipts.
    private static List<String> visibleUnits(Path root) throws IOException {
        List<String> units = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".parquet")).toList()) {
                StringBuilder text = new StringBuilder();
                try (ParquetFileReader reader = ParquetFileReader.open(file)) {
                    for (Iterator<Batch> batches = reader.read(SERIES, UNIT); batches.hasNext(); ) {
                        text.append(Market.text(batches.next()));
                    }
                }
                units.add(text.toString());
            }
        }
        return units;
    }

    // While a session lives its temporaries are its own; a failed commit must have cleaned up by itself.
    static List<Path> temporaries(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root);
                ParquetStore store = ParquetStore.at(root)) {
            List<String> staged = store.ledger(SERIES, UNIT).isEmpty()
                    ? List.of()
                    : List.of(new Receipts(new StoreRoot(root))
                            .find(SERIES, UNIT)
                            .orElseThrow()
                            .data()
                            .staged());
            return files.filter(file -> file.toString().endsWith(".tmp"))
                    .filter(file -> !staged.contains(file.getFileName().toString()))
                    .toList();
        }
    }

    static Path prepared(Path directory, Change change) throws IOException {
        Path root = Files.createTempDirectory(directory, "store");
        if (!change.before().isEmpty()) {
            try (ParquetStore store = ParquetStore.at(root)) {
                write(store, SERIES, UNIT, 1);
            }
        }
        return root;
    }

    static Path copy(Path directory, Path root) throws IOException {
        Path target = Files.createTempDirectory(directory, "left");
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> !path.equals(root)).toList()) {
                Files.copy(file, target.resolve(root.relativize(file)));
            }
        }
        return target;
    }

    static List<String> operationsOf(Path directory, Change change) throws IOException {
        FaultyFiles counting = FaultyFiles.counting(FileOperations.ofTheSystem());
        try (ParquetStore store = ParquetStore.builder(prepared(directory, change))
                .files(counting)
                .build()) {
            write(store, SERIES, change.range(), change.version());
            return counting.operations();
        }
    }

    static void endSession(ParquetStore store) {
        try {
            store.close();
        } catch (FaultyFiles.Died dead) {
            // Only its lock had to go.
        }
    }
}
