package dev.candlewick.sink.parquet;

import dev.candlewick.MarketDataException;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Ends what a crash interrupted: completes committed units, collects files that nobody will finish. Thread-safe. */
final class Recovery {

    private final StoreRoot root;
    private final Layout layout;
    private final Receipts receipts;
    private final SeriesLocks locks;
    private final DurableFiles durable;

    Recovery(StoreRoot root, Layout layout, Receipts receipts, SeriesLocks locks, DurableFiles durable) {
        this.root = root;
        this.layout = layout;
        this.receipts = receipts;
        this.locks = locks;
        this.durable = durable;
    }

    /** Gives the file of a committed unit its final name, or removes the old one of a unit without rows. Under its lock. */
    void complete(Receipt receipt) throws IOException {
        DataFile data = receipt.data();
        if (!data.exists()) {
            Path old = root.resolve(root.relative(root.path().resolve(layout.file(receipt.series(), receipt.unit()))));
            if (Files.exists(old)) {
                durable.remove(old);
            }
            return;
        }
        Path target = root.resolve(data.path());
        if (!data.staged().isEmpty()) {
            Path staged = target.resolveSibling(data.staged());
            if (Files.exists(staged)) {
                durable.publish(staged, target);
            }
        }
    }

    /** Moves a damaged file out of the way, where people can look at it. Under its series' lock. */
    Path putAside(Path file) throws IOException {
        Path directory = DurableFiles.parentOf(root.quarantine().resolve(root.relative(file)));
        for (int attempt = 1; ; attempt++) {
            Path target = directory.resolve("_" + file.getFileName() + "." + attempt + ".damaged");
            if (!Files.exists(target)) {
                durable.transfer(file, target);
                return target;
            }
        }
    }

    /** Drops a unit: it is unknown afterwards, and its files lie in the quarantine. */
    List<Path> forget(Series series, TimeRange unit) throws IOException {
        if (!Files.isDirectory(root.own())) {
            return List.of();
        }
        durable.makeDirectory(root.locks());
        return locks.whileLocked(series, () -> putAsideUnit(series, unit));
    }

    private List<Path> putAsideUnit(Series series, TimeRange unit) throws IOException {
        List<Path> moved = new ArrayList<>();
        Path receipt = receipts.file(series, unit);
        Path data = root.path().resolve(layout.file(series, unit));
        try {
            Optional<Receipt> readable = receipts.find(series, unit);
            if (readable.isPresent()) {
                complete(readable.get());
            }
        } catch (MarketDataException damaged) {
            // It is being dropped; a staged file that only it named is collected by the next sweep.
        }
        for (Path file : List.of(data, receipt)) {
            if (Files.exists(file)) {
                moved.add(putAside(file));
            }
        }
        return List.copyOf(moved);
    }

    /** Whether a process ended without closing its store. Cheap. */
    boolean isNeeded() {
        return !deadSessions().isEmpty();
    }

    /** Completes committed units and deletes the temporary files of processes that are gone; gives how many. */
    int sweep() throws IOException {
        if (!Files.isDirectory(root.own())) {
            return 0;
        }
        durable.makeDirectory(root.locks());
        // First who is gone, then what the receipts say: a process that is gone publishes nothing any more.
        List<String> gone = deadSessions();
        Map<String, Boolean> alive = new HashMap<>();
        List<Path> temporaries = temporaries(alive);
        Set<Path> claimed = completeAll();
        int collected = 0;
        for (Path temporary : temporaries) {
            if (!claimed.contains(temporary)) {
                durable.remove(temporary);
                collected++;
            }
        }
        for (String id : gone) {
            Session.bury(root.sessions(), id);
        }
        return collected;
    }

    /** Temporary files that no living process owns. */
    List<Path> leftovers() throws IOException {
        return Files.isDirectory(root.path()) ? temporaries(new HashMap<>()) : List.of();
    }

    private List<String> deadSessions() {
        try {
            return Session.dead(root.sessions());
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private List<Path> temporaries(Map<String, Boolean> alive) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(root.path(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                DurableFiles.ownerOf(file)
                        .filter(owner -> !alive.computeIfAbsent(owner, id -> Session.isAlive(root.sessions(), id)))
                        .ifPresent(owner -> found.add(file));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException vanished) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    // A damaged receipt might name any temporary beside it, so those of its series are left alone.
    private Set<Path> completeAll() throws IOException {
        Set<Path> claimed = new HashSet<>();
        for (Path directory : receipts.seriesDirectories()) {
            for (Path file : receipts.filesIn(directory)) {
                try {
                    Optional<Receipt> receipt = receipts.read(file);
                    if (receipt.isPresent() && isIncomplete(receipt.get())) {
                        completeUnderLock(receipt.get());
                    }
                } catch (MarketDataException damaged) {
                    claimBeside(file, claimed);
                }
            }
        }
        return claimed;
    }

    private boolean isIncomplete(Receipt receipt) {
        DataFile data = receipt.data();
        return data.exists()
                ? !data.staged().isEmpty()
                        && Files.exists(root.resolve(data.path()).resolveSibling(data.staged()))
                : Files.exists(root.path().resolve(layout.file(receipt.series(), receipt.unit())));
    }

    private void completeUnderLock(Receipt seen) throws IOException {
        locks.whileLocked(seen.series(), () -> {
            Optional<Receipt> now = receipts.find(seen.series(), seen.unit());
            if (now.isPresent()) {
                complete(now.get());
            }
            return now;
        });
    }

    private void claimBeside(Path damagedReceipt, Set<Path> claimed) throws IOException {
        Path series = root.receipts().relativize(damagedReceipt).getParent();
        Path data = root.path().resolve(series == null ? Path.of("") : series);
        if (Files.isDirectory(data)) {
            try (Stream<Path> files = Files.list(data)) {
                files.forEach(claimed::add);
            }
        }
    }
}
