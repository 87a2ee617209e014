package dev.candlewick.sink.parquet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.candlewick.ledger.LedgerMembers;
import dev.candlewick.ledger.UnitRecord;
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
    static String sealed(String body) {
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
        json.writeStartObject();
        json.writeNumberField("format", FORMAT);
        json.writeStringField("file", receipt.data().path());
        json.writeStringField("staged", receipt.data().staged());
        json.writeNumberField("bytes", receipt.data().bytes());
        json.writeStringField("sha256", receipt.data().sha256());
        LedgerMembers.write(json, new UnitRecord(receipt.entry(), receipt.writes()));
        json.writeEndObject();
    }
}
