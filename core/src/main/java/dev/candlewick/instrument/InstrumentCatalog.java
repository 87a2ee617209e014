package dev.candlewick.instrument;

import dev.candlewick.Refused;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Definitions of instruments, those delisted included, to find them by name, by what their files call them, and by time.
 *
 * <pre>{@code
 * InstrumentCatalog catalog = InstrumentCatalog.of(instruments);
 * catalog.resolve("BINANCE-FUTURES:PERP:BTC-USDT").key()   // …:PERPETUAL:BTC-USDT@LIN, as no other contract has that form
 * catalog.ofDataset("deribit", "BTC-PERPETUAL", instant)
 * catalog.aliveOn(LocalDate.of(2024, 3, 1))
 * }</pre>
 *
 * <p>A short form without margin resolves only when one contract of the whole catalog has it; delisted twins count, so that
 * a name does not change its meaning with time. The more a catalog holds, the safer its answers. Immutable.
 */
public final class InstrumentCatalog {

    private static final int SHOWN = 8;

    private record FileSymbol(String exchange, String symbol) {}

    private final List<Instrument> instruments;
    private final Map<InstrumentKey, List<Instrument>> byKey = new HashMap<>();
    private final Map<InstrumentKey, SortedSet<InstrumentKey>> bySeedForm = new HashMap<>();
    private final Map<FileSymbol, List<Instrument>> byDataset = new HashMap<>();
    private final Map<FileSymbol, List<Instrument>> byRawSymbol = new HashMap<>();

    private InstrumentCatalog(Collection<Instrument> instruments) {
        this.instruments = instruments.stream().distinct().sorted().toList();
        for (Instrument each : this.instruments) {
            byKey.computeIfAbsent(each.key(), key -> new ArrayList<>(1)).add(each);
            bySeedForm
                    .computeIfAbsent(each.key().seedForm(), key -> new TreeSet<>())
                    .add(each.key());
            byDataset
                    .computeIfAbsent(new FileSymbol(each.exchange(), each.datasetId()), key -> new ArrayList<>(1))
                    .add(each);
            byRawSymbol
                    .computeIfAbsent(new FileSymbol(each.exchange(), each.rawSymbol()), key -> new ArrayList<>(1))
                    .add(each);
        }
    }

    /** The catalog of these definitions. */
    public static InstrumentCatalog of(Collection<Instrument> instruments) {
        return new InstrumentCatalog(instruments);
    }

    /** All definitions, by key and then by time. */
    public List<Instrument> instruments() {
        return instruments;
    }

    /**
     * The instrument of a name in any accepted spelling.
     *
     * @throws IllegalArgumentException when the text is no key
     * @throws Refused as {@link #resolve(InstrumentKey)}
     */
    public Instrument resolve(String name) {
        return resolve(InstrumentKey.parse(name));
    }

    /**
     * The instrument of a key, or of a short form that only one contract has.
     *
     * @throws Refused when there is none, naming similar ones; when the short form has several meanings, naming them; when
     *     the name was given to several instruments in turn, naming their times
     */
    public Instrument resolve(InstrumentKey key) {
        List<Instrument> found = definitions(qualified(key));
        if (found.size() > 1) {
            throw new Refused(found.get(0).key() + " names " + found.size()
                    + " instruments; say at what time, or use their dataset ids: " + listed(found));
        }
        return found.get(0);
    }

    /**
     * The instrument that a key, or a short form that only one contract has, named at an instant, as it was defined then.
     *
     * @throws Refused as {@link #resolve(InstrumentKey)}, and when it was not listed at that instant
     */
    public Instrument resolve(InstrumentKey key, Instant at) {
        List<Instrument> all = definitions(qualified(key));
        List<Instrument> found =
                all.stream().filter(each -> each.window().contains(at)).toList();
        if (found.size() != 1) {
            throw new Refused(
                    all.get(0).key() + " names " + (found.isEmpty() ? "no instrument" : found.size() + " instruments")
                            + " at " + at + "; there are " + listed(all));
        }
        return found.get(0).at(at);
    }

    /** All definitions of a qualified key, by time: several where a venue gave the name away again; none when unknown. */
    public List<Instrument> definitions(InstrumentKey key) {
        return List.copyOf(byKey.getOrDefault(key, List.of()));
    }

    /** The short form of a key, when no other contract of this catalog has the same. */
    public Optional<InstrumentKey> uniqueAlias(InstrumentKey key) {
        Set<InstrumentKey> same = bySeedForm.getOrDefault(key.seedForm(), new TreeSet<>());
        return same.size() == 1 && same.contains(key) ? Optional.of(key.seedForm()) : Optional.empty();
    }

