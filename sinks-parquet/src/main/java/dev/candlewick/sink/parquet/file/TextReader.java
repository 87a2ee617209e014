package dev.candlewick.sink.parquet.file;

import dev.candlewick.Column;
import dev.candlewick.Field;
import dev.candlewick.TextColumn;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Text, strictly UTF-8. Entries of a dictionary become one object each; what is a number as those of {@link NumberTexts}
 * becomes none as long as everything is.
 */
final class TextReader extends ColumnReader implements ByteValues.Sink {

    private final ColumnDescriptor descriptor;
    private @Nullable ByteValues bytes;
    private String[] dictionary = new String[0];
    private int entries = -1;
    private String[] values = new String[0];
    private long[] numbers = new long[0];
    private boolean allNumbers;
    private int wanted;
    private int at;

    TextReader(PageReader pages, Field field, boolean optional, long lastRow, ColumnDescriptor descriptor) {
        super(pages, field, optional, lastRow);
        this.descriptor = descriptor;
    }

    @Override
    void dictionary(DataPage page) {
        ByteValues.checkDictionary(page, -1);
        String[] before = values;
        boolean wereNumbers = allNumbers;
        values = new String[page.rows()];
        allNumbers = false;
        at = 0;
        new ByteValues.Plain(page, -1).read(page.rows(), this);
        dictionary = values;
        entries = page.rows();
        values = before;
        allNumbers = wereNumbers;
    }

    @Override
    void page(DataPage page) {
        bytes = ByteValues.open(page, -1, entries, descriptor);
    }

    @Override
    void begin(int count) {
        wanted = count;
        allNumbers = true;
        numbers = new long[count];
        values = new String[0];
    }

    private void leaveNumbers() {
        allNumbers = false;
        values = new String[wanted];
        for (int i = 0; i < at; i++) {
            values[i] = Long.toString(numbers[i]);
        }
    }

    @Override
    void readValues(int from, int count) {
        at = from;
        if (bytes != null && count > 0) {
            bytes.read(count, this);
        }
    }

    @Override
    void skipValues(int count) {
        ByteValues.skip(bytes, count);
    }

    @Override
    public void value(byte[] from, int start, int count) {
        if (allNumbers) {
            long number = NumberTexts.number(from, start, count);
            if (number >= 0) {
                numbers[at++] = number;
                return;
            }
            leaveNumbers();
        }
        try {
            values[at] = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(from, start, count))
                    .toString();
        } catch (CharacterCodingException bad) {
            throw new BadBytes("its text is not UTF-8");
        }
        at++;
    }

    @Override
    public void entry(int code) {
        if (allNumbers) {
            leaveNumbers();
        }
        values[at++] = dictionary[code];
    }

    @Override
    Column column(int rows) {
        return allNumbers
                ? TextColumn.ofNumbers(field().name(), numbers)
                : TextColumn.of(field().name(), Arrays.copyOf(values, rows));
    }

    @Override
    Column column(int rows, int[] defined) {
        return allNumbers
                ? NullableColumns.numbers(field(), rows, defined, numbers)
                : NullableColumns.texts(field(), rows, defined, values);
    }
}
