package dev.candlewick.source.binance;

import dev.candlewick.Interval;
import dev.candlewick.TimeRange;
import dev.candlewick.source.binance.ArchiveFile.Span;
import dev.candlewick.source.binance.ArchiveName.Packing;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The files of one instrument and interval in one directory. A whole market has millions of files, so each is kept as one
 * number and named again when it is wanted. Immutable.
 */
final class ArchiveFolder {

    private static final int MONTHLY = 2;
    private static final int CSV = 1;

    private final String path;
    private final Market market;
    private final String symbol;
    private final String intervalText;
    private final Interval interval;
    private final int[] files;

    /** A file on disk: where it lies below the root, and what it holds by its name. */
    record Entry(String path, ArchiveName name, ArchiveFile file) {
        @Override
        public String toString() {
            return path;
        }
    }

    /**
     * @param path the directory below the root, with slashes; empty for the root
     * @param example any of the files
     * @param codes the files, as {@link #code} gives them, in any order
     */
    ArchiveFolder(String path, Market market, ArchiveName example, int[] codes) {
        this.path = path;
        this.market = market;
        this.symbol = example.symbol();
        this.intervalText = example.intervalText();
        this.interval = example.interval();
        this.files = codes.clone();
        Arrays.sort(files);
    }

    /** A file of a folder as a number that grows with its period. */
    static int code(ArchiveName name) {
        return ((int) name.start().toEpochDay() << 2)
                | (name.span() == Span.MONTHLY ? MONTHLY : 0)
                | (name.packing() == Packing.CSV ? CSV : 0);
    }

    /** The files whose period begins in the stretch, earlier ones first. */
    List<Entry> startingIn(TimeRange stretch) {
        List<Entry> entries = new ArrayList<>();
        long first = LocalDate.ofInstant(stretch.start(), ZoneOffset.UTC).toEpochDay();
        int at = Arrays.binarySearch(files, (int) first << 2);
        for (int i = at < 0 ? -at - 1 : at; i < files.length; i++) {
            Entry entry = entry(files[i]);
            if (!entry.file().period().start().isBefore(stretch.end())) {
                break;
            }
            if (!entry.file().period().start().isBefore(stretch.start())) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /** All files, earlier ones first. */
    List<Entry> all() {
        return Arrays.stream(files).mapToObj(this::entry).toList();
    }

    int size() {
        return files.length;
    }

    private Entry entry(int code) {
        LocalDate start = LocalDate.ofEpochDay(code >> 2);
        Span span = (code & MONTHLY) != 0 ? Span.MONTHLY : Span.DAILY;
        Packing packing = (code & CSV) != 0 ? Packing.CSV : Packing.ZIP;
        ArchiveName name = new ArchiveName(symbol, intervalText, interval, span, start, packing);
        TimeRange period = span == Span.DAILY
                ? TimeRange.day(start, ZoneOffset.UTC)
                : TimeRange.month(java.time.YearMonth.from(start), ZoneOffset.UTC);
        return new Entry(
                path.isEmpty() ? name.toString() : path + "/" + name,
                name,
                new ArchiveFile(market, ArchiveName.composed(symbol), interval, span, period));
    }

    @Override
    public String toString() {
        return path + ": " + files.length + " files of " + symbol + " " + intervalText;
    }
}
