package dev.candlewick.sink.clickhouse;

import dev.candlewick.Cadence;
import dev.candlewick.CalendarUnit;
import dev.candlewick.Dataset;
import dev.candlewick.Schema;
import dev.candlewick.Subject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * How a store names and shapes its tables. Every dataset has one table of rows, which also holds rows of units that are
 * being replaced, and one view with exactly the rows that count.
 */
public final class ClickHouseLayout {

    private static final ClickHouseLayout STANDARD = new ClickHouseLayout("standard");
    private static final ClickHouseLayout KLINES = new ClickHouseLayout("klines");

    private static final int LONGEST_NAME = 80;

    private final String name;

    private ClickHouseLayout(String name) {
        this.name = name;
    }

    /**
     * {@code candles_1m} is the view to query, {@code candles_1m_rows} the table behind it, with the subject in the column
     * {@code subject}.
     */
    public static ClickHouseLayout standard() {
        return STANDARD;
    }

    /**
     * Candles as {@code klines_1m}, ordered by {@code symbol} ({@code BTCUSDT}) and {@code open_time}, a partition per
     * month: that is the view to query, with each candle once; {@code klines_1m_rows} is the table behind it. Other datasets
     * as in {@link #standard}.
     */
    public static ClickHouseLayout klines() {
        return KLINES;
    }

    @Override
    public String toString() {
        return name;
    }

    private static final String SUBJECT = "subject";
    private static final String SYMBOL = "symbol";

    /** The table of a dataset's rows. */
    String rowsTable(Dataset dataset) {
        return view(dataset) + "_rows";
    }

    /** The view of exactly the rows that count. */
    String view(Dataset dataset) {
        return isKlines(dataset) ? "klines" + name(dataset).substring("candles".length()) : name(dataset);
    }

    /** The columns that say whose a row is, in the order of the sorting key. */
    List<String> subjectColumns(Dataset dataset) {
        return isKlines(dataset) ? List.of(SYMBOL, SUBJECT) : List.of(own(dataset, SUBJECT));
    }

    /** What a subject has in these columns. */
    List<String> subjectValues(Dataset dataset, Subject subject) {
        String symbol = subject.code().replace("-", "").toUpperCase(Locale.ROOT);
        return isKlines(dataset) ? List.of(symbol, subject.toString()) : List.of(subject.toString());
    }

    /** A name for a column of the store's own that no field of the dataset has. */
    static String own(Dataset dataset, String name) {
        String free = name;
        while (dataset.schema().names().contains(free)) {
            free += "_of_store";
        }
        return free;
    }

    /** The calendar unit of a dataset's partitions: never finer than a unit of work, so that one lies in one of them. */
    CalendarUnit partition(Dataset dataset) {
        boolean yearly = dataset.cadence().unit() == CalendarUnit.YEAR;
        return yearly && !isKlines(dataset) ? CalendarUnit.YEAR : CalendarUnit.MONTH;
    }

    private boolean isKlines(Dataset dataset) {
        return equals(KLINES)
                && dataset.schema().equals(Schema.CANDLES)
                && dataset.cadence() instanceof Cadence.Grid
                && name(dataset).startsWith("candles_");
    }

    /**
     * The dataset's name with an underscore for a colon: {@code candles_1m}. A name that is neither a plain word nor a word
     * with an interval, is long, or would clash with the names of this store, ends in a digest, so that no two datasets
     * share one.
     */
    private static String name(Dataset dataset) {
        String name = dataset.name();
        String plain = name.replaceAll("[^A-Za-z0-9]", "_");
        boolean interval = name.matches("[A-Za-z][A-Za-z0-9]*:[0-9]+[A-Za-z]+");
        // What looks like a translated name of the other kind is left to that.
        boolean word = name.matches("[A-Za-z][A-Za-z0-9_]*") && !name.matches("[A-Za-z0-9]+_[0-9]+[A-Za-z]+");
        boolean simple = (interval || word)
                && plain.length() <= LONGEST_NAME
                && !plain.endsWith("_rows")
                && !plain.startsWith("d_")
                && !plain.startsWith("klines_")
                && !plain.startsWith("candlewick_");
        return simple ? plain : "d_" + plain.substring(0, Math.min(LONGEST_NAME, plain.length())) + "_" + digest(name);
    }

    private static String digest(String text) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes, 0, 4);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
