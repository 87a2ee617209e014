package dev.candlewick.sink.parquet;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.candlewick.Answer;
import dev.candlewick.Cadence;
import dev.candlewick.ColumnType;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Interval;
import dev.candlewick.LedgerEntry;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@link ReceiptText} writes, and trusts nothing: a receipt that is not exactly that is {@link Corrupt}. */
final class ReceiptReader {

    private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d+), (\\d+)\\)");

    private final Path file;
    private final Map<String, Object> members;

    private ReceiptReader(Path file, Map<String, Object> members) {
        this.file = file;
        this.members = members;
    }

    /**
     * The receipt in the bytes of a file.
     *
     * @throws Corrupt when they are damaged
     * @throws Refused when a later version of the library wrote them
     */
    static Receipt read(Path file, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (!ReceiptText.isSound(text)) {
                throw new IllegalArgumentException(
                        bytes.length == 0 ? "the file is empty" : "its checksum does not fit its text");
            }
            return new ReceiptReader(file, object(text)).receipt();
        } catch (CharacterCodingException
                | IllegalArgumentException
                | ClassCastException
                | java.time.DateTimeException damaged) {
            throw corrupt(file, damaged);
        } catch (IOException damaged) {
            throw corrupt(file, damaged);
        }
    }

    private static Corrupt corrupt(Path file, Exception cause) {
        return new Corrupt(
                "The receipt " + file + " is damaged: " + cause.getMessage()
                        + "; what its unit holds is unknown. 'candlewick verify --repair' sets it aside, and the next"
                        + " backfill fetches the unit again",
                cause);
    }

    private static Map<String, Object> object(String text) throws IOException {
        try (JsonParser json = ReceiptText.JSON.createParser(text)) {
            json.nextToken();
            return object(json);
        }
    }

    private static Map<String, Object> object(JsonParser json) throws IOException {
        Map<String, Object> members = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            members.put(name, value(json));
        }
        return members;
    }

    private static Object value(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_ARRAY) {
            List<Object> elements = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(json));
            }
            return elements;
        } else if (token == JsonToken.START_OBJECT) {
            return object(json);
        } else if (token == JsonToken.VALUE_NUMBER_INT) {
            return json.getLongValue();
        }
        return json.getText();
    }

    private Receipt receipt() {
        long format = number(members, "format");
        if (format != ReceiptText.FORMAT) {
            throw new Refused(
                    "The receipt " + file + " has format " + format + ", this version of Candlewick reads format "
                            + ReceiptText.FORMAT + "; use the version that wrote the store, " + members.get("writtenBy")
                            + ", or a later one");
        }
        Series series = new Series(
                Subject.parse(text(members, "subject")),
                new Dataset(text(members, "dataset"), schema(), cadence(text(members, "cadence"))));
        LedgerEntry entry = new LedgerEntry(
                series,
                TimeRange.parse(text(members, "unit")),
                number(members, "revision"),
                TimeRanges.of(texts("present").stream().map(TimeRange::parse).toList()),
                objects("gaps").stream().map(ReceiptReader::gap).toList(),
                number(members, "rows"),
                text(members, "contentHash"),
                objects("answers").stream().map(ReceiptReader::answer).toList(),
                objects("quarantined").stream().map(ReceiptReader::quarantined).toList(),
                Instant.parse(text(members, "committedAt")),
                text(members, "writtenBy"));
        return new Receipt(
                entry,
                new DataFile(
                        text(members, "file"),
                        text(members, "staged"),
                        number(members, "bytes"),
                        text(members, "sha256")),
                new Writes(
                        objects("writes").stream().map(ReceiptReader::stretch).toList()));
    }

    private Schema schema() {
        return new Schema(
                texts("fields").stream().map(ReceiptReader::field).toList(), text(members, "time"), texts("key"));
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

    private static Cadence cadence(String text) {
        if (text.equals("events")) {
            return Cadence.events();
        }
        int at = text.indexOf('@');
        return at < 0
                ? Cadence.every(Interval.parse(text))
                : Cadence.every(Interval.parse(text.substring(0, at)), ZoneId.of(text.substring(at + 1)));
    }

    private static Writes.Stretch stretch(Map<String, Object> json) {
        return new Writes.Stretch(
                TimeRange.parse(text(json, "range")), number(json, "revision"), Instant.parse(text(json, "at")));
    }

    private static Gap gap(Map<String, Object> json) {
        return new Gap(
                TimeRange.parse(text(json, "range")),
                GapReason.parse(text(json, "reason")),
                text(json, "evidence"),
                Instant.parse(text(json, "provenAt")),
                Instant.parse(text(json, "recheckAt")));
    }

    private static Answer answer(Map<String, Object> json) {
        return new Answer(
                TimeRange.parse(text(json, "range")),
                text(json, "route"),
                text(json, "request"),
                Math.toIntExact(number(json, "status")),
                text(json, "checksum"),
                text(json, "version"),
                number(json, "rows"),
                Instant.parse(text(json, "at")),
                text(json, "note"));
    }

    private static QuarantinedRow quarantined(Map<String, Object> json) {
        return new QuarantinedRow(
                text(json, "file"),
                number(json, "line"),
                text(json, "column"),
                text(json, "reason"),
                text(json, "text"));
    }

    private static String text(Map<String, Object> json, String name) {
        if (json.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("it has no text '" + name + "'");
    }

    private static long number(Map<String, Object> json, String name) {
        if (json.get(name) instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("it has no number '" + name + "'");
    }

    private List<String> texts(String name) {
        return elements(name).stream().map(String.class::cast).toList();
    }

    @SuppressWarnings("unchecked") // object(JsonParser) makes nothing else
    private List<Map<String, Object>> objects(String name) {
        return elements(name).stream()
                .map(element -> (Map<String, Object>) element)
                .toList();
    }

    private List<?> elements(String name) {
        if (members.get(name) instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("it has no list '" + name + "'");
    }
}
