package dev.candlewick.sink.parquet;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.candlewick.MarketDataException;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.ledger.JsonTree;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.sink.parquet.objects.ObjectVersion;
import dev.candlewick.sink.parquet.objects.Precondition;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Per series one object that repeats the receipts of its units, by name and version. A reader that knows from a listing
 * which versions there are need not fetch their footers. A manifest can be lost, damaged, stale or overtaken: what it says
 * of another version than the one that is there is not used. Thread-safe.
 */
final class ObjectManifests {

    private static final System.Logger LOGGER = System.getLogger(ObjectManifests.class.getName());

    // Ten years of day units with receipts of a few KiB; one that is larger is no help.
    private static final int MOST_BYTES = 64 << 20;
    private static final int ATTEMPTS = 5;

    private final ObjectStorage storage;
    // What this store wrote, by series.
    private final Map<Series, Map<String, Line>> written = new ConcurrentHashMap<>();

    ObjectManifests(ObjectStorage storage) {
        this.storage = storage;
    }

    /** What a manifest says of an object. */
    record Line(String name, ObjectVersion version, String text) {

        /** The receipt, if it is one of the unit; what is not is read from the object itself, which says what is wrong. */
        Optional<Receipt> receipt(Series series, TimeRange unit, ObjectUnits units) {
            try {
                Receipt receipt = ReceiptReader.read(name, text.getBytes(StandardCharsets.UTF_8));
                return Optional.of(units.checked(receipt, series, unit));
            } catch (MarketDataException unusable) {
                return Optional.empty();
            }
        }
    }

    /** Remembers what was committed, for the manifest to come. */
    void committed(ObjectHead head, Receipt receipt) {
        Line line = line(head, receipt);
        written.computeIfAbsent(receipt.series(), unseen -> new ConcurrentHashMap<>())
                .put(line.name(), line);
    }

    boolean isEmpty() {
        return written.isEmpty();
    }

    /** The lines of the series' manifest by name; none when it cannot be used. */
    Map<String, Line> read(Series series) {
        Map<String, Line> lines = new HashMap<>();
        find(series).ifPresent(part -> lines.putAll(parsed(part)));
        lines.putAll(written.getOrDefault(series, Map.of()));
        return lines;
    }

    private Optional<ObjectPart> find(Series series) {
        return storage.readEnd(name(series), MOST_BYTES);
    }

    private static Map<String, Line> parsed(ObjectPart part) {
        Map<String, Line> lines = new HashMap<>();
        try {
            String text = new String(part.bytes(), StandardCharsets.UTF_8);
            if (part.offset() > 0 || !ReceiptText.isSound(text)) {
                throw new IllegalArgumentException("its checksum does not fit its text");
            }
            JsonTree json = JsonTree.parse(text);
            if (json.number("format") == ReceiptText.FORMAT) {
                for (JsonTree line : json.objects("objects")) {
                    lines.put(
                            line.text("name"),
                            new Line(line.text("name"), new ObjectVersion(line.text("version")), line.text("receipt")));
                }
            }
        } catch (IOException | IllegalArgumentException | DateTimeException damaged) {
            LOGGER.log(
                    System.Logger.Level.DEBUG,
                    "{0} is not used: {1}",
                    part.head().name(),
                    damaged.getMessage());
            return Map.of();
        }
        return lines;
    }

    /**
     * Writes the manifests of all series that this store has written. Where units of a series lie far apart, what the
     * manifest said before is not looked at again: a line about a version that is gone is never used.
     */
    void write(ObjectUnits units) {
        for (Series series : written.keySet()) {
            write(
                    series,
                    known -> units.isFarApart(series) ? List.copyOf(known.values()) : listed(series, known, units));
        }
    }

    /** Writes the manifest of a series: everything listed whose receipt is known, and that of whatever is not. */
    void write(Series series, ObjectUnits units) {
        write(series, known -> listed(series, known, units));
    }

    private static List<Line> listed(Series series, Map<String, Line> known, ObjectUnits units) {
        List<Line> lines = new ArrayList<>();
        List<ObjectUnits.UnitObject> objects = units.objects(series, UnitProof.EVERYTHING);
        units.known(series, objects, known).values().forEach(unit -> line(unit).ifPresent(lines::add));
        return lines;
    }

    private void write(Series series, Function<Map<String, Line>, List<Line>> content) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<ObjectPart> old = find(series);
            Map<String, Line> known = new HashMap<>();
            old.ifPresent(part -> known.putAll(parsed(part)));
            known.putAll(written.getOrDefault(series, Map.of()));
            List<Line> lines = content.apply(known);
            Precondition precondition = old.map(part -> part.head().version())
                    .map(Precondition::unchangedSince)
                    .orElseGet(Precondition::absent);
            byte[] text = render(series, lines);
            if (storage.write(name(series), ObjectBytes.of(text), precondition).isPresent()) {
                written.remove(series);
                return;
            }
        }
        LOGGER.log(System.Logger.Level.DEBUG, "Others keep writing the manifest of {0}; it stays theirs", series);
    }

    private static Optional<Line> line(KnownUnit unit) {
        return unit.receipt().flatMap(receipt -> unit.head().map(head -> line(head, receipt)));
    }

    private static Line line(ObjectHead head, Receipt receipt) {
        return new Line(head.name(), head.version(), new String(ReceiptText.render(receipt), StandardCharsets.UTF_8));
    }

    private static byte[] render(Series series, List<Line> lines) {
        StringWriter text = new StringWriter(4_096);
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        try (JsonGenerator json = ReceiptText.JSON.createGenerator(text)) {
            json.setPrettyPrinter(printer);
            json.writeStartObject();
            json.writeNumberField("format", ReceiptText.FORMAT);
            json.writeStringField("series", series.toString());
            json.writeArrayFieldStart("objects");
            for (Line line : lines) {
                json.writeStartObject();
                json.writeStringField("name", line.name());
                json.writeStringField("version", line.version().text());
                json.writeStringField("receipt", line.text());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("A string takes any text", impossible);
        }
        return ReceiptText.sealed(text.toString()).getBytes(StandardCharsets.UTF_8);
    }

    private static String name(Series series) {
        return ObjectParts.OWN + "manifests/"
                + HiveLayout.directory(series).toString().replace('\\', '/') + ".json";
    }
}
