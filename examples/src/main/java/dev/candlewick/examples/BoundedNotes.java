package dev.candlewick.examples;

import java.util.Locale;
import java.util.function.Consumer;

/** Notes of a run as lines, all of them at first and one in a hundred later, so that a log of millions stays short. */
final class BoundedNotes implements Consumer<String> {

    private static final int ALL_UP_TO = 100;
    private static final int ONE_IN = 100;

    private final Console console;
    private int noted;

    BoundedNotes(Console console) {
        this.console = console;
    }

    @Override
    public synchronized void accept(String line) {
        noted++;
        if (noted <= ALL_UP_TO || line.startsWith("failed ")) {
            console.note(line);
        } else if (noted % ONE_IN == 0) {
            console.note(String.format(Locale.ROOT, "%,d files so far, now: %s", noted, line));
        }
    }
}
