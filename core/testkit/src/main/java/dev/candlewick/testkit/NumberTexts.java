package dev.candlewick.testkit;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeRange;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;

/**
 * Rows whose ids are whole numbers as text, in the two forms in which a {@link TextColumn} may hold them: what is done with
 * equal rows must be the same for both, and of numbers no object for each.
 */
public final class NumberTexts {

    /** A time, an id that every row has, and one that some lack. */
    public static final Series SERIES = new Series(
            Subject.parse("TEST:KIND:CODE"),
            new Dataset(
                    "ids",
                    new Schema(
                            List.of(
                                    Field.time("at"),
                                    Field.text("id"),
                                    Field.text("other").orNull()),
                            "at",
                            List.of("at", "id")),
                    Cadence.events()));

    private static final TimeRange DAY = TimeRange.day("2024-01-01");

    private NumberTexts() {}

    /** How the texts are held. */
    public enum Form {
        NUMBERS,
        DICTIONARY
    }

    /** Rows of 1 to 18 digits; for the same seed the same rows in either form. */
    public static Batch random(long seed, int rows, Form form) {
        Random random = new Random(seed);
        BatchBuilder builder = new BatchBuilder(SERIES, rows + 1);
        // One text that is no number makes a dictionary of them all; no row of those given refers to it.
        row(builder, 0, form == Form.NUMBERS ? "0" : "no number");
        for (int row = 1; row <= rows; row++) {
            row(builder, row, Long.toString(number(random)));
            if (random.nextInt(4) == 0) {
                builder.text(2).appendNull();
            } else {
                builder.text(2).append(Long.toString(number(random)));
            }
            builder.endRow();
        }
        return builder.build().slice(1, rows + 1);
    }

    private static void row(BatchBuilder builder, int row, String text) {
        builder.time(0).append(DAY.startMicros() + row);
        builder.text(1).append(text);
        if (row == 0) {
            builder.text(2).append(text);
            builder.endRow();
        }
    }

    private static long number(Random random) {
        long bound = 1;
        for (int digit = random.nextInt(TextColumn.MOST_DIGITS + 1); digit > 0; digit--) {
            bound *= 10;
        }
        return random.nextInt(8) == 0 ? bound - 1 : random.nextLong(bound);
    }

    /** How many bytes of objects this thread makes while it runs the task. */
    public static long allocated(Runnable task) {
        if (!(ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads)) {
            throw new UnsupportedOperationException("This Java platform does not count what a thread allocates");
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        task.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
