package dev.candlewick.examples;

import dev.candlewick.BackfillReport;
import dev.candlewick.BackfillStatus;
import dev.candlewick.Backfiller;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.GapReason;
import dev.candlewick.Interval;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.feature.HftDatasets;
import dev.candlewick.feature.HftFeatures;
import dev.candlewick.feature.HftSettings;
import dev.candlewick.feature.IndicatorSet;
import dev.candlewick.feature.Indicators;
import dev.candlewick.feature.LongerFeatures;
import dev.candlewick.feature.OptionFeatures;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.Margin;
import dev.candlewick.tick.TickExpectation;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes candles with features of stored ticks, or indicators of those candles, and stores them. Timeframes up to a minute are
 * made of ticks, longer ones of those of a minute.
 */
final class FeaturesStep implements TicksStep {

    private static final Interval MINUTE = Interval.parse("1m");

    // As features take them unless told otherwise.
    private static final List<Dataset> FEEDS =
            List.of(Dataset.TRADES, Dataset.LIQUIDATIONS, Dataset.DERIVATIVE_TICKER, Dataset.book(5));

    private enum Kind {
        HFT,
        MFT
    }

    private final Kind kind;

    private FeaturesStep(Kind kind) {
        this.kind = kind;
    }

    static FeaturesStep hft() {
        return new FeaturesStep(Kind.HFT);
    }

    static FeaturesStep mft() {
        return new FeaturesStep(Kind.MFT);
    }

    /** What a contract is worth, which features of money depend on, and whose options say something of it. */
    private record Terms(Optional<BigDecimal> multiplier, boolean inverse, Optional<Subject> underlying) {
        static Terms of(Instrument instrument, Optional<Subject> underlying) {
            return new Terms(
                    instrument.terms().contractSize().filter(size -> size.signum() > 0),
                    instrument.key().margin().equals(Optional.of(Margin.INVERSE)),
                    underlying);
        }
    }

    @Override
    public ExitCode run(TicksJob job) {
        Tally tally = new Tally(kind);
        // Rows at the end of a day wait for what arrived in the next: the day before may be waiting for this one.
        LocalDate before = job.days().get(0).minusDays(1);
        finish(job, before, tally);
        for (LocalDate day : job.days()) {
            InstrumentCatalog catalog = job.catalog(day);
            work(job, catalog, day, job.instruments(catalog, day), tally);
        }
        String mode = kind == Kind.HFT ? "candle-processing" : "mft-processing";
        job.print(job.printsJson() ? tally.json(mode) : tally.text(mode));
        return tally.code();
    }

    private void finish(TicksJob job, LocalDate day, Tally tally) {
        InstrumentCatalog catalog;
        try {
            catalog = job.catalog(day);
        } catch (Refused notDefined) {
            return;
        }
        List<Instrument> begun = job.instruments(catalog, day).stream()
                .filter(each -> isBegun(job, each, day))
                .toList();
        Tally waiting = new Tally(kind);
        work(job, catalog, day, begun, waiting);
        tally.rows += waiting.rows;
        tally.failed += waiting.failed;
    }

    private boolean isBegun(TicksJob job, Instrument instrument, LocalDate day) {
        return timeframes(job).stream()
                .map(interval -> new Series(instrument.key().subject(), dataset(interval)))
                .anyMatch(
                        series -> !job.store().ledger(series, TicksJob.day(day)).isEmpty());
    }

    private void work(
            TicksJob job, InstrumentCatalog catalog, LocalDate day, List<Instrument> instruments, Tally tally) {
        StoredOptions options = kind == Kind.HFT ? StoredOptions.of(job.store(), catalog, day) : StoredOptions.none();
        Map<Terms, List<Instrument>> byTerms = new LinkedHashMap<>();
        for (Instrument each : instruments) {
            if (isStored(job, each, day)) {
                byTerms.computeIfAbsent(Terms.of(each, options.underlying(each)), none -> new ArrayList<>())
                        .add(each);
            } else {
                tally.without++;
            }
        }
        byTerms.forEach((terms, alike) -> {
            tally.instruments += alike.size();
            if (kind == Kind.MFT) {
                fill(
                        job,
                        day,
                        noting(
                                job,
                                Indicators.over(new StoredFeatures(job.store())),
                                made -> List.of(HftDatasets.hft(interval(made)))),
                        alike,
                        timeframes(job),
                        tally);
            } else {
                candles(job, day, terms, alike, tally);
            }
        });
    }

