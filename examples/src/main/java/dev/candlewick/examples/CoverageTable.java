package dev.candlewick.examples;

import dev.candlewick.instrument.Shard;
import dev.candlewick.tick.DataType;
import dev.candlewick.tick.TickCoverage;
import dev.candlewick.tick.TickState;
import dev.candlewick.tick.TickStatus;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How much of what ought to be there is, by venue and data type, for people and as JSON. */
final class CoverageTable {

    private static final String NOTHING =
            "Nothing is expected: of these days no instrument has what is asked for. Check --venues, --instrument-types"
                    + " and --data-types.\n";

    private final List<TickCoverage> lines;

    private CoverageTable(List<TickCoverage> lines) {
        this.lines = lines;
    }

    static CoverageTable of(Collection<TickStatus> statuses) {
        return new CoverageTable(TickCoverage.of(statuses));
    }

    /** Whether every instrument-day that ought to be there is, or is shown not to exist. */
    boolean isComplete() {
        return expected() == settled();
    }

    /** {@code 3 of 12 instrument-days settled, 25.00 %; 2 present, 16.66 %}. */
    String summary() {
        return String.format(Locale.ROOT, "%,d of %,d instrument-days settled", settled(), expected())
                + TickCoverage.percent(settled(), expected())
                        .map(percent -> ", " + percent.toPlainString() + " %")
                        .orElse("")
                + TickCoverage.percent(present(), expected())
                        .map(percent -> String.format(Locale.ROOT, "; %,d present, %s %%", present(), percent))
                        .orElse("");
    }

    /** Whether nothing at all ought to be there, so that nothing is proven. */
    boolean isEmpty() {
        return expected() == 0;
    }

    /** A row for each venue and type; columns only for states that occur. */
    String render(Shard shard) {
        if (lines.isEmpty()) {
            return shard.equals(Shard.all())
                    ? NOTHING
                    : "Nothing of what is asked for falls to share " + shard.index() + " of " + shard.total() + ".\n";
        }
        List<TickState> states = Arrays.stream(TickState.values())
                .filter(state -> lines.stream().anyMatch(line -> line.days(state) > 0))
                .toList();
        AlignedTable table = new AlignedTable(2);
        List<String> head = new ArrayList<>(List.of("venue", "data type", "expected"));
        states.forEach(state -> head.add(state.toString()));
        head.addAll(List.of("rows", "settled", "there"));
        table.row(head);
        for (TickCoverage line : lines) {
            List<String> cells =
                    new ArrayList<>(List.of(line.venue(), DataType.name(line.dataset()), grouped(line.expected())));
            states.forEach(state -> cells.add(grouped(line.days(state))));
            cells.add(grouped(line.rows()));
            cells.add(shown(line.percent()));
            cells.add(shown(line.presentPercent()));
            table.row(cells);
        }
        return table.render();
    }

    /** Members of a JSON object: {@code "expected"}, {@code "settled"}, {@code "percent"} and {@code "coverage"}. */
    String json() {
        return "\"expected\":" + expected() + ",\"settled\":" + settled() + ",\"percent\":"
                + percent(settled(), expected()) + ",\"present\":" + present() + ",\"present_percent\":"
                + percent(present(), expected()) + ",\"coverage\":["
                + lines.stream().map(CoverageTable::json).collect(Collectors.joining(",")) + "]";
    }

    private static String json(TickCoverage line) {
        String states = Arrays.stream(TickState.values())
                .filter(state -> line.days(state) > 0)
                .map(state -> JsonText.quote(state.toString()) + ":" + line.days(state))
                .collect(Collectors.joining(","));
        return "{\"venue\":" + JsonText.quote(line.venue()) + ",\"data_type\":"
                + JsonText.quote(DataType.name(line.dataset())) + ",\"expected\":" + line.expected() + ",\"settled\":"
                + line.settled() + ",\"percent\":" + percent(line.settled(), line.expected()) + ",\"present\":"
                + line.present() + ",\"present_percent\":" + percent(line.present(), line.expected()) + ",\"rows\":"
                + line.rows() + ",\"states\":{" + states + "}}";
    }

    private static String percent(long settled, long expected) {
        return TickCoverage.percent(settled, expected)
                .map(BigDecimal::toPlainString)
                .orElse("null");
    }

    private long expected() {
        return lines.stream().mapToLong(TickCoverage::expected).sum();
    }

    private long settled() {
        return lines.stream().mapToLong(TickCoverage::settled).sum();
    }

    private long present() {
        return lines.stream().mapToLong(TickCoverage::present).sum();
    }

    private static String shown(Optional<BigDecimal> percent) {
        return percent.map(share -> share.toPlainString() + " %").orElse("-");
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
