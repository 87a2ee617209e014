package dev.candlewick.spi;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.Refused;
import dev.candlewick.TextColumn;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * Whether a store can keep the values of a batch exactly, asked before anything is sent; every store refuses a row in the
 * same words. For one thread.
 */
public final class RowFit {

    private final String series;
    private final Batch batch;
    private final long rowsBefore;

    /**
     * Asks about one batch.
     *
     * @param series as messages show it
     * @param rowsBefore how many rows came before, to name the row
     */
    public RowFit(String series, Batch batch, long rowsBefore) {
        this.series = series;
        this.batch = batch;
        this.rowsBefore = rowsBefore;
    }

    /**
     * Refuses the first text with half a surrogate pair, which is no character and has no UTF-8.
     *
     * @param consequence goes on after "holds half a surrogate pair", for example ", which X cannot keep"
     */
    public void requireCharacters(TextColumn texts, String consequence) {
        require(texts, RowFit::isWellFormed, consequence);
    }

    /** As {@link #requireCharacters}, and refuses U+0000, which is a character and yet too much for some stores. */
    public void requireCharactersWithoutNul(TextColumn texts, String consequence) {
        require(texts, text -> text.indexOf('\0') < 0 && isWellFormed(text), consequence);
    }

    // Rows share texts, so it is the distinct ones that are looked at, and the rows only when one of them is bad.
    // Digits
    // are always fit.
    private void require(TextColumn texts, Predicate<String> fits, String consequence) {
        if (texts.isNumeric()) {
            return;
        }
        List<String> dictionary = texts.dictionary();
        BitSet bad = new BitSet();
        for (int code = 0; code < dictionary.size(); code++) {
            bad.set(code, !fits.test(dictionary.get(code)));
        }
        for (int row = 0; !bad.isEmpty() && row < texts.size(); row++) {
            if (!texts.isNull(row) && bad.get(texts.code(row))) {
                boolean wellFormed = isWellFormed(texts.value(row));
                throw refused(row, texts, (wellFormed ? "holds U+0000" : "holds half a surrogate pair") + consequence);
            }
        }
    }

    /** Whether every half of a surrogate pair has its other half. */
    public static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The refusal of a row, to be thrown.
     *
     * @param what what is wrong with its value in that column, after the column's name
     */
    public Refused refused(int row, Column column, String what) {
        return new Refused("Row " + (rowsBefore + row) + " of " + series + " ("
                + batch.times().name() + " " + batch.times().text(row) + ") cannot be stored: column '" + column.name()
                + "' " + what + ". Nothing was written");
    }
}
