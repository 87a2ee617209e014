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
     * Candles in tables {@code klines_1m}, ordered by {@code symbol} ({@code BTCUSDT}) and {@code open_time}, a partition
     * per month; {@code klines_1m_exact} is the view to query. Other datasets as in {@link #standard}.
     */
    public static ClickHouseLayout klines() {
        return KLINES;
    }

    @Override
    public String toString() {
        return name;
    }

    static final String SUBJECT = "subject";
    static final String SYMBOL = "symbol";

    /** The table of a dataset's rows. */
    String rowsTable(Dataset dataset) {
        return isKlines(dataset) ? "klines" + name(dataset).substring("candles".length()) : name(dataset) + "_rows";
    }

    /** The view of exactly the rows that count. */
    String view(Dataset dataset) {
        return isKlines(dataset) ? rowsTable(dataset) + "_exact" : name(dataset);
    }

    /** The columns that say whose a row is, in the order of the sorting key. */
    List<String> subjectColumns(Dataset dataset) {
        return isKlines(dataset) ? List.of(SYMBOL, SUBJECT) : List.of(SUBJECT);
    }

    /** What a subject has in one of these columns. */
    String subjectValue(String column, Subject subject) {
        if (column.equals(SUBJECT)) {
            return subject.toString();
        }
        return subject.code().replace("-", "").toUpperCase(Locale.ROOT);
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
                && dataset.name().startsWith("candles:");
    }

    /**
     * The dataset's name with underscores for what is no letter or digit: {@code candles_1m}. A name that is not of that
     * simple form, or would clash with the names of this store, ends in a digest, so that no two datasets share one.
     */
    private static String name(Dataset dataset) {
        String plain = dataset.name().replaceAll("[^A-Za-z0-9]", "_");
        boolean simple = dataset.name().matches("[A-Za-z][A-Za-z0-9]*(:[A-Za-z0-9]+)*|[A-Za-z][A-Za-z0-9_]*")
                && !plain.endsWith("_rows")
                && !plain.endsWith("_exact")
                && !plain.startsWith("klines_")
                && !plain.startsWith("candlewick_");
        return simple ? plain : "d_" + plain.substring(0, Math.min(80, plain.length())) + "_" + digest(dataset.name());
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
