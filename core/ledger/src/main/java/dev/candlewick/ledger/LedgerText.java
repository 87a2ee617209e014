package dev.candlewick.ledger;

import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import java.io.IOException;
import java.time.DateTimeException;

/**
 * A {@link UnitRecord} as one line of JSON, for stores that keep their ledger in a table: the same text for equal records,
 * exact in every character.
 */
public final class LedgerText {

    /** What this version writes. A reader that finds a higher number must not guess. */
    public static final int FORMAT = 1;

    private LedgerText() {}

    /** The text of a record. */
    public static String render(UnitRecord unit) {
        return Rendering.object(json -> {
            json.writeNumberField("format", FORMAT);
            LedgerMembers.write(json, unit);
        });
    }

    /**
     * The record of a text.
     *
     * @param where what the text was read from, for messages: {@code ledger row 7 of postgres:…}
     * @throws Corrupt when the text is not one that {@link #render} wrote
     * @throws Refused when a later version of the library wrote it
     */
    public static UnitRecord parse(String text, String where) {
        try {
            JsonTree json = JsonTree.parse(text);
            long format = json.number("format");
            if (format > FORMAT) {
                throw new Refused(
                        "The " + where + " has format " + format + ", this version of Candlewick reads format " + FORMAT
                                + "; use the version that wrote it, or a later one");
            }
            return LedgerMembers.read(json);
        } catch (IOException | IllegalArgumentException | DateTimeException damaged) {
            throw new Corrupt(
                    "The " + where + " is damaged: " + damaged.getMessage() + "; what its unit holds is unknown",
                    damaged);
        }
    }
}
