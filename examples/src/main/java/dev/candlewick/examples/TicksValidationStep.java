package dev.candlewick.examples;

import dev.candlewick.Dataset;
import dev.candlewick.GapReason;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.candle.CandleCheck;
import dev.candlewick.candle.TradeCandles;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.InstrumentType;
import dev.candlewick.instrument.Shard;
import dev.candlewick.spi.Addresses;
import dev.candlewick.tick.ColumnRange;
import dev.candlewick.tick.SeriesFindings;
import dev.candlewick.tick.TickReport;
import dev.candlewick.tick.TickStatus;
import dev.candlewick.tick.TickValidation;
import java.time.Duration;
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
        List<SeriesFindings> checked = new ArrayList<>();
        List<CandleCheck.Result> compared = new ArrayList<>();
        for (LocalDate day : job.days()) {
            InstrumentCatalog catalog = job.catalog(day);
            TickReport report = job.reports().of(day, job.expected(catalog, day));
            statuses.addAll(report.statuses());
            for (TickStatus stored : report.available()) {
                checked.add(
                        TickValidation.over(job.store()).check(stored.expected().series(), TicksJob.day(day)));
            }
            if (job.settings().crossChecks()) {
                compared.addAll(compare(job, catalog, day));
            }
        }
        job.metrics().known(statuses);
        CoverageTable table = CoverageTable.of(statuses);
        job.print(
                job.printsJson()
                        ? json(table, checked, compared)
                        : text(job.settings().shard(), table, checked, compared));
        boolean differ = checked.stream().anyMatch(found -> !found.isClean())
                || compared.stream().anyMatch(result -> !result.agrees());
        if (table.isEmpty() && job.settings().shard().equals(Shard.all())) {
            // A share of the work may be empty; the whole of it proves nothing then.
            return ExitCode.DONE_WITH_GAPS;
        }
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
                            .run(candles, comparable(job, each, day)));
                }
            }
        }
        return results;
    }

    /** The day, without its last minute when trades of that may have arrived in the next day, which is not stored. */
    private static TimeRange comparable(TicksJob job, Instrument instrument, LocalDate day) {
        TimeRange whole = TicksJob.day(day);
        TimeRange arrivals = TimeRange.of(whole.end(), whole.end().plus(TradeCandles.LATENESS));
        Series trades = new Series(instrument.key().subject(), Dataset.TRADES);
        boolean open = job.store().coverage(trades, arrivals).gaps().stream()
                .anyMatch(gap -> gap.reason() == GapReason.NOT_FETCHED);
        return open ? TimeRange.of(whole.start(), whole.end().minus(TradeCandles.LATENESS)) : whole;
    }

    private static boolean isStored(TicksJob job, Instrument instrument, LocalDate day) {
        return job.store().ledger(new Series(instrument.key().subject(), Dataset.TRADES), TicksJob.day(day)).stream()
                .anyMatch(entry -> entry.rows() > 0);
    }

    private static String text(
            Shard shard, CoverageTable table, List<SeriesFindings> checked, List<CandleCheck.Result> compared) {
        List<SeriesFindings> findings =
                checked.stream().filter(found -> !found.isClean()).toList();
        StringBuilder text = new StringBuilder("validate: " + table.summary() + "\n" + table.render(shard));
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
        text.append(checked.isEmpty() ? "" : "Ranges:\n");
        checked.stream()
                .limit(SHOWN)
                .forEach(each -> text.append("  ")
                        .append(each.series())
                        .append(": ")
                        .append(each.ranges().stream()
                                .map(ColumnRange::toString)
                                .collect(Collectors.joining(", ")))
                        .append('\n'));
        if (checked.size() > SHOWN) {
            text.append("  … and ").append(checked.size() - SHOWN).append(" more; --format json has all\n");
        }
        for (CandleCheck.Result result : compared) {
            text.append("Cross-check: ").append(result).append('\n');
            if (isCut(result)) {
                text.append(
                        "  Without the day's last minute: its last trades arrive in the next day, which is not stored\n");
            }
        }
        return text.toString();
    }

    private static boolean isCut(CandleCheck.Result result) {
        return result.range().duration().compareTo(Duration.ofDays(1)) < 0;
    }

    private static String json(CoverageTable table, List<SeriesFindings> checked, List<CandleCheck.Result> compared) {
        return "{\"mode\":\"validate\"," + table.json() + ",\"findings\":["
                + checked.stream()
                        .filter(found -> !found.isClean())
                        .map(TicksValidationStep::json)
                        .collect(Collectors.joining(","))
                + "],\"ranges\":["
                + checked.stream().map(TicksValidationStep::ranges).collect(Collectors.joining(","))
                + "],\"cross_check\":["
                + compared.stream().map(TicksValidationStep::json).collect(Collectors.joining(",")) + "]}";
    }

    private static String ranges(SeriesFindings found) {
        return "{\"series\":" + JsonText.quote(found.series().toString()) + ",\"range\":"
                + JsonText.quote(found.range().toString()) + ",\"rows\":" + found.rows() + ",\"columns\":["
                + found.ranges().stream()
                        .map(range -> "{\"column\":" + JsonText.quote(range.column()) + ",\"least\":"
                                + JsonText.quote(range.least()) + ",\"greatest\":"
                                + JsonText.quote(range.greatest()) + "}")
                        .collect(Collectors.joining(","))
                + "]}";
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
