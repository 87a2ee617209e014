package dev.candlewick.csv;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one file, gzipped or not, batch by batch in the file's order, in memory that does not grow with it.
 *
 * <pre>{@code
 * try (CsvRows rows = CsvRows.open(Files.newInputStream(file), layout, series, file.toString(), CsvOptions.DEFAULT)) {
 *     while (rows.hasNext()) {
 *         writer.append(rows.next());
 *     }
 *     report(rows.quarantined());
 * }
 * }</pre>
 *
 * <p>A row is set aside, with its line, column and reason, when it has another number of cells than the header, a cell that
 * its column cannot hold exactly or that should say something else, a time outside what the layout says that the file is
 * about, or a time before that of the row before it: the order of ticks is theirs, so nothing is sorted. The file as a whole is refused with {@link Corrupt} when its header lacks a
 * column, its gzip is damaged or cut, a line is longer than {@value #LONGEST_LINE} bytes, or more rows are bad than the options
 * allow. A file of no bytes, or of a header alone, has no rows.
 *
 * <p>Cells may stand in quotes, which then enclose all of the cell and no comma, quote or line end. Lines end with a line
 * feed, after a carriage return or not; the last one need not. Blank lines are passed over.
 *
 * <p>For one thread, except {@link #close}, which any thread may call: a blocked {@link #hasNext} then ends with
 * {@link Cancelled}, as it does when its thread is interrupted. Batches are the caller's to keep.
 */
public final class CsvRows implements Iterator<Batch>, AutoCloseable {

    /** Bytes of a line. The longest honest ones, books of 25 levels, have about 2,500. */
    public static final int LONGEST_LINE = 32_000;

    private final ByteBlocks blocks;
    private final CsvLayout layout;
    private final Series series;
    private final String file;
    private final CsvOptions options;
    private final Defects defects = new Defects();
    private final List<QuarantinedRow> quarantined = new ArrayList<>();
    private final CsvClock clock;

    private @Nullable RowReader reader;
    private byte[] bytes = new byte[0];
    /** Whole lines that are still to be read: {@code [at, end)}; behind them, up to {@code blockEnd}, one that goes on. */
    private int at;

    private int end;
    private int blockEnd;
    private long line = 1;
    private boolean lastBlock;
    private boolean finished;
    private volatile boolean closed;

    private Optional<Batch> ready = Optional.empty();
    private long rows;
    private long passedOver;

    private CsvRows(ByteBlocks blocks, CsvLayout layout, Series series, String file, CsvOptions options) {
        if (!series.schema().equals(layout.schema())) {
            throw new IllegalArgumentException(
                    "The layout gives " + layout.schema() + ", and " + series + " has " + series.schema());
        }
        this.blocks = blocks;
        this.layout = layout;
        this.series = series;
        this.file = file;
        this.options = options;
        this.clock = new CsvClock(layout.times(), file);
    }

    /**
     * Starts on a file. Returns at once; reading happens while iterating. The stream is closed with this, or at its end.
     *
     * @param bytes the file, gzipped or not, which its first two bytes tell
     * @param series whose rows they are; its schema is the layout's
     * @param file how messages name it
     */
    public static CsvRows open(InputStream bytes, CsvLayout layout, Series series, String file, CsvOptions options) {
        ByteBlocks blocks = new FileBlocks(new RawInput(bytes, file), options.inflate());
        boolean ahead = options.threads() == CsvThreads.OWN
                || (options.threads() == CsvThreads.AVAILABLE
                        && Runtime.getRuntime().availableProcessors() > 1);
        return new CsvRows(ahead ? new AheadBlocks(blocks, file) : blocks, layout, series, file, options);
    }

    /**
     * Whether there is another batch; reads it.
     *
     * @throws Corrupt when the file is damaged, or not what the layout says
     * @throws dev.candlewick.Unavailable when its bytes cannot be had
     */
    @Override
    public boolean hasNext() {
        if (closed && !finished) {
            throw new Cancelled("Reading " + file + " was closed before its end");
        }
        if (ready.isEmpty() && !finished) {
            try {
                ready = read();
                finished = ready.isEmpty();
            } finally {
                if (ready.isEmpty()) {
                    close();
                }
            }
        }
        return ready.isPresent();
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more rows in " + file);
        }
        Batch batch = ready.orElseThrow();
        ready = Optional.empty();
        return batch;
    }

    /** Rows in the batches read so far. */
    public long rows() {
        return rows;
    }

    /** Rows so far that the layout does not want. */
    public long passedOver() {
        return passedOver;
    }

    /** Rows that were set aside so far, in the file's order but for those out of order. */
    public List<QuarantinedRow> quarantined() {
        return List.copyOf(quarantined);
    }

    /** Closes the file and ends the thread that gunzips it; calling it twice does nothing. */
    @Override
    public void close() {
        closed = true;
        blocks.close();
    }

    private Optional<Batch> read() {
        BatchBuilder builder = new BatchBuilder(series, Math.min(options.rowsPerBatch(), 1 << 16));
        boolean started = false;
        while (builder.rows() < options.rowsPerBatch()) {
            if (at == end && !advance()) {
                break;
            }
            RowReader known = reader;
            if (known == null) {
                header();
                continue;
            }
            if (!started) {
                known.start(builder);
                started = true;
            }
            readRows(known, builder, options.rowsPerBatch() - builder.rows());
        }
        rows += builder.rows();
        return builder.rows() == 0 ? Optional.empty() : Optional.of(builder.build());
    }

    /** Goes on to the next whole lines; false at the end of the file. */
    private boolean advance() {
        while (at == end) {
            if (lastBlock) {
                return false;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new Cancelled("Reading " + file + " was interrupted");
            }
            int open = blockEnd - end;
            if (open > LONGEST_LINE) {
                throw tooLong(line);
            }
            ByteBlock block = blocks.next();
            if (block == null) {
                lastBlock = true;
                endLastLine(open);
            } else {
                bytes = block.bytes;
                at = block.from - open; // the line that goes on lies before the block as its history
                blockEnd = block.to;
                end = lastFeed(bytes, block.from, block.to);
                if (end < 0) {
                    end = at;
                }
            }
        }
        return true;
    }

    /** The last line may lack its line end, which the room behind a block has place for. */
    private void endLastLine(int open) {
        if (open > 0) {
            at = end;
            bytes[blockEnd] = '\n';
            end = blockEnd + 1;
            blockEnd = end;
        }
    }

    private static int lastFeed(byte[] bytes, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private void header() {
        int feed = at;
        while (bytes[feed] != '\n') {
            feed++;
        }
        if (feed - at > LONGEST_LINE) {
            throw tooLong(line);
        }
        if (feed == at || (feed == at + 1 && bytes[at] == '\r')) {
            at = feed + 1; // a blank line, which is passed over before the header as behind it
            line++;
            return;
        }
        String first = new String(bytes, at, feed - at, StandardCharsets.UTF_8);
        CsvHeader header = CsvHeader.of(first, layout, file);
        if (header.isLine()) {
            at = feed + 1;
            line++;
        }
        reader = new RowReader(layout, header, clock, new BatchBuilder(series, 16));
    }

    private void readRows(RowReader known, BatchBuilder builder, int most) {
        int usual = known.readUsual(bytes, at, end, most, builder);
        if (usual > 0) {
            at = known.usualEnd;
            line += usual;
        } else {
            readCarefully(known, builder, Math.min(most, known.careful()));
        }
    }

    private void readCarefully(RowReader known, BatchBuilder builder, int most) {
        Lines lines = known.lines;
        at = lines.cut(bytes, at, end, line, most, this::misfit);
        line += lines.linesRead;
        passedOver += known.dropUnwanted();
        while (lines.rows > 0) {
            defects.clear();
            known.read(builder, defects);
            if (!defects.any()) {
                builder.endRows(lines.rows);
                return;
            }
            builder.discardRow();
            defects.byRow()
                    .forEach((row, defect) -> quarantine(
                            lines.numbers[row],
                            defect.column(),
                            defect.reason(),
                            lines.starts[row],
                            lines.lineEnd(row)));
            lines.keep(row -> !defects.has(row));
        }
    }

    private void misfit(int start, int stop, long number, int cells) {
        if (cells < 0) {
            throw tooLong(number);
        }
        RowReader known = reader;
        int wanted = known == null ? 0 : known.lines.cells;
        quarantine(number, "", "it has " + cells + (cells == 1 ? " cell" : " cells") + ", not " + wanted, start, stop);
    }

    private void quarantine(long number, String column, String reason, int start, int stop) {
        String text = new String(bytes, start, Math.min(stop - start, 1_000), StandardCharsets.UTF_8);
        if (quarantined.size() == options.mostBadRows()) {
            throw new Corrupt(file + " has more than " + options.mostBadRows() + " bad rows; the first: "
                    + (quarantined.isEmpty() ? "line " + number + ": " + reason : quarantined.get(0)));
        }
        quarantined.add(new QuarantinedRow(file, number, column, reason, text));
    }

    private Corrupt tooLong(long number) {
        return new Corrupt(
                file + ", line " + number + " has more than " + LONGEST_LINE + " bytes; this is no such file");
    }

    @Override
    public String toString() {
        return "Rows of " + file + " for " + series;
    }
}
