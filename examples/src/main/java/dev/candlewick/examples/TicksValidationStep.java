package dev.candlewick.examples;

import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.candle.CandleCheck;
import dev.candlewick.candle.TradeCandles;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.InstrumentType;
import dev.candlewick.spi.Addresses;
import dev.candlewick.tick.SeriesFindings;
import dev.candlewick.tick.TickReport;
import dev.candlewick.tick.TickStatus;
import dev.candlewick.tick.TickValidation;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How much of what ought to be there is, what is wrong with the rows, and, when asked for, how candles made of trades compare
 * with those that Binance publishes.
 */
final class TicksValidationStep implements TicksStep {

    private static final int SHOWN = 20;

    /** Where candles of a venue are published, and of which kind of instrument. */
    private record Published(String address, InstrumentType type) {}

    private static final Map<String, Published> PUBLISHED = Map.of(
            "BINANCE", new Published("binance:spot", InstrumentType.SPOT_PAIR),
            "BINANCE-FUTURES", new Published("binance:um", InstrumentType.PERPETUAL),
            "BINANCE-DELIVERY", new Published("binance:cm", InstrumentType.PERPETUAL));

    @Override
    public ExitCode run(TicksJob job) {
        List<TickStatus> statuses = new ArrayList<>();
        List<SeriesFindings> findings = new ArrayList<>();
        List<CandleCheck.Result> compared = new ArrayList<>();
        for (LocalDate day : job.days()) {
            InstrumentCatalog catalog = job.catalog(day);
            TickReport report = job.reports().of(day, job.expected(catalog, day));
            statuses.addAll(report.statuses());
            for (TickStatus stored : report.available()) {
                SeriesFindings found =
                        TickValidation.over(job.store()).check(stored.expected().series(), TicksJob.day(day));
                if (!found.isClean()) {
                    findings.add(found);
                }
            }
            if (job.settings().crossChecks()) {
                compared.addAll(compare(job, catalog, day));
            }
        }
        CoverageTable table = CoverageTable.of(statuses);
        job.print(job.printsJson() ? json(table, findings, compared) : text(table, findings, compared));
        boolean differ = !findings.isEmpty() || compared.stream().anyMatch(result -> !result.agrees());
        return differ ? ExitCode.DIFFERENT : table.isComplete() ? ExitCode.DONE : ExitCode.DONE_WITH_GAPS;
    }

    private static List<CandleCheck.Result> compare(TicksJob job, InstrumentCatalog catalog, LocalDate day) {
        List<CandleCheck.Result> results = new ArrayList<>();
        for (Instrument each : job.instruments(catalog, day)) {
            Published published = PUBLISHED.get(each.key().venue());
            Series candles = Series.candles(each.key().toString(), "1m");
            if (published == null || published.type() != each.key().type() || !isStored(job, each, day)) {
                continue;
            }
            try (Source binance = Flags.meaning(
                    () -> Addresses.source(published.address(), job.settings().environment()))) {
                if (binance.serves(candles)) {
                    results.add(CandleCheck.between(
                                    binance,
                                    TradeCandles.from(job.store())
                                            .acceptingBoundaries()
                                            .build())
                            .run(candles, TicksJob.day(day)));
                }
            }
        }
        return results;
    }

    private static boolean isStored(TicksJob job, Instrument instrument, LocalDate day) {
        return job.store().ledger(new Series(instrument.key().subject(), Dataset.TRADES), TicksJob.day(day)).stream()
                .anyMatch(entry -> entry.rows() > 0);
    }

    private static String text(CoverageTable table, List<SeriesFindings> findings, List<CandleCheck.Result> compared) {
        StringBuilder text = new StringBuilder("validate: " + table.summary() + "\n" + table.render());
        text.append(
                findings.isEmpty()
                        ? "Rows: nothing found.\n"
                        : String.format(Locale.ROOT, "Rows: findings in %,d instrument-days\n", findings.size()));
        findings.stream()
                .limit(SHOWN)
                .forEach(found -> text.append("  ").append(found).append('\n'));
        if (findings.size() > SHOWN) {
            text.append("  … and ").append(findings.size() - SHOWN).append(" more\n");
        }
        compared.forEach(result -> text.append("Cross-check: ").append(result).append('\n'));
        return text.toString();
    }

    private static String json(CoverageTable table, List<SeriesFindings> findings, List<CandleCheck.Result> compared) {
        return "{\"mode\":\"validate\"," + table.json() + ",\"findings\":["
                + findings.stream().map(TicksValidationStep::json).collect(Collectors.joining(","))
                + "],\"cross_check\":["
                + compared.stream().map(TicksValidationStep::json).collect(Collectors.joining(",")) + "]}";
    }

    private static String json(SeriesFindings found) {
        return "{\"series\":" + JsonText.quote(found.series().toString()) + ",\"range\":"
                + JsonText.quote(found.range().toString()) + ",\"rows\":" + found.rows() + ",\"broken\":["
                + found.findings().stream()
                        .map(finding -> "{\"rule\":" + JsonText.quote(finding.rule()) + ",\"rows\":" + finding.rows()
                                + ",\"first\":" + JsonText.quote(finding.first()) + "}")
                        .collect(Collectors.joining(","))
                + "]}";
    }

    private static String json(CandleCheck.Result result) {
        return "{\"series\":" + JsonText.quote(result.series().toString()) + ",\"range\":"
                + JsonText.quote(result.range().toString()) + ",\"common\":" + result.common() + ",\"rules\":["
                + result.rules().stream()
                        .map(rule -> "{\"rule\":" + JsonText.quote(rule.rule()) + ",\"broken\":" + rule.broken() + "}")
                        .collect(Collectors.joining(","))
                + "]}";
    }
}
