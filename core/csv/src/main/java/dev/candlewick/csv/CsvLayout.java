package dev.candlewick.csv;

import dev.candlewick.ColumnType;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a file feeds which column of a schema, and how its cells are read.
 *
 * <pre>{@code
 * CsvLayout trades = CsvLayout.of(Dataset.TRADES.schema())
 *         .constant("exchange", "binance-futures")
 *         .constant("symbol", "BTCUSDT")
 *         .build();
 * CsvLayout archive = CsvLayout.of(Dataset.TRADES.schema())
 *         .columns("id", "price", "qty", "quote_qty", "time", "is_buyer_maker")
 *         .times(CsvTimes.BY_MAGNITUDE)
 *         .from("timestamp", "time")
 *         .from("local_timestamp", "time")
 *         .from("amount", "qty")
 *         .mapped("side", "is_buyer_maker", Map.of("true", "sell", "false", "buy"))
 *         .build();
 * }</pre>
 *
 * <p>A column that nothing is said of is fed by the file's column of the same name. Columns of the file that feed none are
 * passed over. Cells are read by the type of their column: times as {@link CsvTimes} says, decimals exactly, exponents
 * included, yes and no as {@code true}, {@code True} or {@code TRUE} and their opposites, text as it stands. An empty cell
 * is a row without a value there. Immutable.
 */
public final class CsvLayout {

    private final Schema schema;
    private final List<Feed> feeds;
    private final Map<String, Set<String>> constants;
    private final Map<String, Set<String>> wanted;
    private final @Nullable List<String> columns;
    private final CsvTimes times;
    private final @Nullable TimeRange window;

    /**
     * How a column is fed.
     *
     * @param header the file's column; empty: none, the column has no values
     * @param divisor what floating-point cells are divided by
     * @param texts what stands for each text of the file; empty: every text for itself
     */
    record Feed(Field field, String header, double divisor, Map<String, String> texts) {}

    private CsvLayout(Builder builder) {
        this.schema = builder.schema;
        this.feeds = List.copyOf(builder.feeds.values());
        this.constants = new LinkedHashMap<>(builder.constants);
        this.wanted = new LinkedHashMap<>(builder.wanted);
        this.columns = builder.columns;
        this.times = builder.times;
        this.window = builder.window;
    }

    /** A layout of files with a header line, whose columns feed those of the schema by name until told otherwise. */
    public static Builder of(Schema schema) {
        return new Builder(schema);
    }

    /** What the rows become. */
    public Schema schema() {
        return schema;
    }

    List<Feed> feeds() {
        return feeds;
    }

    /** By column of the file, what each of its cells must be. */
    Map<String, Set<String>> constants() {
        return constants;
    }

    /** By column of the file, what its cell must be for the row to be wanted. */
    Map<String, Set<String>> wanted() {
        return wanted;
    }

    /** The columns of a file without header; null where the header names them. */
    @Nullable
    List<String> columns() {
        return columns;
    }

    CsvTimes times() {
        return times;
    }

    /** What the times of all rows must lie in; null where any time will do. */
    @Nullable
    TimeRange window() {
        return window;
    }

    /** Puts a layout together; for one thread. */
    public static final class Builder {

        private final Schema schema;
        private final Map<String, Feed> feeds = new LinkedHashMap<>();
        private final Map<String, Set<String>> constants = new LinkedHashMap<>();
        private final Map<String, Set<String>> wanted = new LinkedHashMap<>();
        private @Nullable List<String> columns;
        private CsvTimes times = CsvTimes.MICROS;
        private @Nullable TimeRange window;

        private Builder(Schema schema) {
            this.schema = schema;
            for (Field field : schema.fields()) {
                feeds.put(field.name(), new Feed(field, field.name(), 1, Map.of()));
            }
        }

        /**
         * Files have these columns in this order. A first line that is a header, which is one whose first cell starts with
         * a letter, is passed over if it names the same ones, whatever their case.
         */
        public Builder columns(String... names) {
            if (names.length == 0 || Set.of(names).size() != names.length) {
                throw new IllegalArgumentException("A file has columns of different names, not " + List.of(names));
            }
            columns = List.of(names);
            return this;
        }

        /** How times are written; {@link CsvTimes#MICROS} until told otherwise. */
        public Builder times(CsvTimes written) {
            times = written;
            return this;
        }

        /** The column is fed by the file's column {@code header}, which may feed several. */
        public Builder from(String column, String header) {
            return feed(new Feed(schema.field(column), header, 1, Map.of()));
        }

        /** The file does not know the column: no row has a value there. */
        public Builder absent(String column) {
            Field field = schema.field(column);
            if (!field.nullable()) {
                throw new IllegalArgumentException("Every row has a value in column '" + field + "'");
            }
            return feed(new Feed(field, "", 1, Map.of()));
        }

        /** The text column is fed by the file's column {@code header}, whose cells stand for the given texts and no others. */
        public Builder mapped(String column, String header, Map<String, String> texts) {
            Field field = schema.field(column);
            if (!(field.type() instanceof ColumnType.Text) || texts.isEmpty()) {
                throw new IllegalArgumentException("Column '" + field + "' cannot hold one of the texts " + texts);
            }
            return feed(new Feed(field, header, 1, Map.copyOf(texts)));
        }

        /** The floating-point column is fed by the file's column {@code header}, each number divided: 100 for percent. */
        public Builder divided(String column, String header, double divisor) {
            Field field = schema.field(column);
            if (!(field.type() instanceof ColumnType.Float64) || !Double.isFinite(divisor) || divisor == 0) {
                throw new IllegalArgumentException("Column '" + field + "' cannot hold numbers divided by " + divisor);
            }
            return feed(new Feed(field, header, divisor, Map.of()));
        }

        /** Every row of the file has this text in its column {@code header}; a row with another one is bad. */
        public Builder constant(String header, String text) {
            constants.put(header, Set.of(text));
            return this;
        }

        /** Rows with another text than these in the file's column {@code header} are passed over: not wanted, not bad. */
        public Builder only(String header, Collection<String> texts) {
            wanted.put(header, Set.copyOf(texts));
            return this;
        }

        /**
         * The file holds rows of this range only, by the schema's time: a row with another time is bad, and the order of the
         * others is not judged by it.
         */
        public Builder within(TimeRange range) {
            window = range;
            return this;
        }

        /** The layout. */
        public CsvLayout build() {
            return new CsvLayout(this);
        }

        private Builder feed(Feed feed) {
            feeds.put(feed.field().name(), feed);
            return this;
        }
    }

    /** Where each of the file's columns stands, by name. */
    static Map<String, Integer> places(List<String> names) {
        Map<String, Integer> places = new HashMap<>();
        List<String> all = new ArrayList<>(names);
        for (int i = 0; i < all.size(); i++) {
            places.putIfAbsent(all.get(i), i);
        }
        return places;
    }
}
