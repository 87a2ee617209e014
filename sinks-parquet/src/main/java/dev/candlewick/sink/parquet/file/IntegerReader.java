package dev.candlewick.sink.parquet.file;

import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.DecimalColumn;
import dev.candlewick.DecimalColumnBuilder;
import dev.candlewick.Field;
import dev.candlewick.LongColumn;
import dev.candlewick.TimeColumn;
import java.math.BigDecimal;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.jspecify.annotations.Nullable;

/** Times, integers and decimals that a file holds as integers. */
final class IntegerReader extends ColumnReader {

    private final IntegerForm form;
    private final Scale scale;
    private final ColumnDescriptor descriptor;
    private long @Nullable [] dictionary;
    private @Nullable Integers integers;
    private long[] values = new long[0];

    /** Values become those of the field by {@code scale}. */
    IntegerReader(
            PageReader pages,
            Field field,
            boolean optional,
            long lastRow,
            IntegerForm form,
            Scale scale,
            ColumnDescriptor descriptor) {
        super(pages, field, optional, lastRow);
        this.form = form;
        this.scale = scale;
        this.descriptor = descriptor;
    }

    @Override
    void dictionary(DataPage page) {
        dictionary = IntegerPage.dictionary(page, form);
    }

    @Override
    void page(DataPage page) {
        integers = IntegerPage.open(page, form, dictionary, descriptor);
    }

    @Override
    void begin(int count) {
        values = new long[count]; // fresh: the column takes it over
    }

    @Override
    void readValues(int at, int count) {
        if (integers != null && count > 0) {
            integers.read(values, at, count);
        }
    }

    @Override
    void skipValues(int count) {
        if (integers != null && count > 0) {
            integers.skip(count);
        }
    }

    @Override
    Column column(int rows) {
        convert(rows);
        String name = field().name();
        ColumnType type = field().type();
        if (type instanceof ColumnType.Time) {
            return TimeColumn.adopt(name, values);
        } else if (type instanceof ColumnType.Int64) {
            return LongColumn.adopt(name, values);
        }
        ColumnType.Decimal decimal = (ColumnType.Decimal) type;
        try {
            return DecimalColumn.adopt(name, decimal.precision(), decimal.scale(), values);
        } catch (ArithmeticException tooLarge) {
            DecimalColumnBuilder builder = new DecimalColumnBuilder(name, decimal, rows);
            for (int row = 0; row < rows; row++) {
                appendTo(builder, row, values[row]);
            }
            throw tooLarge;
        }
    }

    @Override
    Column column(int rows, int[] defined) {
        long[] dense = values;
        int count = 0;
        for (int row = 0; row < rows; row++) {
            count += defined[row];
        }
        convert(count);
        if (field().type() instanceof ColumnType.Decimal decimal) {
            DecimalColumnBuilder builder = new DecimalColumnBuilder(field().name(), decimal, rows);
            for (int row = 0, value = 0; row < rows; row++) {
                if (defined[row] == 0) {
                    builder.appendNull();
                } else {
                    appendTo(builder, row, dense[value++]);
                }
            }
            return builder.build();
        }
        return NullableColumns.integers(field(), rows, defined, dense);
    }

    private void appendTo(DecimalColumnBuilder builder, int row, long unscaled) {
        try {
            builder.appendUnscaled(unscaled);
        } catch (ArithmeticException tooLarge) {
            throw refused(
                    row,
                    BigDecimal.valueOf(unscaled, ((ColumnType.Decimal) field().type()).scale())
                            .toPlainString());
        }
    }

    private void convert(int count) {
        if (form == IntegerForm.UINT64) {
            for (int i = 0; i < count; i++) {
                if (values[i] < 0) {
                    throw refused(i, Long.toUnsignedString(values[i]));
                }
            }
        }
        if (!scale.equals(Scale.NONE)) {
            for (int i = 0; i < count; i++) {
                try {
                    values[i] = scale.apply(values[i]);
                } catch (ArithmeticException inexact) {
                    throw refused(i, values[i] + " (stored unit × 10^" + -scale.digits() + ")");
                }
            }
        }
        if (count < values.length) {
            Arrays.fill(values, count, values.length, 0);
        }
    }
}