    private boolean isStored(TicksJob job, Instrument instrument, LocalDate day) {
        Store store = job.store();
        Collection<Dataset> sources = kind == Kind.HFT
                ? List.of(Dataset.TRADES)
                : timeframes(job).stream().map(HftDatasets::hft).toList();
        return sources.stream()
                .map(dataset -> new Series(instrument.key().subject(), dataset))
                .anyMatch(series -> store.ledger(series, TicksJob.day(day)).stream()
                        .anyMatch(entry -> entry.rows() > 0 || !entry.present().isEmpty()));
    }

    private void candles(TicksJob job, LocalDate day, Terms terms, List<Instrument> alike, Tally tally) {
        HftSettings settings = settings(job, terms);
        List<Interval> all = timeframes(job);
        boolean longerOfMinutes = all.contains(MINUTE) && !job.settings().makesAllFromTicks();
        List<Interval> ofTicks = new ArrayList<>();
        List<Interval> ofMinutes = new ArrayList<>();
        for (Interval interval : all) {
            boolean longer = MINUTE.divides(interval) && !interval.equals(MINUTE);
            (longer && longerOfMinutes ? ofMinutes : ofTicks).add(interval);
        }
        HftFeatures features = HftFeatures.over(job.store(), settings);
        if (terms.underlying().isPresent()) {
            Subject underlying = terms.underlying().get();
            surfaces(job, day, underlying, ofTicks, tally);
            features = features.withOptions(job.store(), underlying);
        }
        MadeOfStored made = new MadeOfStored(features, job.store(), series -> ticks(series, terms));
        fill(job, day, made, alike, ofTicks, tally);
        Source longer = LongerFeatures.over(job.store(), MINUTE, settings);
        fill(job, day, noting(job, longer, series -> List.of(HftDatasets.hft(MINUTE))), alike, ofMinutes, tally);
    }

    /** What candles with features are made of, whether it is stored or not. */
    private static List<Series> ticks(Series made, Terms terms) {
        List<Series> ticks = new ArrayList<>();
        FEEDS.forEach(feed -> ticks.add(made.with(feed)));
        terms.underlying()
                .ifPresent(underlying -> ticks.add(new Series(underlying, OptionFeatures.dataset(interval(made)))));
        return ticks;
    }

    private static MadeOfStored noting(TicksJob job, Source maker, Function<Series, List<Dataset>> ingredients) {
        return new MadeOfStored(
                maker,
                job.store(),
                series -> ingredients.apply(series).stream().map(series::with).toList());
    }

    private static Interval interval(Series series) {
        return ((Cadence.Grid) series.cadence()).interval();
    }

    /** Stores what the options of an underlying say at the end of each bucket; candles take it from there. */
    private void surfaces(TicksJob job, LocalDate day, Subject underlying, List<Interval> timeframes, Tally tally) {
        OptionFeatures made = OptionFeatures.over(job.store());
        fill(
                job,
                day,
                new MadeOfStored(
                        job.settings().acceptsBoundary() ? made.acceptingBoundaries() : made,
                        job.store(),
                        series -> List.of(new Series(
                                TickExpectation.options(series.subject().venue()), Dataset.OPTIONS_CHAIN))),
                timeframes.stream()
                        .map(interval -> new Series(underlying, OptionFeatures.dataset(interval)))
                        .toList(),
                tally);
    }

