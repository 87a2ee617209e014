package dev.candlewick.examples;

import dev.candlewick.Answer;
import dev.candlewick.BackfillReport;
import dev.candlewick.Backfiller;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.InstrumentRegistry;
import dev.candlewick.instrument.Shard;
import dev.candlewick.instrument.Venues;
import dev.candlewick.source.tardis.TardisExchangeDetails;
import dev.candlewick.source.tardis.TardisExchangeDetails.DatasetSymbol;
import dev.candlewick.source.tardis.TardisSource;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Defines the instruments of each day from what Tardis says of its exchanges: a venue's in a series of its own, and all of a
 * day together, which pipelines read as one file.
 */
final class InstrumentsStep implements TicksStep {

    private static final String ALL = "ALL";

    @Override
    public ExitCode run(TicksJob job) {
        Shard shard = job.settings().shard();
        // Days are shared out, as the file of a day has all venues in it.
        return run(
                job,
                job.days().stream().filter(day -> shard.takes(day.toString())).toList());
    }

    /** As {@link #run(TicksJob)}, for some of the days, whatever this worker's share is. */
    ExitCode run(TicksJob job, List<LocalDate> days) {
        List<String> open = job.settings().exchanges().stream()
                .filter(exchange ->
                        job.settings().isForced() || days.stream().anyMatch(day -> !isDefined(job, exchange, day)))
                .toList();
        if (open.isEmpty()) {
            tell(
                    job,
                    List.of(),
                    "instruments: all "
                            + days.size() * job.settings().exchanges().size()
                            + " days of exchanges are defined already");
            return ExitCode.DONE;
        }
        job.requireKey("asking for instruments");
        Instant now = job.console().clock().instant();
        InstrumentCatalog all = InstrumentCatalog.of(List.of());
        ExitCode code = ExitCode.DONE;
        List<Defined> defined = new ArrayList<>();
        try (TardisSource tardis = job.tardis().build()) {
            for (String exchange : open) {
                InstrumentCatalog catalog = InstrumentCatalog.of(definitions(tardis, exchange));
                all = all.plus(catalog);
                Defined made = fill(job, exchange, catalog, now, days);
                defined.add(made);
                code = Steps.worse(code, made.code());
            }
        }
        job.venuesChanged();
        for (LocalDate day : days) {
            writeDay(job, all, day);
        }
        tell(job, defined, defined.stream().map(Defined::text).collect(Collectors.joining("\n")));
        return code;
    }

    private static void tell(TicksJob job, List<Defined> defined, String text) {
        job.print(
                job.printsJson()
                        ? "{\"mode\":\"instruments\",\"exchanges\":["
                                + defined.stream().map(Defined::json).collect(Collectors.joining(",")) + "]}"
                        : text);
    }

    /** What became of an exchange. */
    private record Defined(String exchange, int known, long rows, int days, ExitCode code) {

        String text() {
            return "instruments: " + exchange + ": "
                    + (known == 0
                            ? "Tardis lists none"
                            : known + " known, " + rows + " definitions written over " + days
                                    + (days == 1 ? " day" : " days")
                                    + (code == ExitCode.DONE_WITH_GAPS
                                            ? "; days that are not over yet are left open"
                                            : ""));
        }

        String json() {
            return "{\"exchange\":" + JsonText.quote(exchange) + ",\"known\":" + known + ",\"definitions\":" + rows
                    + ",\"days\":" + days + ",\"complete\":" + (code == ExitCode.DONE) + "}";
        }
    }

    private static boolean isDefined(TicksJob job, String exchange, LocalDate day) {
        return Definitions.isKnown(job.store(), Venues.canonical(exchange), day);
    }

    /** What Tardis knows of an exchange's instruments, with the types of data that it has files of. */
    private static List<Instrument> definitions(TardisSource tardis, String exchange) {
        TardisExchangeDetails details = tardis.exchange(exchange);
        Map<String, DatasetSymbol> files = new HashMap<>();
        details.datasets().ifPresent(known -> known.symbols().forEach(symbol -> files.put(symbol.id(), symbol)));
        List<Instrument> instruments = new ArrayList<>();
        for (Instrument each : tardis.instruments(exchange)) {
            DatasetSymbol symbol = files.get(each.datasetId());
            instruments.add(
                    symbol == null || !each.dataTypes().isEmpty()
                            ? each
                            : each.toBuilder().dataTypes(symbol.dataTypes()).build());
        }
        return instruments;
    }

    private static Defined fill(
            TicksJob job, String exchange, InstrumentCatalog catalog, Instant now, List<LocalDate> days) {
        Source source = InstrumentRegistry.source("tardis", catalog, now);
        Series series = InstrumentRegistry.series(exchange);
        if (!source.serves(series)) {
            return new Defined(exchange, 0, 0, days.size(), ExitCode.DONE_WITH_GAPS);
        }
        Backfiller backfiller = Steps.backfiller(job, source, job.store());
        long rows = 0;
        boolean failed = false;
        boolean gaps = false;
        for (LocalDate day : days) {
            BackfillReport report = backfiller.fill(series, TicksJob.day(day));
            rows += report.rowsAdded();
            failed |= !report.failed().isEmpty();
            gaps |= !Definitions.isKnown(job.store(), series.subject().venue(), day);
            report.failed().forEach(unit -> job.noteFailed(unit));
        }
        ExitCode code = failed ? ExitCode.FAILED : gaps ? ExitCode.DONE_WITH_GAPS : ExitCode.DONE;
        return new Defined(exchange, catalog.instruments().size(), rows, days.size(), code);
    }

    /** All venues' definitions of a day together, also of those that were defined in earlier runs. */
    private static void writeDay(TicksJob job, InstrumentCatalog asked, LocalDate day) {
        InstrumentCatalog all = asked;
        for (String venue : job.definedVenues()) {
            if (!asked.venues().contains(venue) && Definitions.isKnown(job.store(), venue, day)) {
                all = all.plus(job.registry().on(day, venue));
            }
        }
        Instant now = job.console().clock().instant();
        if (TicksJob.day(day).end().isAfter(now)) {
            return;
        }
        Series series = InstrumentRegistry.series(ALL);
        Batch rows = InstrumentRegistry.rows(all, day);
        Answer answer = new Answer(
                TicksJob.day(day), "registry", job.store().name(), 0, "", "", rows.rows(), now, "all venues together");
        job.store()
                .write(Batches.of(
                        series,
                        TicksJob.day(day),
                        List.of(rows),
                        new Provenance("registry", List.of(answer), List.of(), List.of())));
    }
}
