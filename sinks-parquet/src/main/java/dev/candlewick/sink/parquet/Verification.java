package dev.candlewick.sink.parquet;

import dev.candlewick.Batch;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.VerifyReport;
import dev.candlewick.VerifyReport.Finding;
import dev.candlewick.VerifyReport.Kind;
import dev.candlewick.VerifyReport.Unit;
import dev.candlewick.sink.parquet.file.ByteSource;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import dev.candlewick.spi.RowRules;
import dev.candlewick.spi.UnitLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** One pass over everything stored. For one thread. */
final class Verification {

    private static final int BUFFER_BYTES = 1 << 16;

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
        boolean sameBytes = sha256(file.bytes()).equals(receipt.data().sha256());
        UnitLedger ledger = new UnitLedger(receipt.series(), receipt.unit());
        RowRules rules = new RowRules(receipt.series());
        try (ParquetFileReader reader = file.reader()) {
            for (Iterator<Batch> batches = reader.read(receipt.series(), everything()); batches.hasNext(); ) {
                Batch batch = batches.next();
                ledger.add(batch);
                rules.add(batch);
                rows += batch.rows();
            }
        } catch (MarketDataException damaged) {
            found(Kind.FILE_DAMAGED, receipt, Storage.message(damaged) + Repair.advice(receipt));
            return;
        } catch (UncheckedIOException unreadable) {
            throw Storage.cause(unreadable);
        }
        if (!sameBytes) {
            found(
                    Kind.FILE_DAMAGED,
                    receipt,
                    "its bytes are not those that were committed (SHA-256 differs), although its" + " rows can be read"
                            + Repair.advice(receipt));
        }
        compare(receipt, ledger);
        rules.broken().forEach(message -> found(Kind.RULE_BROKEN, receipt, message));
        rules.offGrid().ifPresent(message -> found(Kind.OFF_GRID, receipt, message));
    }

    private void compare(Receipt receipt, UnitLedger ledger) {
        LedgerEntry claimed = receipt.entry();
        LedgerEntry actual = ledger.entry(
                Optional.empty(),
                receipt.unit(),
                new Provenance("", List.of(), claimed.gaps(), List.of()),
                claimed.committedAt());
        if (actual.rows() != claimed.rows()) {
            found(
                    Kind.LEDGER_DIFFERS,
                    receipt,
                    "it holds " + actual.rows() + " rows, its receipt says " + claimed.rows() + Repair.advice(receipt));
        } else if (!actual.contentHash().equals(claimed.contentHash())) {
            found(
                    Kind.LEDGER_DIFFERS,
                    receipt,
                    "its rows are not those of its receipt (content hash differs)" + Repair.advice(receipt));
        } else if (receipt.series().dataset().interval().isPresent()
                && !actual.present().equals(claimed.present())) {
            found(
                    Kind.LEDGER_DIFFERS,
                    receipt,
                    "its rows cover " + actual.present() + ", its receipt says " + claimed.present()
                            + Repair.advice(receipt));
        }
    }

    private void found(Kind kind, Receipt receipt, String message) {
        findings.add(
                new Finding(kind, receipt.data().path(), List.of(new Unit(receipt.series(), receipt.unit())), message));
    }

    // Rows outside the unit would be a lie of the file's, so all are read.
    private static TimeRange everything() {
        return TimeRange.of("0001-01-01", "9999-12-31");
    }

    private String sha256(ByteSource source) throws IOException {
        MessageDigest digest = DurableFiles.sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (long at = 0; at < source.length(); ) {
            int count = (int) Math.min(buffer.length, source.length() - at);
            source.read(at, buffer, 0, count);
            digest.update(buffer, 0, count);
            at += count;
        }
        bytes += source.length();
        return HexFormat.of().formatHex(digest.digest());
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
