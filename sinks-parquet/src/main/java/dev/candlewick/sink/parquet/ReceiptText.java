package dev.candlewick.sink.parquet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.candlewick.Answer;
import dev.candlewick.Field;
import dev.candlewick.Gap;
import dev.candlewick.LedgerEntry;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Schema;
import dev.candlewick.TimeRange;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The text of receipts: JSON, one member per line, the same text for equal receipts, closed by a checksum over everything
 * before it.
 */
final class ReceiptText {

    /** What this version writes; a reader that finds a higher number must not guess. */
    static final int FORMAT = 1;

    static final JsonFactory JSON = new JsonFactory();

    private static final String CHECK = ",\n  \"check\" : \"";

    private ReceiptText() {}

    static byte[] render(Receipt receipt) {
        return sealed(body(receipt)).getBytes(StandardCharsets.UTF_8);
    }

    /** The body with its checksum as last member. */
    private static String sealed(String body) {
        String open = body.substring(0, body.length() - "\n}".length());
        return open + CHECK + checksum(open) + "\"\n}\n";
    }

    /** Whether the checksum at the end of the text is that of the text before. */
    static boolean isSound(String text) {
        int at = text.lastIndexOf(CHECK);
        return at > 0 && text.equals(sealed(text.substring(0, at) + "\n}"));
    }

    private static String checksum(String text) {
        return HexFormat.of().formatHex(DurableFiles.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String body(Receipt receipt) {
        StringWriter text = new StringWriter(2_048);
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.setPrettyPrinter(printer);
            write(json, receipt);
        } catch (IOException impossible) {
            throw new UncheckedIOException("A string takes any text", impossible);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Receipt receipt) throws IOException {
        LedgerEntry entry = receipt.entry();
        json.writeStartObject();
        json.writeNumberField("format", FORMAT);
        json.writeStringField("series", entry.series().toString());
        json.writeStringField("subject", entry.series().subject().toString());
        json.writeStringField("dataset", entry.series().dataset().name());
        json.writeStringField("cadence", entry.series().cadence().toString());
        json.writeStringField("unit", entry.unit().toString());
        json.writeNumberField("revision", entry.revision());
        json.writeNumberField("rows", entry.rows());
        json.writeStringField("contentHash", entry.contentHash());
        json.writeStringField("file", receipt.data().path());
        json.writeStringField("staged", receipt.data().staged());
        json.writeNumberField("bytes", receipt.data().bytes());
        json.writeStringField("sha256", receipt.data().sha256());
        writeSchema(json, entry.series().schema());
        json.writeArrayFieldStart("present");
        for (TimeRange range : entry.present()) {
            json.writeString(range.toString());
        }
        json.writeEndArray();
        writeWrites(json, receipt.writes());
        writeGaps(json, entry);
        writeAnswers(json, entry);
        writeQuarantined(json, entry);
        json.writeStringField("committedAt", entry.committedAt().toString());
        json.writeStringField("writtenBy", entry.writtenBy());
        json.writeEndObject();
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

    private static void writeWrites(JsonGenerator json, Writes writes) throws IOException {
        json.writeArrayFieldStart("writes");
        for (Writes.Stretch stretch : writes.stretches()) {
            json.writeStartObject();
            json.writeStringField("range", stretch.range().toString());
            json.writeNumberField("revision", stretch.revision());
            json.writeStringField("at", stretch.at().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeGaps(JsonGenerator json, LedgerEntry entry) throws IOException {
        json.writeArrayFieldStart("gaps");
        for (Gap gap : entry.gaps()) {
            json.writeStartObject();
            json.writeStringField("range", gap.range().toString());
            json.writeStringField("reason", gap.reason().toString());
            json.writeStringField("evidence", gap.evidence());
            json.writeStringField("provenAt", gap.provenAt().toString());
            json.writeStringField("recheckAt", gap.recheckAt().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeAnswers(JsonGenerator json, LedgerEntry entry) throws IOException {
        json.writeArrayFieldStart("answers");
        for (Answer answer : entry.answers()) {
            json.writeStartObject();
            json.writeStringField("range", answer.range().toString());
            json.writeStringField("route", answer.route());
            json.writeStringField("request", answer.request());
            json.writeNumberField("status", answer.status());
            json.writeStringField("checksum", answer.checksum());
            json.writeStringField("version", answer.version());
            json.writeNumberField("rows", answer.rows());
            json.writeStringField("at", answer.at().toString());
            json.writeStringField("note", answer.note());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeQuarantined(JsonGenerator json, LedgerEntry entry) throws IOException {
        json.writeArrayFieldStart("quarantined");
        for (QuarantinedRow row : entry.quarantined()) {
            json.writeStartObject();
            json.writeStringField("file", row.file());
            json.writeNumberField("line", row.line());
            json.writeStringField("column", row.column());
            json.writeStringField("reason", row.reason());
            json.writeStringField("text", row.text());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
