package dev.candlewick.candle;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Coverage;
import dev.candlewick.Gap;
import dev.candlewick.Provenance;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.UnitLedger;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/**
 * Candles of one series in a range, by index or as {@link Candle} records, together with what is known of the missing
 * ones: an answer that never confuses "nothing there" with "not fetched". Immutable, safe for many threads.
 *
 * <pre>{@code
 * Candles candles = Candles.of(store.read(btc, TimeRange.day("2024-01-01")));
 * for (Candle candle : candles) { ... }
 * candles.isComplete();   // or gaps(), each with its reason
 * }</pre>
 */
public final class Candles implements Iterable<Candle> {

    private static final int ROWS_SHOWN = 5;
    private static final int GAPS_SHOWN = 5;

    private final Series series;
    private final TimeRange range;
    private final List<Batch> batches;
    // The index of the first row of each batch, and the number of rows at the end.
    private final int[] starts;
    private final Coverage coverage;

    private Candles(Series series, TimeRange range, List<Batch> batches, Coverage coverage) {
        this.series = series;
        this.range = range;
        this.batches = batches.stream().filter(batch -> batch.rows() > 0).toList();
        this.starts = new int[this.batches.size() + 1];
        for (int i = 0; i < this.batches.size(); i++) {
            starts[i + 1] = Math.addExact(starts[i], this.batches.get(i).rows());
        }
        this.coverage = coverage;
    }

    /** Reads a cursor to its end and closes it; the coverage is that of its rows and of the gaps its source knows. */
    public static Candles of(Batches cursor) {
        try (cursor) {
            List<Batch> batches = new ArrayList<>();
            cursor.forEach(batches::add);
            return of(cursor.series(), cursor.range(), batches, coverage(cursor, batches));
        }
    }

    /**
     * Candles of batches in time order.
     *
     * @throws IllegalArgumentException when the series' rows are no candles
     */
    public static Candles of(Series series, TimeRange range, List<Batch> batches, Coverage coverage) {
        if (!series.schema().fields().containsAll(Schema.CANDLES.fields())) {
            throw new IllegalArgumentException(series + " holds no candles; it has columns "
                    + series.schema().names());
        }
        return new Candles(series, range, batches, coverage);
    }

    /** Whose candles. */
    public Series series() {
        return series;
    }

    /** The range asked for. */
    public TimeRange range() {
        return range;
    }

    /** How many candles. */
    public int size() {
        return starts[batches.size()];
    }

    /** Whether there is none; {@link #gaps} says why. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** The columns, for loops over many rows. */
    public List<Batch> batches() {
        return batches;
    }

    /** The candle at an index, counted from 0 in time order. */
    public Candle get(int index) {
        int at = batch(index);
        return candle(batches.get(at), index - starts[at]);
    }

    /** When the candle opens, in microseconds since the epoch. */
    public long openTimeMicros(int index) {
        int at = batch(index);
        return batches.get(at).times("open_time").epochMicros(index - starts[at]);
    }

    /** The first price. */
    public BigDecimal open(int index) {
        return decimal("open", index);
    }

    /** The highest price. */
    public BigDecimal high(int index) {
        return decimal("high", index);
    }

    /** The lowest price. */
    public BigDecimal low(int index) {
        return decimal("low", index);
    }

    /** The last price. */
    public BigDecimal close(int index) {
        return decimal("close", index);
    }

    /** How much of the base asset changed hands. */
    public BigDecimal volume(int index) {
        return decimal("volume", index);
    }

    /** How much of the quote asset changed hands. */
    public BigDecimal quoteVolume(int index) {
        return decimal("quote_volume", index);
    }

    /** How many trades. */
    public long trades(int index) {
        int at = batch(index);
        return batches.get(at).longs("trades").value(index - starts[at]);
    }

    /** Whether the candle was carried forward because nothing was published for its slot. */
    public boolean isFilled(int index) {
        int at = batch(index);
        return isFilled(batches.get(at), index - starts[at]);
    }

    /** What is known of the range; filled candles count as missing. */
    public Coverage coverage() {
        return coverage;
    }

    /** The stretches without published candles, each with its reason. */
    public List<Gap> gaps() {
        return coverage.gaps();
    }

    /** Whether no published candle is missing. */
    public boolean isComplete() {
        return gaps().isEmpty();
    }

    /** One line: how many candles of what, and whether any is missing. */
    public String summary() {
        List<Gap> gaps = gaps();
        return series + " over " + range + ": " + size() + (size() == 1 ? " candle, " : " candles, ")
                + (gaps.isEmpty() ? "complete" : gaps.size() + (gaps.size() == 1 ? " gap" : " gaps"));
    }

    @Override
    public Iterator<Candle> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < size();
            }

            @Override
            public Candle next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("There are only " + size() + " candles");
                }
                return get(next++);
            }
        };
    }

    /** The summary, the first and last candles, and the gaps. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(summary());
        int head = size() <= 2 * ROWS_SHOWN ? size() : ROWS_SHOWN;
        for (int i = 0; i < head; i++) {
            text.append("\n  ").append(get(i));
        }
        if (head < size()) {
            text.append("\n  …");
            for (int i = size() - ROWS_SHOWN; i < size(); i++) {
                text.append("\n  ").append(get(i));
            }
        }
        List<Gap> gaps = gaps();
        gaps.stream().limit(GAPS_SHOWN).forEach(gap -> text.append("\n  gap ").append(gap));
        if (gaps.size() > GAPS_SHOWN) {
            text.append("\n  … and ").append(gaps.size() - GAPS_SHOWN).append(" more gaps");
        }
        return text.toString();
    }

    private BigDecimal decimal(String column, int index) {
        int at = batch(index);
        return batches.get(at).decimals(column).get(index - starts[at]);
    }

    private int batch(int index) {
        Objects.checkIndex(index, size());
        int found = Arrays.binarySearch(starts, index);
        return found >= 0 ? found : -found - 2;
    }

    private static boolean isFilled(Batch batch, int row) {
        return batch.series().dataset().isFilled() && batch.booleans("filled").value(row);
    }

    private static Candle candle(Batch batch, int row) {
        return new Candle(
                batch.times("open_time").get(row),
                batch.decimals("open").get(row),
                batch.decimals("high").get(row),
                batch.decimals("low").get(row),
                batch.decimals("close").get(row),
                batch.decimals("volume").get(row),
                batch.times("close_time").get(row),
                batch.decimals("quote_volume").get(row),
                batch.longs("trades").value(row),
                batch.decimals("taker_buy_volume").get(row),
                batch.decimals("taker_buy_quote_volume").get(row),
                isFilled(batch, row));
    }

    private static Coverage coverage(Batches cursor, List<Batch> batches) {
        Provenance provenance = cursor.provenance();
        UnitLedger slots = new UnitLedger(cursor.series(), cursor.range());
        batches.forEach(slots::add);
        return new Coverage(
                cursor.series(),
                cursor.range(),
                slots.entry(Optional.empty(), cursor.range(), provenance, Instant.EPOCH)
                        .present(),
                provenance.gaps());
    }
}
