package dev.candlewick.sink.parquet;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.ContentHash;
import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import dev.candlewick.sink.parquet.file.ParquetFileWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Many units into one file: written aside, read back and compared, and only then named. The units stay as they are. */
final class Combination {

    private final StoreEngine store;
    private final DurableFiles files;
    private final Series series;
    private final TimeRange range;

    Combination(StoreEngine store, Series series, TimeRange range) {
        this.store = store;
        this.files = store.files();
        this.series = series;
        this.range = range;
    }

    /** Several may do so at a time: each writes under a name of its own, and the last to finish has the file. */
    CombineResult to(Path target) throws IOException {
        Path file = target.toAbsolutePath().normalize();
        refuseInside(file);
        Path directory = DurableFiles.parentOf(file);
        files.makeDirectory(directory);
        // Of the target's directory, as the store itself may be one that can only be read.
        try (Session session = Session.begin(directory)) {
            collectLeftovers(file);
            return write(target, file, session.id());
        }
    }

    private CombineResult write(Path target, Path file, String session) throws IOException {
        DurableFiles.Draft draft =
                files.draft(DurableFiles.parentOf(file), file.getFileName().toString(), session);
        try {
            ContentHash written = copy(draft);
            String sha256 = draft.seal();
            compare(draft.path(), written);
            CombineResult.Outcome outcome = CombineResult.Outcome.WRITTEN;
            if (Files.isRegularFile(file) && Checksums.sha256(file).equals(sha256)) {
                outcome = CombineResult.Outcome.UNCHANGED;
                draft.discard();
            } else {
                files.publish(draft.path(), file);
            }
            return new CombineResult(target, written.rows(), draft.bytes(), sha256, written.value(), outcome);
        } catch (IOException | RuntimeException failed) {
            draft.discard();
            throw failed;
        }
    }

    // What crashed processes began to write for this file.
    private void collectLeftovers(Path file) throws IOException {
        Path directory = DurableFiles.parentOf(file);
        List<Path> beside;
        try (Stream<Path> files = Files.list(directory)) {
            beside = files.toList();
        }
        for (Path other : beside) {
            boolean dead = DurableFiles.ownerOf(other)
                    .filter(owner -> !Session.isAlive(directory, owner))
                    .isPresent();
            if (dead && DurableFiles.finalName(other).equals(file.getFileName().toString())) {
                files.remove(other);
            }
        }
        for (String gone : Session.dead(directory)) {
            Session.bury(directory, gone);
        }
    }

    private ContentHash copy(DurableFiles.Draft draft) throws IOException {
        ContentHash hash = new ContentHash(series.schema());
        Map<String, String> metadata =
                Map.of("candlewick.series", series.toString(), "candlewick.range", range.toString());
        try (Batches batches = store.read(series, range, series.schema().names());
                ParquetFileWriter writer = ParquetFileWriter.to(draft, series.schema(), metadata, store.options())) {
            for (Batch batch : batches) {
                hash.add(batch);
                writer.write(batch);
            }
            writer.finish();
        } catch (UncheckedIOException failed) {
            throw Storage.cause(failed);
        }
        return hash;
    }

    private void compare(Path written, ContentHash expected) throws IOException {
        ContentHash found = new ContentHash(series.schema());
        try (ParquetFileReader reader = ParquetFileReader.open(written)) {
            for (Iterator<Batch> batches = reader.read(series, range); batches.hasNext(); ) {
                found.add(batches.next());
            }
        } catch (UncheckedIOException failed) {
            throw Storage.cause(failed);
        }
        if (found.rows() != expected.rows() || !found.value().equals(expected.value())) {
            throw new Corrupt(
                    "The combined file of " + series + " read back as " + found.rows() + " rows with hash "
                            + found.value() + " instead of " + expected.rows() + " rows with hash " + expected.value()
                            + "; it was thrown away and the store is untouched. See to the disk and the memory of this machine");
        }
    }

    private void refuseInside(Path file) throws IOException {
        Path existing = file.getParent();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (store.directory().isEmpty()) {
            return;
        }
        Path root = store.directory().get();
        boolean inside = file.startsWith(root)
                || (existing != null
                        && Files.exists(root)
                        && existing.toRealPath().startsWith(root.toRealPath()));
        if (inside) {
            throw new Refused(file + " lies in the store " + root + ", where engines would read its rows"
                    + " twice; give a place outside");
        }
    }
}
