package dev.candlewick.ledger;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.candlewick.Answer;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.spi.Writes;
import java.io.IOException;
import java.time.Instant;

/** A {@link UnitRecord} as members of a JSON object that may have others, in an order that never changes. */
public final class LedgerMembers {

    private LedgerMembers() {}

    /** Writes the members into the object that is open. */
    public static void write(JsonGenerator json, UnitRecord unit) throws IOException {
        LedgerEntry entry = unit.entry();
        json.writeStringField("series", entry.series().toString());
        json.writeStringField("subject", entry.series().subject().toString());
        DatasetMembers.write(json, entry.series().dataset());
        json.writeStringField("unit", entry.unit().toString());
        json.writeNumberField("revision", entry.revision());
        json.writeNumberField("rows", entry.rows());
        json.writeStringField("contentHash", entry.contentHash());
        json.writeArrayFieldStart("present");
        for (TimeRange range : entry.present()) {
            json.writeString(range.toString());
        }
        json.writeEndArray();
        writeWrites(json, unit.writes());
        writeGaps(json, entry);
        writeAnswers(json, entry);
        writeQuarantined(json, entry);
        json.writeStringField("committedAt", entry.committedAt().toString());
        json.writeStringField("writtenBy", entry.writtenBy());
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException or {@link java.time.DateTimeException} when a member is missing or makes no sense
     */
    public static UnitRecord read(JsonTree json) {
        LedgerEntry entry = new LedgerEntry(
                new Series(Subject.parse(json.text("subject")), DatasetMembers.read(json)),
                TimeRange.parse(json.text("unit")),
                json.number("revision"),
                TimeRanges.of(
                        json.texts("present").stream().map(TimeRange::parse).toList()),
                json.objects("gaps").stream().map(LedgerMembers::gap).toList(),
                json.number("rows"),
                json.text("contentHash"),
                json.objects("answers").stream().map(LedgerMembers::answer).toList(),
                json.objects("quarantined").stream()
                        .map(LedgerMembers::quarantined)
                        .toList(),
                Instant.parse(json.text("committedAt")),
                json.text("writtenBy"));
        return new UnitRecord(
                entry,
                new Writes(json.objects("writes").stream()
                        .map(LedgerMembers::stretch)
                        .toList()));
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

    private static Writes.Stretch stretch(JsonTree json) {
        return new Writes.Stretch(
                TimeRange.parse(json.text("range")), json.number("revision"), Instant.parse(json.text("at")));
    }

    private static Gap gap(JsonTree json) {
        return new Gap(
                TimeRange.parse(json.text("range")),
                GapReason.parse(json.text("reason")),
                json.text("evidence"),
                Instant.parse(json.text("provenAt")),
                Instant.parse(json.text("recheckAt")));
    }

    private static Answer answer(JsonTree json) {
        return new Answer(
                TimeRange.parse(json.text("range")),
                json.text("route"),
                json.text("request"),
                Math.toIntExact(json.number("status")),
                json.text("checksum"),
                json.text("version"),
                json.number("rows"),
                Instant.parse(json.text("at")),
                json.text("note"));
    }

    private static QuarantinedRow quarantined(JsonTree json) {
        return new QuarantinedRow(
                json.text("file"), json.number("line"), json.text("column"), json.text("reason"), json.text("text"));
    }
}
