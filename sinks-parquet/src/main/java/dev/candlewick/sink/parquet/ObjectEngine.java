package dev.candlewick.sink.parquet;

import dev.candlewick.Batches;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.VerifyReport;
import dev.candlewick.sink.parquet.file.WriteOptions;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.spi.AppendCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** A store in an object storage. Thread-safe. */
final class ObjectEngine implements StoreEngine {

    private final ObjectParts parts;
    private final WriteOptions outside;
    private final DurableFiles files = new DurableFiles(FileOperations.ofTheSystem());
    // Series of which a unit with just these columns was seen.
    private final Set<Series> checked = ConcurrentHashMap.newKeySet();

    ObjectEngine(ParquetStore.ObjectBuilder settings) {
        this.parts = new ObjectParts(settings);
        this.outside = WriteOptions.DEFAULT.withZstdLevel(settings.compressionLevel);
    }

    @Override
    public String name() {
        return parts.storage().name();
    }

    @Override
    public void requireOpen() {
        parts.requireOpen();
    }

    // Where names tell series apart, one receipt of each tells all.
    @Override
    public List<Series> series() {
        parts.description().check();
        Map<String, List<ObjectHead>> alike = new LinkedHashMap<>();
        for (ObjectHead head : parts.units().below("")) {
            alike.computeIfAbsent(parts.units().sharedName(head), unseen -> new ArrayList<>())
                    .add(head);
        }
        Set<Series> all = new TreeSet<>();
        parts.requests()
                .forEach(List.copyOf(alike.values()), this::firstReadable)
                .forEach(receipt -> receipt.ifPresent(found -> all.add(found.series())));
        return List.copyOf(all);
    }

    // One damaged object must not hide the series; verifying the store finds it.
    private Optional<Receipt> firstReadable(List<ObjectHead> objects) {
        for (ObjectHead head : objects) {
            Optional<Receipt> receipt = parts.units()
                    .receipt(head)
                    .filter(found ->
                            parts.units().name(found.series(), found.unit()).equals(head.name()));
            if (receipt.isPresent()) {
                return receipt;
            }
        }
        return Optional.empty();
    }

    @Override
    public List<LedgerEntry> ledger(Series series, TimeRange range) {
        parts.description().check();
        return parts.units().known(series, range).values().stream()
                .flatMap(unit -> unit.trusted().stream())
                .map(Receipt::entry)
                .toList();
    }

    @Override
    public Batches read(Series series, TimeRange range, List<String> columns) {
        return ObjectRows.read(parts, series, range, columns);
    }

    @Override
    public SinkWriter open(Series series, TimeRange range) {
        AppendCheck check = new AppendCheck(series, range);
        parts.description().check();
        ObjectTarget target = new ObjectTarget(parts, series, range);
        checkSchema(series, target);
        return new UnitWriter<>(target, series, range, check);
    }

    // Any receipt that can be read speaks for all: what was committed since was checked against it, too.
    private void checkSchema(Series series, ObjectTarget target) {
        boolean seen = target.before().values().stream()
                .anyMatch(unit -> unit.receipt().isPresent());
        boolean known = seen
                || checked.contains(series)
                || (parts.units().isFarApart(series)
                        && parts.units().isReadable(series, parts.manifests().read(series)));
        if (known) {
            checked.add(series);
            return;
        }
        for (ObjectUnits.UnitObject object : parts.units().objects(series, UnitProof.EVERYTHING)) {
            if (parts.units().find(series, object.unit()).receipt().isPresent()) {
                break;
            }
        }
        checked.add(series);
    }

    @Override
    public VerifyReport verify() {
        parts.description().check();
        return new ObjectVerification(parts, parts.units().below(""), series -> true).run();
    }

    @Override
    public VerifyReport verify(Series series) {
        parts.description().check();
        return new ObjectVerification(parts, parts.units().of(series), series::equals).run();
    }

    @Override
    public List<String> forget(Series series, TimeRange range) {
        parts.description().check();
        ObjectQuarantine quarantine = new ObjectQuarantine(parts);
        List<String> moved = new ArrayList<>();
        for (ObjectUnits.UnitObject object : parts.units().objects(series, range)) {
            forget(object.head(), quarantine).ifPresent(moved::add);
        }
        return List.copyOf(moved);
    }

    // Its copy is complete before it goes. One that was replaced meanwhile is dropped as well: that was asked for.
    private Optional<String> forget(ObjectHead listed, ObjectQuarantine quarantine) {
        Optional<ObjectHead> head = Optional.of(listed);
        for (int attempt = 0; attempt < ObjectUnits.ATTEMPTS && head.isPresent(); attempt++) {
            Optional<String> copy = quarantine.copy(head.get());
            if (copy.isPresent()
                    && parts.storage().delete(listed.name(), head.get().version())) {
                return copy;
            }
            head = parts.storage().head(listed.name());
        }
        if (head.isPresent()) {
            throw new Unavailable(listed.name() + " in " + name() + " was replaced " + ObjectUnits.ATTEMPTS
                    + " times while it was to be forgotten; run the same again later");
        }
        return Optional.empty();
    }

    @Override
    public List<UnitLink> links(Series series, TimeRange range, Duration validity) {
        Instant expires = parts.clock().instant().plus(validity);
        return ledger(series, range).stream()
                .filter(entry -> entry.rows() > 0)
                .map(entry -> new UnitLink(
                        series,
                        entry.unit(),
                        entry.rows(),
                        parts.storage().signedUrl(parts.units().name(series, entry.unit()), validity),
                        expires))
                .toList();
    }

    @Override
    public int sweep() {
        return 0;
    }

    @Override
    public void writeManifest() {
        if (parts.manifests().isEmpty()) {
            series().forEach(series -> parts.manifests().write(series, parts.units()));
        } else {
            parts.manifests().write(parts.units());
        }
    }

    @Override
    public boolean hasWritten() {
        return !parts.manifests().isEmpty();
    }

    @Override
    public WriteOptions options() {
        return outside;
    }

    @Override
    public DurableFiles files() {
        return files;
    }

    @Override
    public Optional<Path> directory() {
        return Optional.empty();
    }

    @Override
    public void close() {
        parts.close();
    }
}
