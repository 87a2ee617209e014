package dev.candlewick.sink.parquet;

import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.MarketDataException;
import dev.candlewick.Series;
import dev.candlewick.Unavailable;
import dev.candlewick.VerifyReport;
import dev.candlewick.VerifyReport.Finding;
import dev.candlewick.VerifyReport.Kind;
import dev.candlewick.VerifyReport.Unit;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** One pass over everything stored. For one thread. */
final class Verification {

    private final StoreParts store;
    private final Predicate<Series> which;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<Path> named = new HashSet<>();
    private boolean everythingNamed = true;
    private long units;
    private long rows;
    private long bytes;

    Verification(StoreParts store, Predicate<Series> which) {
        this.store = store;
        this.which = which;
    }

    VerifyReport run() {
        try {
            for (Path directory : store.receipts().seriesDirectories()) {
                verifySeries(directory);
            }
            findStrays();
        } catch (IOException unreadable) {
            throw Storage.failed("Verifying " + store.root().path(), unreadable);
        }
        return new VerifyReport(units, rows, bytes, findings);
    }

    private void verifySeries(Path directory) throws IOException {
        Optional<Series> series = seriesOf(directory);
        if (series.isPresent() && !which.test(series.get())) {
            everythingNamed = false;
            return;
        }
        for (Path file : store.receipts().filesIn(directory)) {
            units++;
            try {
                Optional<Receipt> receipt = store.receipts().read(file);
                if (receipt.isPresent()) {
                    verifyUnit(receipt.get());
                }
            } catch (Unavailable | Cancelled ended) {
                throw ended;
            } catch (MarketDataException damaged) {
                everythingNamed = false;
                findings.add(new Finding(
                        Kind.RECEIPT_DAMAGED,
                        store.root().relative(file),
                        unitOf(series, file),
                        Storage.message(damaged)));
            }
        }
    }

    private Optional<Series> seriesOf(Path directory) {
        for (Path file : store.receipts().filesIn(directory)) {
            try {
                Optional<Receipt> receipt = store.receipts().read(file);
                if (receipt.isPresent()) {
                    return Optional.of(receipt.get().series());
                }
            } catch (MarketDataException damaged) {
                // Another one may say it.
            }
        }
        return Optional.empty();
    }

    private List<Unit> unitOf(Optional<Series> series, Path file) {
        try {
            return series.stream()
                    .flatMap(known -> store.receipts().units(known).stream()
                            .filter(unit -> store.receipts().file(known, unit).equals(file))
                            .map(unit -> new Unit(known, unit)))
                    .toList();
        } catch (Corrupt foreign) {
            return List.of(); // a file there names no unit: this one, or another that is found in its turn
        }
    }

    private void verifyUnit(Receipt seen) throws IOException {
        if (seen.data().exists()) {
            named.add(store.root().resolve(seen.data().path()));
        }
        Optional<UnitFile> opened;
        try {
            opened = UnitFile.open(store.root(), store.receipts(), seen);
        } catch (Corrupt damaged) {
            boolean missing = !Files.exists(store.root().resolve(seen.data().path()));
            found(missing ? Kind.FILE_MISSING : Kind.FILE_DAMAGED, seen, Storage.message(damaged));
            return;
        }
        if (opened.isPresent()) {
            try (UnitFile file = opened.get()) {
                verifyFile(file);
            }
        }
    }

    private void verifyFile(UnitFile file) throws IOException {
        Receipt receipt = file.receipt();
        boolean sameBytes = Checksums.sha256(file.bytes(), file.bytes().length())
                .equals(receipt.data().sha256());
        bytes += file.bytes().length();
        UnitProof proof = new UnitProof(receipt, receipt.data().path(), findings);
        try (ParquetFileReader reader = file.reader()) {
            proof.read(reader.read(receipt.series(), UnitProof.EVERYTHING));
        } catch (UncheckedIOException unreadable) {
            throw Storage.cause(unreadable);
        }
        rows += proof.rows();
        proof.judge(sameBytes);
    }

    private void found(Kind kind, Receipt receipt, String message) {
        findings.add(
                new Finding(kind, receipt.data().path(), List.of(new Unit(receipt.series(), receipt.unit())), message));
    }

    private void findStrays() throws IOException {
        for (Path leftover : store.recovery().leftovers()) {
            findings.add(new Finding(
                    Kind.LEFTOVER,
                    store.root().relative(leftover),
                    List.of(),
                    "left behind by a process that ended in the middle of a write; the next sweep collects it"));
        }
        if (everythingNamed && Files.isDirectory(store.root().path())) {
            Files.walkFileTree(store.root().path(), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return directory.equals(store.root().own())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.getFileName().toString().endsWith(".parquet") && !named.contains(file)) {
                        findings.add(new Finding(
                                Kind.ORPHAN,
                                store.root().relative(file),
                                List.of(),
                                "no receipt names this file; engines that read the directory take it for data. Move it"
                                        + " away, or write its unit again"));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        }
    }
}