    /**
     * The instrument that a recorder's files called so at an instant, as it was defined then.
     *
     * @param exchange as Tardis calls it
     * @param datasetId the spelling of its files; where no file is called so, that of the venue's API
     * @throws Refused when two instruments were called so at that instant
     */
    public Optional<Instrument> ofDataset(String exchange, String datasetId, Instant at) {
        FileSymbol symbol = new FileSymbol(exchange, datasetId);
        List<Instrument> all = byDataset.getOrDefault(symbol, byRawSymbol.getOrDefault(symbol, List.of()));
        List<Instrument> found =
                all.stream().filter(each -> each.window().contains(at)).toList();
        if (found.size() > 1) {
            throw new Refused(exchange + " " + datasetId + " was the name of " + found.size() + " instruments at " + at
                    + ": " + listed(found));
        }
        return found.stream().findFirst().map(each -> each.at(at));
    }

    /** The instruments listed on any part of a UTC day, each with the terms it had at the end of that day. */
    public List<Instrument> aliveOn(LocalDate day) {
        Instant end = day.plusDays(1)
                .atStartOfDay(java.time.ZoneOffset.UTC)
                .toInstant()
                .minusNanos(1_000);
        return instruments.stream()
                .filter(each -> each.isAliveOn(day))
                .map(each -> each.at(end))
                .toList();
    }

    /** The instruments of a venue, under either of its names. */
    public List<Instrument> ofVenue(String venue) {
        String canonical = Venues.canonical(venue);
        return instruments.stream()
                .filter(each -> each.key().venue().equals(canonical))
                .toList();
    }

    /** The instruments of a type. */
    public List<Instrument> ofType(InstrumentType type) {
        return instruments.stream().filter(each -> each.key().type() == type).toList();
    }

    /** The venues that there are instruments of, sorted. */
    public SortedSet<String> venues() {
        return instruments.stream().map(each -> each.key().venue()).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Both catalogs' definitions. What both say of one instrument, the same key under the same dataset id in windows that
     * touch, becomes one: the window is that of both together, and where they differ this catalog is believed.
     */
    public InstrumentCatalog plus(InstrumentCatalog other) {
        Set<Instrument> merged = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Instrument> all = new ArrayList<>();
        for (Instrument theirs : other.instruments) {
            Instrument whole = theirs;
            for (Instrument ours : byKey.getOrDefault(theirs.key(), List.of())) {
                if (ours.exchange().equals(theirs.exchange())
                        && ours.datasetId().equals(theirs.datasetId())
                        && ours.window().overlaps(whole.window())
                        && merged.add(ours)) {
                    whole = ours.completedBy(whole);
                }
            }
            all.add(whole);
        }
        instruments.stream().filter(each -> !merged.contains(each)).forEach(all::add);
        return of(all);
    }

    /**
     * The same catalog knowing that an asset was renamed: that one instrument goes on under another key. Keys stay as they
     * are; {@link #lineage} follows the link.
     *
     * @throws Refused when there is no instrument of the old key
     */
    public InstrumentCatalog renamed(InstrumentKey from, InstrumentKey to) {
        InstrumentKey old = qualified(from);
        return of(instruments.stream()
                .map(each ->
                        each.key().equals(old) ? each.toBuilder().renamedTo(to).build() : each)
                .toList());
    }

    /** The keys under which an instrument went on, from this one to the latest; only itself when never renamed. */
    public List<InstrumentKey> lineage(InstrumentKey key) {
        LinkedHashSet<InstrumentKey> chain = new LinkedHashSet<>();
        Optional<InstrumentKey> next = Optional.of(key);
        while (next.isPresent() && chain.add(next.get())) {
            next = definitions(next.get()).stream()
                    .flatMap(each -> each.renamedTo().stream())
                    .findFirst();
        }
        return List.copyOf(chain);
    }

    @Override
    public String toString() {
        return instruments.size() + " instruments of " + venues();
    }

    private InstrumentKey qualified(InstrumentKey key) {
        if (byKey.containsKey(key)) {
            return key;
        }
        Set<InstrumentKey> meant = key.isQualified() ? Set.of() : bySeedForm.getOrDefault(key, new TreeSet<>());
        if (meant.size() > 1) {
            throw new Refused(key + " may mean " + meant.size() + " contracts: "
                    + meant.stream().map(InstrumentKey::toString).collect(Collectors.joining(", "))
                    + "; name one of them");
        }
        return meant.stream().findFirst().orElseThrow(() -> unknown(key));
    }

    private Refused unknown(InstrumentKey key) {
        List<InstrumentKey> similar = byKey.keySet().stream()
                .filter(each -> each.venue().equals(key.venue()) && each.base().equals(key.base()))
                .filter(each -> key.base().isPresent())
                .sorted()
                .toList();
        String candidates = similar.isEmpty()
                ? "it knows " + this
                : "of the same base it knows "
                        + similar.stream()
                                .limit(SHOWN)
                                .map(InstrumentKey::toString)
                                .collect(Collectors.joining(", "))
                        + (similar.size() > SHOWN ? " and " + (similar.size() - SHOWN) + " more" : "");
        return new Refused("The catalog has no instrument " + key + "; " + candidates);
    }

    private static String listed(List<Instrument> several) {
        return several.stream().limit(SHOWN).map(Instrument::toString).collect(Collectors.joining(", "))
                + (several.size() > SHOWN ? " and " + (several.size() - SHOWN) + " more" : "");
    }
}
