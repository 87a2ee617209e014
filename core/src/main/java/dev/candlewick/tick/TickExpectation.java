package dev.candlewick.tick;

import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentType;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which ticks ought to be there: those data types of each instrument that its kind has and that were asked for, marked where
 * the recorder does not offer them. Options chains are recorded of all options of a venue together, as
 * {@code DERIBIT:GROUP:OPTIONS}.
 *
 * <p>Immutable, safe for many threads.
 */
public final class TickExpectation {

    private static final String GROUP = "GROUP";
    private static final String OPTIONS = "OPTIONS";

    private static final Set<InstrumentType> DERIVATIVES =
            EnumSet.of(InstrumentType.PERPETUAL, InstrumentType.FUTURE, InstrumentType.OPTION);

    private final List<Dataset> asked;

    private TickExpectation(List<Dataset> asked) {
        this.asked = asked;
    }

    /** The data types that are usual for each kind of instrument. */
    public static TickExpectation usual() {
        return new TickExpectation(List.of());
    }

    /** These data types, of the instruments that have them by their kind; when none is named, the usual ones. */
    public static TickExpectation of(Collection<Dataset> datasets) {
        return new TickExpectation(List.copyOf(new LinkedHashSet<>(datasets)));
    }

    /** What ought to be there of these instruments on a day, sorted; they are alive then. */
    public List<ExpectedTicks> on(LocalDate day, Collection<Instrument> instruments) {
        Set<ExpectedTicks> expected = new TreeSet<>();
        for (Instrument instrument : instruments) {
            for (Dataset dataset : datasets(instrument.key().type())) {
                expected.add(expected(instrument, dataset, day));
            }
        }
        return new ArrayList<>(expected);
    }

    /** The subject of what is recorded of all options of a venue together. */
    public static Subject options(String venue) {
        return new Subject(venue, GROUP, OPTIONS);
    }

    private List<Dataset> datasets(InstrumentType type) {
        if (!asked.isEmpty()) {
            return asked.stream().filter(dataset -> has(type, dataset)).toList();
        }
        List<Dataset> usual = new ArrayList<>(type.usualDatasets());
        if (type == InstrumentType.OPTION) {
            usual.add(Dataset.OPTIONS_CHAIN);
        }
        return usual;
    }

    private static boolean has(InstrumentType type, Dataset dataset) {
        if (dataset.equals(Dataset.OPTIONS_CHAIN)) {
            return type == InstrumentType.OPTION;
        }
        if (dataset.equals(Dataset.DERIVATIVE_TICKER)) {
            return type == InstrumentType.PERPETUAL || type == InstrumentType.FUTURE;
        }
        return !dataset.equals(Dataset.LIQUIDATIONS) || DERIVATIVES.contains(type);
    }

    private static ExpectedTicks expected(Instrument instrument, Dataset dataset, LocalDate day) {
        if (dataset.equals(Dataset.OPTIONS_CHAIN)) {
            return ExpectedTicks.of(new Series(options(instrument.key().venue()), dataset), day);
        }
        Series series = new Series(instrument.key().subject(), dataset);
        List<String> offered = instrument.dataTypes();
        boolean known = !offered.isEmpty() && !offered.contains(DataType.name(dataset));
        return known
                ? new ExpectedTicks(
                        series,
                        day,
                        "recorded of " + instrument.exchange() + " " + instrument.datasetId() + " are "
                                + String.join(", ", offered))
                : ExpectedTicks.of(series, day);
    }

    @Override
    public String toString() {
        return asked.isEmpty()
                ? "The usual ticks of each kind of instrument"
                : "Ticks of "
                        + String.join(", ", asked.stream().map(DataType::name).toList());
    }
}
