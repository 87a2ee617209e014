package dev.candlewick.sink.parquet;

import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectListing;
import dev.candlewick.sink.parquet.objects.ObjectNames;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds the objects of units and reads their receipts: the only truth about what a store holds. Thread-safe. */
final class ObjectUnits {

    /** Every further attempt means that somebody committed in between; so many cannot be an accident of timing. */
    static final int ATTEMPTS = 100;

    private static final String SUFFIX = ".parquet";

    /** So many units are asked for by name where a listing would bring everybody else's objects of their days. */
    private static final int MOST_BY_NAME = 100;

    private static final int MOST_LOOKED_AT = 3;

    private final ObjectParts store;

    ObjectUnits(ObjectParts store) {
        this.store = store;
    }

    /** An object under a unit's name. */
    record UnitObject(TimeRange unit, ObjectHead head) {}

    /** The name of a unit's object. */
    String name(Series series, TimeRange unit) {
        String name = store.layout().file(series, unit).toString().replace('\\', '/');
        if (name.startsWith(ObjectParts.OWN) || !name.endsWith(SUFFIX)) {
            throw new IllegalArgumentException("The layout '" + store.layout().name() + "' names an object of "
                    + series + " '" + name + "'; it has to end in " + SUFFIX + " and must not begin with "
                    + ObjectParts.OWN);
        }
        return ObjectNames.checked(name);
    }

    /** Whether the range touches so few units that asking for each by its name costs less than listing them first. */
    boolean isFew(Series series, TimeRange range) {
        int most = isFarApart(series) ? MOST_BY_NAME : 2;
        TimeRange unit = series.cadence().unit().containing(range.start());
        for (int touched = 1; touched < most && unit.end().isBefore(range.end()); touched++) {
            unit = series.cadence().unit().containing(unit.end());
        }
        return !unit.end().isBefore(range.end());
    }

    /** Whether listing the units of a series means to list those of others, too. */
    boolean isFarApart(Series series) {
        return ByDateLayout.liesByDay(store.layout(), series);
    }

