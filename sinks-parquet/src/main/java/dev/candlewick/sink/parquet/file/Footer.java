package dev.candlewick.sink.parquet.file;

import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/** What the end of a file says about the rest of it, checked as far as it can be without reading the rest. */
final class Footer {

    private static final String MAGIC = "PAR1";
    private static final String ENCRYPTED = "PARE";
    private static final int TAIL = 8;
    // One read brings the whole footer of all but very wide or long files.
    private static final int FIRST_READ = 1 << 16;
    private static final int LARGEST = 256 << 20;
    private static final int DEEPEST_SCHEMA = 100;

    private final String file;
    private final FileMetaData meta;
    private final List<FileColumn> columns = new ArrayList<>();
    private int leaves;

    private Footer(String file, FileMetaData meta) {
        this.file = file;
        this.meta = meta;
    }

    static Footer read(ByteSource source, String file) {
        try {
            return new Footer(file, parse(source, file)).checked();
        } catch (EOFException shorter) {
            throw corrupt(file, "it became shorter while it was read", shorter);
        } catch (IOException failed) {
            throw new UncheckedIOException("Could not read " + file, failed);
        }
    }

    FileMetaData meta() {
        return meta;
    }

    List<FileColumn> columns() {
        return columns;
    }

    Optional<FileColumn> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    private static FileMetaData parse(ByteSource source, String file) throws IOException {
        long length = source.length();
        if (length < MAGIC.length() + TAIL) {
            throw corrupt(file, "it has " + length + " bytes, too few for any", null);
        }
        byte[] start = new byte[MAGIC.length()];
        if (source.isFar()) {
            System.arraycopy(MAGIC.getBytes(StandardCharsets.ISO_8859_1), 0, start, 0, start.length);
        } else {
            source.read(0, start, 0, start.length);
        }
        int tail = (int) Math.min(FIRST_READ, length - start.length);
        byte[] end = new byte[tail];
        source.read(length - tail, end, 0, tail);
        String magic = new String(end, tail - 4, 4, StandardCharsets.ISO_8859_1);
        if (magic.equals(ENCRYPTED)) {
            throw new Refused("Parquet file " + file + " has an encrypted footer, which cannot be read here");
        }
        if (!magic.equals(MAGIC) || !new String(start, StandardCharsets.ISO_8859_1).equals(MAGIC)) {
            throw corrupt(file, "it does not start and end with " + MAGIC + "; it is cut off or no Parquet file", null);
        }
        int size = (int) ByteBuilder.INT_LITTLE.get(end, tail - TAIL);
        if (size <= 0 || size > length - MAGIC.length() - TAIL || size > LARGEST) {
            throw corrupt(file, "its footer claims " + size + " bytes", null);
        }
        byte[] footer = end;
        int at = tail - TAIL - size;
        if (at < 0) {
            footer = new byte[size];
            source.read(length - TAIL - size, footer, 0, size);
            at = 0;
        }
        try {
            return Util.readFileMetaData(new ByteArrayInputStream(footer, at, size), size);
        } catch (IOException | RuntimeException | StackOverflowError unreadable) {
            throw corrupt(file, "its footer cannot be read", unreadable);
        }
    }

    private Footer checked() {
        List<SchemaElement> elements = meta.getSchema();
        if (elements == null || elements.isEmpty() || meta.getRow_groups() == null) {
            throw corrupt(file, "its footer has no schema", null);
        }
        int at = 1;
        for (int child = 0; child < elements.get(0).getNum_children(); child++) {
            at = addColumn(elements, at);
        }
        if (at != elements.size()) {
            throw corrupt(file, "its schema has " + elements.size() + " elements, of which " + at + " belong", null);
        }
        long rows = 0;
        for (RowGroup group : meta.getRow_groups()) {
            if (group.getNum_rows() < 0
                    || group.getColumns() == null
                    || group.getColumns().size() != leaves) {
                throw corrupt(file, "a row group does not have the schema's " + leaves + " columns", null);
            }
            rows += group.getNum_rows();
        }
        if (rows != meta.getNum_rows()) {
            throw corrupt(file, "it claims " + meta.getNum_rows() + " rows and its row groups " + rows, null);
        }
        return this;
    }

    private int addColumn(List<SchemaElement> elements, int at) {
        int leaf = leaves;
        int end = walk(elements, at, 0);
        SchemaElement element = elements.get(at);
        FieldRepetitionType repetition = element.getRepetition_type();
        FileColumn.Shape shape = element.getNum_children() > 0 || repetition == FieldRepetitionType.REPEATED
                ? FileColumn.Shape.NESTED
                : repetition == FieldRepetitionType.OPTIONAL ? FileColumn.Shape.OPTIONAL : FileColumn.Shape.REQUIRED;
        columns.add(new FileColumn(String.valueOf(element.getName()), leaf, element, shape));
        return end;
    }

    /** Passes over an element and what is inside it, counting leaves. */
    private int walk(List<SchemaElement> elements, int at, int depth) {
        if (at >= elements.size() || depth > DEEPEST_SCHEMA) {
            throw corrupt(file, "its schema is not a tree of at most " + DEEPEST_SCHEMA + " levels", null);
        }
        SchemaElement element = elements.get(at);
        int next = at + 1;
        if (!element.isSetNum_children() || element.getNum_children() == 0) {
            leaves++;
        }
        for (int child = 0; child < element.getNum_children(); child++) {
            next = walk(elements, next, depth + 1);
        }
        return next;
    }

    private static Corrupt corrupt(String file, String what, @org.jspecify.annotations.Nullable Throwable cause) {
        return new Corrupt("Parquet file " + file + " is damaged: " + what + ". Fetch or restore it", cause);
    }
}
