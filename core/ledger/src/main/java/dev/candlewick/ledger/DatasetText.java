package dev.candlewick.ledger;

import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import java.io.IOException;
import java.time.DateTimeException;

/** A dataset with its columns, key and cadence as one line of JSON, for stores that keep a catalog of what they hold. */
public final class DatasetText {

    private DatasetText() {}

    /** The text of a dataset. */
    public static String render(Dataset dataset) {
        return Rendering.object(json -> DatasetMembers.write(json, dataset));
    }

    /**
     * The dataset of a text.
     *
     * @param where what the text was read from, for messages
     * @throws Corrupt when the text is not one that {@link #render} wrote
     */
    public static Dataset parse(String text, String where) {
        try {
            return DatasetMembers.read(JsonTree.parse(text));
        } catch (IOException | IllegalArgumentException | DateTimeException damaged) {
            throw new Corrupt("The " + where + " is damaged: " + damaged.getMessage(), damaged);
        }
    }
}
