package dev.candlewick.examples;

import dev.candlewick.BackfillReport;
import dev.candlewick.Gap;
import dev.candlewick.source.binance.ArchiveFileReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Counts what a run found in files. Safe for many threads; a file read twice counts once. */
final class IngestTally implements Consumer<ArchiveFileReport> {

    private static final int MOST_SHOWN = 20;

    private final Map<String, ArchiveFileReport> files = new ConcurrentHashMap<>();

    @Override
    public void accept(ArchiveFileReport report) {
        files.put(report.path(), report);
    }

    /** How many files were set aside as a whole. */
    long setAside() {
        return files.values().stream().filter(ArchiveFileReport::isSetAside).count();
    }

    /**
     * The statistics of the run, then what went wrong, then the gaps.
     *
     * @param contested files that another one of the same period is believed instead of
     */
    String text(BackfillReport report, List<Gap> gaps, int contested) {
        long repeated = contested
                + files.values().stream().mapToLong(ArchiveFileReport::repeated).sum();
        long invalid =
                files.values().stream().mapToLong(ArchiveFileReport::invalid).sum();
        long errors = setAside() + report.failed().size();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%,d files, %,d rows, %,d duplicates, %,d gaps, %,d invalid, %,d errors",
                files.size(),
                report.rowsAdded(),
                repeated,
                gaps.size(),
                invalid,
                errors));
        List<String> wrong = new ArrayList<>();
        new TreeMap<>(files)
                .values().stream()
                        .filter(ArchiveFileReport::isSetAside)
                        .forEach(file -> wrong.add("set aside " + file));
        report.failed().forEach(unit -> wrong.add("failed " + unit));
        show(wrong, lines);
        show(gaps.stream().map(gap -> "gap " + gap).toList(), lines);
        return String.join("\n", lines);
    }

    private static void show(List<String> what, List<String> lines) {
        what.stream()
                .limit(MOST_SHOWN)
                .map(line -> "  " + TerminalText.line(line))
                .forEach(lines::add);
        if (what.size() > MOST_SHOWN) {
            lines.add(String.format(Locale.ROOT, "  … and %,d more", what.size() - MOST_SHOWN));
        }
    }
}
