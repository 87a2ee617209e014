package dev.candlewick.sink.bigquery;

import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.ledger.DatasetText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** What a table holds, as the text of its description: of which BigQuery takes 16,384 characters. */
final class Description {

    private static final String BEGIN = "Candlewick: ";
    private static final String PACKED = "Candlewick (gzip): ";
    private static final int MOST_PLAIN = 12_000;

    private Description() {}

    static String of(Dataset dataset) {
        String text = DatasetText.render(dataset);
        return text.length() <= MOST_PLAIN ? BEGIN + text : PACKED + packed(text);
    }

    static boolean isOurs(String description) {
        return description.startsWith(BEGIN) || description.startsWith(PACKED);
    }

    /** The dataset; empty when the description is not of this kind. */
    static Optional<Dataset> read(String description, String place) {
        if (description.startsWith(BEGIN)) {
            return Optional.of(DatasetText.parse(description.substring(BEGIN.length()), place));
        } else if (description.startsWith(PACKED)) {
            return Optional.of(DatasetText.parse(unpacked(description.substring(PACKED.length()), place), place));
        }
        return Optional.empty();
    }

    private static String packed(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream packing = new GZIPOutputStream(bytes)) {
            packing.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException("Memory takes any bytes", impossible);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static String unpacked(String text, String place) {
        try (GZIPInputStream unpacking =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
            return new String(unpacking.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException | IllegalArgumentException damaged) {
            throw new Corrupt("The " + place + " is damaged: " + damaged.getMessage(), damaged);
        }
    }
}
