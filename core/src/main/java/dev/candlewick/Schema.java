package dev.candlewick;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The columns of a dataset in their order, which of them is the time that rows are ordered and ranged by, and which make
 * a row unique.
 *
 * @param fields the columns, in stored order
 * @param time the name of the time column that ranges speak of; never null in a row
 * @param key the columns that together are unique within one series
 */
public record Schema(List<Field> fields, String time, List<String> key) {

    /**
     * Candles: keyed by open time; prices {@code decimal(18, 8)}, volumes {@code decimal(38, 8)}.
     *
     * <p>Prices of ten digits before the point cover every pair listed today and stay in 64 bits. Volumes do not: a
     * minute of a coin priced at 10<sup>-8</sup> exceeds them.
     */
    public static final Schema CANDLES = new Schema(
            List.of(
                    Field.time("open_time"),
                    Field.decimal("open", 18, 8),
                    Field.decimal("high", 18, 8),
                    Field.decimal("low", 18, 8),
                    Field.decimal("close", 18, 8),
                    Field.decimal("volume", 38, 8),
                    Field.time("close_time"),
                    Field.decimal("quote_volume", 38, 8),
                    Field.int64("trades"),
                    Field.decimal("taker_buy_volume", 38, 8),
                    Field.decimal("taker_buy_quote_volume", 38, 8)),
            "open_time",
            List.of("open_time"));

    /** Checks that names are unique and that time and key exist. */
    public Schema {
        fields = List.copyOf(fields);
        key = List.copyOf(key);
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.name())) {
                throw new IllegalArgumentException("Column '" + field.name() + "' occurs twice in " + fields);
            }
        }
        Field ordering = find(fields, time);
        if (!(ordering.type() instanceof ColumnType.Time) || ordering.nullable()) {
            throw new IllegalArgumentException("Column '" + time + "' must be a time without nulls to order rows");
        }
        for (String name : key) {
            find(fields, name);
        }
    }

    /** The column of that name; fails naming the ones there are. */
    public Field field(String name) {
        return find(fields, name);
    }

    /** Where the column of that name stands, counted from 0; fails naming the ones there are. */
    public int indexOf(String name) {
        return fields.indexOf(find(fields, name));
    }

    /** The column names in order. */
    public List<String> names() {
        return fields.stream().map(Field::name).toList();
    }

    /**
     * The columns of these names and the time column, in the schema's order.
     *
     * @throws IllegalArgumentException for a name that no column has, naming the ones there are
     */
    public List<Field> select(Collection<String> names) {
        Set<String> wanted = new HashSet<>(names);
        wanted.add(time);
        names.forEach(this::field);
        return fields.stream().filter(field -> wanted.contains(field.name())).toList();
    }

    /** The same schema with one more column at the end. */
    public Schema with(Field field) {
        return new Schema(
                java.util.stream.Stream.concat(fields.stream(), java.util.stream.Stream.of(field))
                        .toList(),
                time,
                key);
    }

    @Override
    public String toString() {
        return fields.stream().map(Field::toString).collect(Collectors.joining(", ", "[", "]")) + " key " + key;
    }

    private static Field find(List<Field> fields, String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        throw new IllegalArgumentException("No column '" + name + "'; there are "
                + fields.stream().map(Field::name).toList());
    }
}
