package dev.candlewick.ledger;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.candlewick.Cadence;
import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A dataset with its schema and cadence as members of a JSON object. */
final class DatasetMembers {

    private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d+), (\\d+)\\)");

    private DatasetMembers() {}

    static void write(JsonGenerator json, Dataset dataset) throws IOException {
        json.writeStringField("dataset", dataset.name());
        json.writeStringField("cadence", dataset.cadence().toString());
        writeSchema(json, dataset.schema());
    }

    static Dataset read(JsonTree json) {
        Schema schema = new Schema(
                json.texts("fields").stream().map(DatasetMembers::field).toList(),
                json.text("time"),
                json.texts("key"));
        return new Dataset(json.text("dataset"), schema, Cadence.parse(json.text("cadence")));
    }

    private static void writeSchema(JsonGenerator json, Schema schema) throws IOException {
        json.writeArrayFieldStart("fields");
        for (Field field : schema.fields()) {
            json.writeString(field.toString());
        }
        json.writeEndArray();
        json.writeStringField("time", schema.time());
        json.writeArrayFieldStart("key");
        for (String name : schema.key()) {
            json.writeString(name);
        }
        json.writeEndArray();
    }

    private static Field field(String text) {
        int blank = text.indexOf(' ');
        boolean nullable = text.endsWith("?");
        String type = text.substring(blank + 1, text.length() - (nullable ? 1 : 0));
        return new Field(text.substring(0, blank), type(type), nullable);
    }

    private static ColumnType type(String text) {
        Matcher decimal = DECIMAL.matcher(text);
        if (decimal.matches()) {
            return new ColumnType.Decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
        }
        return switch (text) {
            case "time" -> new ColumnType.Time();
            case "int64" -> new ColumnType.Int64();
            case "float64" -> new ColumnType.Float64();
            case "bool" -> new ColumnType.Bool();
            case "text" -> new ColumnType.Text();
            default -> throw new IllegalArgumentException("'" + text + "' is not a type of column");
        };
    }
}
