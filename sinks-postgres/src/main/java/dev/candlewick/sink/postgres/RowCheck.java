package dev.candlewick.sink.postgres;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.DecimalColumn;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.BitSet;
import java.util.List;

/**
 * Finds what the server could not keep exactly, before anything is sent to it: texts with U+0000 or half a surrogate pair,
 * times before 4714 BC, decimals beyond a narrower column.
 */
final class RowCheck {

    private final Series series;
    private final RowTables tables;

    RowCheck(Series series, RowTables tables) {
        this.series = series;
        this.tables = tables;
    }

    /**
     * Accepts the batch or refuses it.
     *
     * @param rowsBefore how many rows came before, to name the row
     * @throws Refused naming row, column, time and value
     */
    void accept(Batch batch, long rowsBefore) {
        for (Column column : batch.columns()) {
            if (column instanceof TextColumn texts) {
                check(batch, texts, rowsBefore);
            } else if (column instanceof TimeColumn times) {
                check(batch, times, rowsBefore);
            }
        }
        for (TablePart part : tables.parts()) {
            for (TablePart.Stored stored : part.stored()) {
                stored.narrower().ifPresent(type -> {
                    DecimalColumn decimals = (DecimalColumn) batch.columns().get(stored.field());
                    check(batch, decimals, type, part, rowsBefore);
                });
            }
        }
    }

    // Rows share texts, so it is the distinct ones that are looked at, and the rows only when one of them is bad.
    private void check(Batch batch, TextColumn texts, long rowsBefore) {
        List<String> dictionary = texts.dictionary();
        BitSet bad = new BitSet();
        for (int code = 0; code < dictionary.size(); code++) {
            if (!isStorable(dictionary.get(code))) {
                bad.set(code);
            }
        }
        for (int row = 0; !bad.isEmpty() && row < texts.size(); row++) {
            if (!texts.isNull(row) && bad.get(texts.code(row))) {
                boolean nul = texts.value(row).indexOf('\0') >= 0;
                throw refused(
                        batch,
                        row,
                        rowsBefore,
                        texts,
                        (nul ? "holds U+0000" : "holds half a surrogate pair")
                                + ", which PostgreSQL cannot keep. Remove it at the source, or keep the series in another store");
            }
        }
    }

    private static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private void check(Batch batch, TimeColumn times, long rowsBefore) {
        for (int row = 0; row < times.size(); row++) {
            if (times.epochMicros(row) < Sql.FIRST_MICROS) {
                throw refused(
                        batch,
                        row,
                        rowsBefore,
                        times,
                        "is " + times.text(row) + ", before the first time that"
                                + " PostgreSQL can keep (4714-11-24 BC)");
            }
        }
    }

    private void check(Batch batch, DecimalColumn decimals, ColumnType.Decimal type, TablePart part, long rowsBefore) {
        for (int row = 0; row < decimals.size(); row++) {
            if (!decimals.isNull(row) && !fits(decimals, row, type)) {
                throw refused(
                        batch,
                        row,
                        rowsBefore,
                        decimals,
                        "is " + decimals.text(row) + ", which does not fit NUMERIC(" + type.precision() + ", "
                                + type.scale() + ") of " + part.name()
                                + ". Widen that column, or use a layout with a wider one");
            }
        }
    }

    private static boolean fits(DecimalColumn decimals, int row, ColumnType.Decimal type) {
        BigDecimal value = decimals.get(row).stripTrailingZeros();
        return value.scale() <= type.scale()
                && value.setScale(type.scale(), RoundingMode.UNNECESSARY).precision() <= type.precision();
    }

    private Refused refused(Batch batch, int row, long rowsBefore, Column column, String what) {
        return new Refused("Row " + (rowsBefore + row) + " of " + Failures.shown(series) + " ("
                + batch.times().name() + " "
                + batch.times().text(row) + ") cannot be stored: column '" + column.name() + "' " + what
                + ". Nothing was written");
    }
}
