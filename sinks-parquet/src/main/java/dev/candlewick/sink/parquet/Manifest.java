package dev.candlewick.sink.parquet;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The summary of all receipts as JSON: equal receipts give equal text, so a lost manifest comes back as it was. */
final class Manifest {

    private Manifest() {}

    static byte[] render(StoreParts store) throws IOException {
        StringWriter text = new StringWriter();
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        try (JsonGenerator json = ReceiptText.JSON.createGenerator(text)) {
            json.setPrettyPrinter(
                    new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines));
            json.writeStartObject();
            json.writeNumberField("format", ReceiptText.FORMAT);
            json.writeStringField("layout", store.layout().name());
            json.writeArrayFieldStart("series");
            for (Series series : store.receipts().series()) {
                write(json, store, series);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void write(JsonGenerator json, StoreParts store, Series series) throws IOException {
        json.writeStartObject();
        json.writeStringField("series", series.toString());
        json.writeArrayFieldStart("columns");
        for (String name : series.schema().names()) {
            json.writeString(name);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("units");
        String last = "";
        long rows = 0;
        List<String> damaged = new ArrayList<>();
        for (TimeRange unit : store.receipts().units(series)) {
            for (Receipt receipt : readable(store, series, unit, damaged)) {
                LedgerEntry entry = receipt.entry();
                List<TimeRange> present = entry.present().asList();
                json.writeStartObject();
                json.writeStringField("unit", series.cadence().unit().label(unit));
                json.writeNumberField("revision", entry.revision());
                json.writeNumberField("rows", entry.rows());
                json.writeNumberField("gaps", entry.gaps().size());
                json.writeStringField("file", receipt.data().path());
                json.writeNumberField("bytes", receipt.data().bytes());
                json.writeStringField("sha256", receipt.data().sha256());
                json.writeStringField("contentHash", entry.contentHash());
                json.writeStringField("committedAt", entry.committedAt().toString());
                json.writeEndObject();
                rows += entry.rows();
                last = present.isEmpty()
                        ? last
                        : present.get(present.size() - 1).end().toString();
            }
        }
        json.writeEndArray();
        if (!damaged.isEmpty()) {
            json.writeArrayFieldStart("damaged");
            for (String receipt : damaged) {
                json.writeString(receipt);
            }
            json.writeEndArray();
        }
        json.writeNumberField("rows", rows);
        json.writeStringField("presentUntil", last);
        json.writeEndObject();
    }

    private static List<Receipt> readable(StoreParts store, Series series, TimeRange unit, List<String> damaged) {
        try {
            return store.receipts().find(series, unit).stream().toList();
        } catch (Corrupt unreadable) {
            damaged.add(store.root().relative(store.receipts().file(series, unit)));
            return List.of();
        }
    }
}
