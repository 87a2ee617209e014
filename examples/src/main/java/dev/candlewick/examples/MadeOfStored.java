package dev.candlewick.examples;

import dev.candlewick.Answer;
import dev.candlewick.Batches;
import dev.candlewick.Coverage;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.GapDetector;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A source of what is made of series of a store, which notes in its answers what it was made of: a unit that was made before
 * one of these came or changed can be told, and is made anew. Looks at each of these once; safe for many threads.
 */
final class MadeOfStored implements Source {

    private static final String ROUTE = "made-of";

    private final Source maker;
    private final Store store;
    private final Function<Series, Collection<Series>> ingredients;
    private final Map<TimeRange, Map<Series, List<LedgerEntry>>> looked = new ConcurrentHashMap<>();

    /**
     * Notes what a source makes rows of.
     *
     * @param maker makes them
     * @param store where both lie
     * @param ingredients what a series is made of, whether that is stored or not
     */
    MadeOfStored(Source maker, Store store, Function<Series, Collection<Series>> ingredients) {
        this.maker = maker;
        this.store = store;
        this.ingredients = ingredients;
    }

    /** Finds what is missing and, as a whole, units that what is stored now would make differently. */
    GapDetector missingOrOutdated() {
        return (series, range, coverage) -> isMade(coverage) && isOutdated(series, range)
                ? List.of(Gap.notFetched(range))
                : GapDetector.byCadence().detect(series, range, coverage);
    }

    private static boolean isMade(Coverage coverage) {
        return !coverage.present().isEmpty() || !coverage.proven().isEmpty();
    }

    private boolean isOutdated(Series series, TimeRange range) {
        return store.ledger(series, range).stream()
                .anyMatch(made -> ingredients.apply(series).stream()
                        .flatMap(ingredient -> entries(ingredient, made.unit()).stream())
                        .anyMatch(entry -> isNews(entry, made)));
    }

    // What was made before anything was noted is as old as its commit; made anew it has notes, also where nothing
    // changed.
    private static boolean isNews(LedgerEntry ingredient, LedgerEntry made) {
        List<Answer> notes = made.answers().stream()
                .filter(answer -> answer.route().equals(ROUTE))
                .toList();
        if (notes.isEmpty()) {
            return ingredient.committedAt().isAfter(made.committedAt());
        }
        Set<String> versions = notes.stream()
                .filter(note -> note.request().equals(request(ingredient)))
                .map(Answer::version)
                .collect(Collectors.toSet());
        return !versions.equals(Set.of(version(ingredient)));
    }

    private List<LedgerEntry> entries(Series ingredient, TimeRange range) {
        return looked.computeIfAbsent(range, none -> new ConcurrentHashMap<>())
                .computeIfAbsent(ingredient, series -> store.ledger(series, range));
    }

    private static String request(LedgerEntry entry) {
        return entry.series() + " " + entry.series().cadence().unit().label(entry.unit());
    }

    // Not its revision: the same rows, committed again, make the same.
    private static String version(LedgerEntry entry) {
        return entry.contentHash() + " over " + entry.present().duration();
    }

    @Override
    public String name() {
        return maker.name();
    }

    @Override
    public boolean serves(Series series) {
        return maker.serves(series);
    }

    @Override
    public String refusal(Series series) {
        return maker.refusal(series);
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        return maker.estimate(series, range);
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        // Before the rows are: what comes meanwhile is news the next time.
        List<Answer> notes = new ArrayList<>();
        for (TimeRange unit : series.cadence().unit().touching(range)) {
            ingredients
                    .apply(series)
                    .forEach(ingredient -> entries(ingredient, unit).forEach(entry -> notes.add(note(entry, range))));
        }
        Batches rows = maker.read(series, range);
        return Batches.of(
                series,
                range,
                rows.iterator(),
                () -> {
                    Provenance read = rows.provenance();
                    List<Answer> answers = new ArrayList<>(read.answers());
                    answers.addAll(notes);
                    return new Provenance(read.source(), answers, read.gaps(), read.quarantined());
                },
                rows::close);
    }

    private static Answer note(LedgerEntry entry, TimeRange range) {
        return new Answer(range, ROUTE, request(entry), 0, "", version(entry), entry.rows(), entry.committedAt(), "");
    }

    @Override
    public String toString() {
        return maker + ", noting what it makes rows of";
    }
}
