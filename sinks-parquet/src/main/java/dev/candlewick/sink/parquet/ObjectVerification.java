package dev.candlewick.sink.parquet;

import dev.candlewick.Corrupt;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.VerifyReport;
import dev.candlewick.VerifyReport.Finding;
import dev.candlewick.VerifyReport.Kind;
import dev.candlewick.VerifyReport.Unit;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** One pass over all data objects below a prefix. For one thread. */
final class ObjectVerification {

    private final ObjectParts store;
    private final List<ObjectHead> objects;
    private final Predicate<Series> which;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Damaged> damaged = new ArrayList<>();
    private final List<Receipt> sound = new ArrayList<>();
    private long units;
    private long rows;
    private long bytes;

    ObjectVerification(ObjectParts store, List<ObjectHead> objects, Predicate<Series> which) {
        this.store = store;
        this.objects = objects;
        this.which = which;
    }

    private record Coming(ObjectHead head, Requests.Answer<Optional<ObjectPart>> end) {}

    private record Damaged(String name, String message) {}

    VerifyReport run() {
        Iterator<ObjectHead> left = objects.iterator();
        Deque<Coming> coming = new ArrayDeque<>();
        try {
            long ahead = 0;
            while (left.hasNext() || !coming.isEmpty()) {
                while (left.hasNext() && (coming.isEmpty() || ahead < store.memoryBytes())) {
                    ObjectHead head = left.next();
                    int count = ObjectFile.firstBytes(store, head);
                    coming.add(new Coming(
                            head, store.requests().send(() -> store.storage().readEnd(head.name(), count))));
                    ahead += count;
                }
                Coming first = coming.remove();
                ahead -= ObjectFile.firstBytes(store, first.head());
                Optional<ObjectPart> end = first.end().await();
                if (end.isPresent()) {
                    verify(end.get());
                }
            }
        } finally {
            coming.forEach(open -> open.end().cancel());
        }
        damaged.forEach(this::nameUnit);
        return new VerifyReport(units, rows, bytes, findings);
    }

    private void verify(ObjectPart end) {
        Optional<ObjectPart> now = Optional.of(end);
        int found = findings.size();
        for (int attempt = 0; attempt < ObjectUnits.ATTEMPTS && now.isPresent(); attempt++) {
            try {
                verifyOnce(now.get());
                return;
            } catch (ObjectReplaced meanwhile) {
                findings.subList(found, findings.size()).clear();
                now = store.storage().readEnd(end.head().name(), ObjectFile.firstBytes(store, end.head()));
            }
        }
        if (now.isPresent()) {
            findings.add(new Finding(
                    Kind.CHANGING,
                    end.head().name(),
                    List.of(),
                    "it was replaced again and again while it was read; verify it when its writers are done"));
        }
    }

    private void verifyOnce(ObjectPart end) throws ObjectReplaced {
        String name = end.head().name();
        ObjectFile opened;
        try {
            opened = ObjectFile.of(store, end);
        } catch (Corrupt | Refused unreadable) {
            damaged.add(new Damaged(name, Storage.message(unreadable)));
            return;
        }
        try (ObjectFile file = opened) {
            Receipt receipt = file.receipt();
            if (which.test(receipt.series())) {
                if (!store.units().name(receipt.series(), receipt.unit()).equals(name)) {
                    findings.add(new Finding(
                            Kind.ORPHAN,
                            name,
                            List.of(),
                            "it is not under the name of its unit; engines that read the storage take it for data. Move it"
                                    + " away"));
                    return;
                }
                sound.add(receipt);
                verifyUnit(file);
            }
        }
    }

    private void verifyUnit(ObjectFile file) throws ObjectReplaced {
        Receipt receipt = file.receipt();
        UnitProof proof = new UnitProof(receipt, file.head().name(), findings);
        try {
            boolean sameBytes = file.isIntact();
            proof.read(file.reader().read(receipt.series(), UnitProof.EVERYTHING));
            proof.judge(sameBytes);
        } catch (ObjectReplaced replaced) {
            throw replaced;
        } catch (StorageFailed failed) {
            throw failed.failure();
        } catch (UncheckedIOException failed) {
            throw StorageFailed.unwrapped(failed);
        } catch (IOException failed) {
            throw Storage.failed("Verifying " + file.head().name(), failed);
        }
        units++;
        rows += proof.rows();
        bytes += file.head().bytes();
    }

    // What a damaged object holds is told by the sound ones beside it: a name of their layout says which unit it is.
    private void nameUnit(Damaged object) {
        List<Unit> named = new ArrayList<>();
        for (Series series : sound.stream().map(Receipt::series).distinct().toList()) {
            unitOf(series, object.name()).ifPresent(named::add);
        }
        boolean isUnit = !named.isEmpty() || object.name().startsWith("dataset=");
        units += isUnit ? 1 : 0;
        findings.add(new Finding(isUnit ? Kind.RECEIPT_DAMAGED : Kind.ORPHAN, object.name(), named, object.message()));
    }

    private Optional<Unit> unitOf(Series series, String name) {
        String label = name.substring(name.lastIndexOf('/') + 1, name.length() - ".parquet".length());
        return Receipts.unit(label, series.cadence().unit())
                .filter(unit -> isNameOf(series, unit, name))
                .map(unit -> new Unit(series, unit));
    }

    private boolean isNameOf(Series series, dev.candlewick.TimeRange unit, String name) {
        try {
            return store.units().name(series, unit).equals(name);
        } catch (MarketDataException | IllegalArgumentException unnameable) {
            return false;
        }
    }
}
