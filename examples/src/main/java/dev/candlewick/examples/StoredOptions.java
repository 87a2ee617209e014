package dev.candlewick.examples;

import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.feature.OptionSurface;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.InstrumentType;
import dev.candlewick.tick.TickExpectation;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Whose options a store has chains of on a day. Immutable. */
final class StoredOptions {

    private static final String UNDERLYING = "UNDERLYING";

    private final Map<String, Subject> underlyings;

    private StoredOptions(Map<String, Subject> underlyings) {
        this.underlyings = underlyings;
    }

    static StoredOptions none() {
        return new StoredOptions(Map.of());
    }

    /** Those of the venues whose options chain is stored, as their options of that day are called. */
    static StoredOptions of(Store store, InstrumentCatalog catalog, LocalDate day) {
        Map<String, Boolean> stored = new HashMap<>();
        Map<String, Subject> underlyings = new HashMap<>();
        for (Instrument each : catalog.aliveOn(day)) {
            String venue = each.key().venue();
            if (each.key().type() == InstrumentType.OPTION
                    && stored.computeIfAbsent(venue, none -> isStored(store, venue, day))) {
                Subject underlying = new Subject(venue, UNDERLYING, OptionSurface.underlying(each.datasetId()));
                underlyings.putIfAbsent(name(each), underlying);
                // Where an instrument has no options settled as it is, those of its asset settled otherwise speak for
                // it.
                underlyings.putIfAbsent(asset(each), underlying);
            }
        }
        return new StoredOptions(underlyings);
    }

    /** Whose options stand beside an instrument: of its venue and asset, settled as it is if there are such. */
    Optional<Subject> underlying(Instrument instrument) {
        return Optional.ofNullable(underlyings.get(name(instrument)))
                .or(() -> Optional.ofNullable(underlyings.get(asset(instrument))));
    }

    private static boolean isStored(Store store, String venue, LocalDate day) {
        Series chain = new Series(TickExpectation.options(venue), Dataset.OPTIONS_CHAIN);
        return store.ledger(chain, TicksJob.day(day)).stream().anyMatch(entry -> entry.rows() > 0);
    }

    private static String asset(Instrument instrument) {
        return instrument.key().venue() + " " + instrument.key().base().orElse(instrument.base());
    }

    private static String name(Instrument instrument) {
        return asset(instrument) + " " + instrument.key().quote().orElse(instrument.quote()) + " "
                + instrument.key().margin();
    }
}