    private static HftSettings settings(TicksJob job, Terms terms) {
        HftSettings.Builder settings = HftSettings.builder();
        job.settings().vpinVolume().ifPresent(settings::vpinVolume);
        if (job.settings().acceptsBoundary()) {
            settings.acceptingBoundaries();
        }
        if (job.settings().acceptsMissingFeeds()) {
            settings.acceptingMissingFeeds();
        }
        terms.multiplier().ifPresent(settings::multiplier);
        return (terms.inverse() ? settings.inverse() : settings).build();
    }

    private void fill(
            TicksJob job,
            LocalDate day,
            MadeOfStored source,
            List<Instrument> instruments,
            List<Interval> timeframes,
            Tally tally) {
        List<Series> series = new ArrayList<>();
        for (Instrument each : instruments) {
            for (Interval interval : timeframes) {
                series.add(new Series(each.key().subject(), dataset(interval)));
            }
        }
        fill(job, day, source, series, tally);
    }

    private void fill(TicksJob job, LocalDate day, MadeOfStored source, List<Series> series, Tally tally) {
        if (series.isEmpty()) {
            return;
        }
        // Only the days that were named are made anew.
        Backfiller backfiller = job.days().contains(day)
                ? Steps.maker(job, source, job.store())
                : Steps.finisher(job, source, job.store());
        BackfillReport report = backfiller.fill(series, TicksJob.day(day));
        report.failed().forEach(unit -> job.noteFailed(unit));
        job.note(LogLevel.DEBUG, report.toString());
        tally.rows += report.rowsAdded();
        tally.quarantined += report.quarantined();
        tally.failed += report.failed().size();
        if (report.status() == BackfillStatus.COMPLETE_WITH_GAPS
                && report.gaps().values().stream()
                        .flatMap(Collection::stream)
                        .anyMatch(gap -> gap.reason() == GapReason.NOT_FETCHED)) {
            tally.waiting.add(day.toString());
        }
    }

    private List<Interval> timeframes(TicksJob job) {
        return job.settings().timeframes().stream()
                .filter(interval -> kind == Kind.HFT || interval.equals(MINUTE) || MINUTE.divides(interval))
                .toList();
    }

    private Dataset dataset(Interval interval) {
        return kind == Kind.HFT ? HftDatasets.hft(interval) : IndicatorSet.MFT.dataset(interval);
    }

    private static final class Tally {

        private long rows;
        private long quarantined;
        private long failed;
        private long instruments;
        private long without;
        private final Set<String> waiting = new TreeSet<>();
        private final String waitingFor;

        Tally(Kind kind) {
            this.waitingFor = kind == Kind.HFT
                    ? "ticks that are not stored, of the day itself or of those beside it; --accept-boundary makes those"
                            + " at midnight without, --accept-missing-feeds those that only lack books, tickers,"
                            + " liquidations or options"
                    : "candles that are not made yet; 'candlewick ticks candle-processing' makes them";
        }

        String text(String mode) {
            return String.format(
                            Locale.ROOT,
                            "%s: %,d rows made of %,d instrument-days, %,d without anything to make them of, %,d failed",
                            mode,
                            rows,
                            instruments,
                            without,
                            failed)
                    + (quarantined == 0 ? "" : String.format(Locale.ROOT, ", %,d ticks set aside", quarantined))
                    + (waiting.isEmpty()
                            ? ""
                            : "\n  Rows of " + String.join(", ", waiting) + " wait for " + waitingFor);
        }

        String json(String mode) {
            return "{\"mode\":" + JsonText.quote(mode) + ",\"rows\":" + rows + ",\"instrument_days\":" + instruments
                    + ",\"without\":" + without + ",\"failed\":" + failed + ",\"set_aside\":" + quarantined
                    + ",\"waiting\":["
                    + waiting.stream().map(JsonText::quote).collect(Collectors.joining(",")) + "]}";
        }

        ExitCode code() {
            return failed > 0 ? ExitCode.FAILED : waiting.isEmpty() ? ExitCode.DONE : ExitCode.DONE_WITH_GAPS;
        }
    }
}
