package dev.candlewick.sink.parquet;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The small file that says with which layout a store was begun. */
final class StoreDescription {

    private StoreDescription() {}

    static byte[] render(Layout layout) {
        return ("{\n  \"store\" : \"candlewick-parquet\",\n  \"format\" : " + ReceiptText.FORMAT
                        + ",\n  \"layout\" : \"" + layout.name() + "\"\n}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Refuses a store that was begun with another layout or by a version that does things differently. */
    static void check(StoreRoot root, Layout layout) {
        Path file = root.description();
        byte[] text;
        try {
            text = Files.readAllBytes(file);
        } catch (NoSuchFileException notBegun) {
            return;
        } catch (IOException unreadable) {
            throw damaged(file.toString(), layout, unreadable);
        }
        check(text, file.toString(), root.path().toString(), layout);
    }

    /**
     * As {@link #check(StoreRoot, Layout)}.
     *
     * @param file the text's place, for messages
     * @param store the store's name, for messages
     */
    static void check(byte[] text, String file, String store, Layout layout) {
        long format = 0;
        String name = "";
        try (JsonParser json = ReceiptText.JSON.createParser(text)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_NUMBER_INT && "format".equals(json.currentName())) {
                    format = json.getLongValue();
                } else if (json.currentToken() == JsonToken.VALUE_STRING && "layout".equals(json.currentName())) {
                    name = json.getText();
                }
            }
        } catch (IOException damaged) {
            throw damaged(file, layout, damaged);
        }
        if (format > ReceiptText.FORMAT) {
            throw new Refused("The store at " + store + " has format " + format + "; this version of Candlewick knows "
                    + ReceiptText.FORMAT + ". Use a later version");
        }
        if (!name.equals(layout.name())) {
            throw new Refused("The store at " + store + " has the layout '" + name + "', not '" + layout.name()
                    + "'; open it with that one, or give another place");
        }
    }

    private static Corrupt damaged(String file, Layout layout, IOException cause) {
        return new Corrupt(
                "The description of the store, " + file + ", cannot be read: " + Storage.message(cause)
                        + ". Delete it if the store was written with the layout '" + layout.name() + "'",
                cause);
    }
}