    /** What is known of a unit now; one request. */
    KnownUnit find(Series series, TimeRange unit) {
        String name = name(series, unit);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<ObjectPart> end = store.storage().readEnd(name, ObjectFile.END_BYTES);
            if (end.isEmpty()) {
                return KnownUnit.ABSENT;
            }
            try {
                return known(series, unit, end.get());
            } catch (ObjectReplaced again) {
                // The next answer is about what is there now.
            }
        }
        throw new Unavailable("Unit " + unit + " of " + series + " was replaced " + ATTEMPTS
                + " times while it was being looked at; try again later");
    }

    private KnownUnit known(Series series, TimeRange unit, ObjectPart end) throws ObjectReplaced {
        try (ObjectFile file = ObjectFile.of(store, end)) {
            return KnownUnit.of(end.head(), checked(file.receipt(), series, unit));
        } catch (Corrupt damaged) {
            return KnownUnit.damaged(end.head(), damaged);
        }
    }

    /** The receipt, if it is that of the unit. */
    Receipt checked(Receipt receipt, Series series, TimeRange unit) {
        String name = name(series, unit);
        Receipt checked = Receipts.check(receipt, series, name, store.storage().name());
        if (!receipt.unit().equals(unit)) {
            throw new Corrupt("The object " + name + " in " + store.storage().name() + " is in the place of " + unit
                    + " but speaks of " + receipt.unit());
        }
        return checked;
    }

    /** What is known of the units that touch the range and have an object, in time order. */
    Map<TimeRange, KnownUnit> known(Series series, TimeRange range) {
        Map<TimeRange, KnownUnit> known = new TreeMap<>();
        if (isFew(series, range)) {
            List<TimeRange> units = series.cadence().unit().touching(range);
            List<KnownUnit> found = units.size() == 1
                    ? List.of(find(series, units.get(0)))
                    : store.requests().forEach(units, unit -> find(series, unit));
            for (int i = 0; i < units.size(); i++) {
                if (found.get(i).head().isPresent()) {
                    known.put(units.get(i), found.get(i));
                }
            }
            return known;
        }
        List<UnitObject> objects = objects(series, range);
        return known(
                series,
                objects,
                objects.size() <= 1 ? Map.of() : store.manifests().read(series));
    }

    /** What is known of listed units, by the manifest where it knows their versions. */
    Map<TimeRange, KnownUnit> known(
            Series series, List<UnitObject> objects, Map<String, ObjectManifests.Line> manifest) {
        Map<TimeRange, KnownUnit> known = new TreeMap<>();
        List<UnitObject> unknown = new ArrayList<>();
        for (UnitObject object : objects) {
            Optional<Receipt> receipt = Optional.ofNullable(
                            manifest.get(object.head().name()))
                    .filter(line -> line.version().equals(object.head().version()))
                    .flatMap(line -> line.receipt(series, object.unit(), this));
            if (receipt.isPresent()) {
                known.put(object.unit(), KnownUnit.of(object.head(), receipt.get()));
            } else {
                unknown.add(object);
            }
        }
        List<KnownUnit> found = store.requests().forEach(unknown, object -> find(series, object.unit()));
        for (int i = 0; i < unknown.size(); i++) {
            if (found.get(i).head().isPresent()) {
                known.put(unknown.get(i).unit(), found.get(i));
            }
        }
        return known;
    }

    /** The objects of units that touch the range, in time order, as a listing has them. */
    List<UnitObject> objects(Series series, TimeRange range) {
        if (isFarApart(series)) {
            return heads(series, isFew(series, range) ? series.cadence().unit().touching(range) : days(series, range));
        }
        Map<TimeRange, UnitObject> objects = new TreeMap<>();
        for (ObjectHead head : below(commonPrefix(series, range))) {
            unitOf(series, head)
                    .filter(unit -> unit.overlaps(range))
                    .ifPresent(unit -> objects.put(unit, new UnitObject(unit, head)));
        }
        return List.copyOf(objects.values());
    }

    /** The days of the range that anything of the kind of the series was stored of. */
    private List<TimeRange> days(Series series, TimeRange range) {
        return store.storage().list(commonPrefix(series, range)).prefixes().stream()
                .flatMap(prefix -> ByDateLayout.day(prefix).stream())
                .filter(day -> day.overlaps(range))
                .sorted()
                .toList();
    }

    private List<UnitObject> heads(Series series, List<TimeRange> units) {
        List<UnitObject> objects = new ArrayList<>();
        List<Optional<ObjectHead>> heads =
                store.requests().forEach(units, unit -> store.storage().head(name(series, unit)));
        for (int i = 0; i < units.size(); i++) {
            TimeRange unit = units.get(i);
            heads.get(i).ifPresent(head -> objects.add(new UnitObject(unit, head)));
        }
        return objects;
    }

    /** The data objects of a series, whatever is in them: those under the names of its units, and strays beside them. */
    List<ObjectHead> of(Series series) {
        if (!isFarApart(series)) {
            return below(commonPrefix(series, UnitProof.EVERYTHING));
        }
        return objects(series, UnitProof.EVERYTHING).stream()
                .map(UnitObject::head)
                .toList();
    }

    /** What all objects of one series have in common, of a layout whose names tell series apart; else the name. */
    String sharedName(ObjectHead head) {
        String name = head.name();
        String directory = name.substring(0, name.lastIndexOf('/') + 1);
        if (store.layout() instanceof ByDateLayout) {
            return ByDateLayout.day(name).isPresent() ? ByDateLayout.anyDay(name) : directory;
        }
        return store.layout() instanceof HiveLayout ? directory : name;
    }

    /** Whether one of the series' objects that its manifest names has a receipt that can be read. */
    boolean isReadable(Series series, Map<String, ObjectManifests.Line> manifest) {
        return manifest.keySet().stream()
                .sorted(Comparator.reverseOrder())
                .limit(MOST_LOOKED_AT)
                .flatMap(name -> ByDateLayout.day(name).stream())
                .anyMatch(unit -> find(series, unit).receipt().isPresent());
    }

    /** The unit whose object this is: by its label, as layouts use to end names, else by its receipt. */
    private Optional<TimeRange> unitOf(Series series, ObjectHead head) {
        String file = head.name().substring(head.name().lastIndexOf('/') + 1);
        String label = file.substring(0, file.length() - SUFFIX.length());
        Optional<TimeRange> unit = Receipts.unit(label, series.cadence().unit())
                .filter(named -> name(series, named).equals(head.name()));
        if (unit.isPresent() || store.layout() instanceof HiveLayout) {
            return unit;
        }
        return receipt(head)
                .filter(receipt -> receipt.series().toString().equals(series.toString()))
                .map(Receipt::unit)
                .filter(named -> name(series, named).equals(head.name()));
    }

    /** The receipt of an object, whoever's it is; empty when it has none that can be read. */
    Optional<Receipt> receipt(ObjectHead head) {
        Optional<ObjectPart> end = store.storage().readEnd(head.name(), ObjectFile.END_BYTES);
        if (end.isEmpty()) {
            return Optional.empty();
        }
        try (ObjectFile file = ObjectFile.of(store, end.get())) {
            return Optional.of(file.receipt());
        } catch (Corrupt | Refused | ObjectReplaced unreadable) {
            return Optional.empty();
        }
    }

    /** The data objects below a prefix, at any depth, by name. */
    List<ObjectHead> below(String prefix) {
        List<ObjectHead> objects = new ArrayList<>();
        List<String> level = List.of(prefix);
        while (!level.isEmpty()) {
            List<String> next = new ArrayList<>();
            for (ObjectListing listing : level.size() == 1
                    ? List.of(store.storage().list(level.get(0)))
                    : store.requests().forEach(level, store.storage()::list)) {
                listing.objects().stream()
                        .filter(head -> head.name().endsWith(SUFFIX))
                        .forEach(objects::add);
                listing.prefixes().stream()
                        .filter(below -> !below.equals(ObjectParts.OWN))
                        .forEach(next::add);
            }
            level = next;
        }
        objects.sort((one, other) -> one.name().compareTo(other.name()));
        return objects;
    }

    /** The prefix below which all units of the range lie. */
    String commonPrefix(Series series, TimeRange range) {
        TimeRange first = series.cadence().unit().containing(range.start());
        TimeRange last = series.cadence().unit().containing(TimeRange.instant(range.endMicros() - 1));
        String one = name(series, first);
        String other = name(series, last);
        int common = 0;
        for (int i = 0; i < Math.min(one.length(), other.length()) && one.charAt(i) == other.charAt(i); i++) {
            if (one.charAt(i) == '/') {
                common = i + 1;
            }
        }
        return one.substring(0, common);
    }
}
