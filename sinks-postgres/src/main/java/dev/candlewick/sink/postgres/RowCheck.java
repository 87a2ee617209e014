package dev.candlewick.sink.postgres;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.DecimalColumn;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import dev.candlewick.spi.RowFit;
import java.math.BigDecimal;
import java.math.RoundingMode;

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
        RowFit fit = new RowFit(Failures.shown(series), batch, rowsBefore);
        for (Column column : batch.columns()) {
            if (column instanceof TextColumn texts) {
                fit.requireCharactersWithoutNul(
                        texts,
                        ", which PostgreSQL cannot keep. Remove it at the source, or keep the series in another store");
            } else if (column instanceof TimeColumn times) {
                check(times, fit);
            }
        }
        for (TablePart part : tables.parts()) {
            for (TablePart.Stored stored : part.stored()) {
                stored.narrower().ifPresent(type -> {
                    DecimalColumn decimals = (DecimalColumn) batch.columns().get(stored.field());
                    check(decimals, type, part, fit);
                });
            }
        }
    }

    private static void check(TimeColumn times, RowFit fit) {
        for (int row = 0; row < times.size(); row++) {
            if (times.epochMicros(row) < Sql.FIRST_MICROS) {
                throw fit.refused(
                        row,
                        times,
                        "is " + times.text(row) + ", before the first time that"
                                + " PostgreSQL can keep (4714-11-24 BC)");
            }
        }
    }

    private static void check(DecimalColumn decimals, ColumnType.Decimal type, TablePart part, RowFit fit) {
        for (int row = 0; row < decimals.size(); row++) {
            if (!decimals.isNull(row) && !fits(decimals, row, type)) {
                throw fit.refused(
                        row,
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
}
