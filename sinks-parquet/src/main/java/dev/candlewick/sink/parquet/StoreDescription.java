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

    /**
     * The layout that a store was begun with; for one that is not begun yet the one to begin with.
     *
     * @throws Refused when another is required than it was begun with, or a version began it that does things differently
     */
    static Layout layout(StoreRoot root, LayoutChoice choice) {
        Path file = root.description();
        byte[] text;
        try {
            text = Files.readAllBytes(file);
        } catch (NoSuchFileException notBegun) {
            return choice.initial();
        } catch (IOException unreadable) {
            throw damaged(file.toString(), choice, unreadable);
        }
        return layout(text, file.toString(), root.path().toString(), choice);
    }

    /**
     * As {@link #layout(StoreRoot, LayoutChoice)}, of a store that was begun.
     *
     * @param file the text's place, for messages
     * @param store the store's name, for messages
     */
    static Layout layout(byte[] text, String file, String store, LayoutChoice choice) {
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
            throw damaged(file, choice, damaged);
        }
        if (format > ReceiptText.FORMAT) {
            throw new Refused("The store at " + store + " has format " + format + "; this version of Candlewick knows "
                    + ReceiptText.FORMAT + ". Use a later version");
        }
        if (choice.required().isPresent()) {
            if (!name.equals(choice.required().get().name())) {
                throw new Refused("The store at " + store + " has the layout '" + name + "', not '"
                        + choice.required().get().name() + "'; open it with that one, or give another place");
            }
            return choice.required().get();
        }
        try {
            return Layout.named(name);
        } catch (IllegalArgumentException ofItsOwn) {
            throw new Refused(
                    "The store at " + store + " has the layout '" + name
                            + "', which is none that ships with Candlewick; open it with that one",
                    ofItsOwn);
        }
    }

    private static Corrupt damaged(String file, LayoutChoice choice, IOException cause) {
        return new Corrupt(
                "The description of the store, " + file + ", cannot be read: " + Storage.message(cause)
                        + ". Delete it if the store was written with the layout '"
                        + choice.initial().name() + "'",
                cause);
    }
}
