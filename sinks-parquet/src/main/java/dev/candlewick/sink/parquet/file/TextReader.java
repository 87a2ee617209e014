package dev.candlewick.sink.parquet.file;

import dev.candlewick.Column;
import dev.candlewick.Field;
import dev.candlewick.TextColumn;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Text, strictly UTF-8. What a dictionary holds becomes one object per entry and a code per row, what is a number as those of
 * {@link NumberTexts} becomes none, as long as all values of a read are alike.
 */
final class TextReader extends ColumnReader implements ByteValues.Sink {

    // A column with a larger dictionary than that for its rows is dearer to whoever goes over the dictionary.
    private static final int ROWS_PER_ENTRY = 4;

    private final ColumnDescriptor descriptor;
    private @Nullable ByteValues bytes;
    private List<String> dictionary = List.of();
    private boolean distinct;
    private int entries = -1;
    // Of these there is one, from the first value on.
    private long @Nullable [] numbers;
    private int @Nullable [] codes;
    private String @Nullable [] texts;
    private int wanted;
    private int at;

    TextReader(PageReader pages, Field field, boolean optional, long lastRow, ColumnDescriptor descriptor) {
        super(pages, field, optional, lastRow);
        this.descriptor = descriptor;
    }

    @Override
    void dictionary(DataPage page) {
        ByteValues.checkDictionary(page, -1);
        String[] read = new String[page.rows()];
        new ByteValues.Plain(page, -1).read(page.rows(), new ByteValues.Sink() {
            private int entry;

            @Override
            public void value(byte[] from, int start, int count) {
                read[entry++] = text(from, start, count);
            }

            @Override
            public void entries(int[] codes, int count) {
                throw new IllegalStateException("A dictionary is plain");
            }
        });
        dictionary = List.of(read);
        distinct = new HashSet<>(dictionary).size() == read.length;
        entries = read.length;
    }

    @Override
    void page(DataPage page) {
        bytes = ByteValues.open(page, -1, entries, descriptor);
    }

    @Override
    void begin(int count) {
        wanted = count;
        at = 0;
        numbers = null;
        codes = null;
        texts = null;
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
        if (codes == null && texts == null) {
            long number = NumberTexts.number(from, start, count);
            if (number >= 0) {
                if (numbers == null) {
                    numbers = new long[wanted];
                }
                numbers[at++] = number;
                return;
            }
        }
        texts()[at++] = text(from, start, count);
    }

    @Override
    public void entries(int[] read, int count) {
        if (numbers == null && texts == null) {
            if (codes == null) {
                codes = new int[wanted];
            }
            System.arraycopy(read, 0, codes, at, count);
            at += count;
            return;
        }
        String[] target = texts();
        for (int i = 0; i < count; i++) {
            target[at++] = dictionary.get(read[i]);
        }
    }

    /** The values read so far as texts, whatever they were held as. */
    private String[] texts() {
        String[] target = texts;
        if (target == null) {
            target = new String[wanted];
            for (int i = 0; i < at; i++) {
                target[i] = codes != null ? dictionary.get(codes[i]) : numbers != null ? Long.toString(numbers[i]) : "";
            }
            texts = target;
            codes = null;
            numbers = null;
        }
        return target;
    }

    private static String text(byte[] from, int start, int count) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(from, start, count))
                    .toString();
        } catch (CharacterCodingException bad) {
            throw new BadBytes("its text is not UTF-8");
        }
    }

    @Override
    Column column(int rows) {
        String name = field().name();
        if (numbers != null) {
            return TextColumn.ofNumbers(name, numbers);
        }
        return codes != null && distinct && dictionary.size() <= rows / ROWS_PER_ENTRY
                ? TextColumn.adopt(name, dictionary, codes)
                : TextColumn.of(name, texts());
    }

    @Override
    Column column(int rows, int[] defined) {
        return numbers != null
                ? NullableColumns.numbers(field(), rows, defined, numbers)
                : NullableColumns.texts(field(), rows, defined, texts());
    }
}
