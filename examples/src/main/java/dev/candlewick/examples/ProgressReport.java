package dev.candlewick.examples;

import dev.candlewick.BackfillListener;
import dev.candlewick.BackfillPlan;
import dev.candlewick.FailedUnit;
import dev.candlewick.PlannedUnit;
import dev.candlewick.Progress;
import dev.candlewick.WriteResult;
import java.io.PrintStream;
import java.util.Locale;

/** Tells on standard error how a backfill goes: a bar that redraws itself on a terminal, a line per unit elsewhere. */
abstract class ProgressReport implements BackfillListener {

    private ProgressReport() {}

    /** The kind that suits where standard error goes. */
    static ProgressReport on(Console console) {
        return on(console, "Fetching");
    }

    /** As {@link #on(Console)}, of a copy. */
    static ProgressReport ofCopy(Console console) {
        return on(console, "Copying");
    }

    /** As {@link #on(Console)}, as far as the log level lets it. */
    static ProgressReport on(Console console, LogLevel level) {
        return level.tells(LogLevel.INFO)
                ? on(console)
                : level.tells(LogLevel.WARNING) ? new Failures(console.err()) : new Silence();
    }

    private static ProgressReport on(Console console, String doing) {
        return console.terminal().shows(Terminal.Stream.ERROR)
                ? new Bar(console.err(), console.terminal().columns())
                : new Lines(console.err(), doing);
    }

    /** Takes away what is drawn, before something else is printed. */
    void clear() {}

    private static String text(PlannedUnit unit, RuntimeException cause) {
        return TerminalText.lines(TerminalText.withoutSecrets(new FailedUnit(unit, cause).toString()));
    }

    /** Nothing: what failed is told at the end. */
    private static final class Silence extends ProgressReport {}

    /** A line for every unit that failed. */
    private static final class Failures extends ProgressReport {

        private final PrintStream err;

        Failures(PrintStream err) {
            this.err = err;
        }

        @Override
        public void failed(PlannedUnit unit, RuntimeException cause, Progress progress) {
            err.println("failed " + text(unit, cause));
        }
    }

    /** One line for every unit, for logs. */
    private static final class Lines extends ProgressReport {

        private final PrintStream err;
        private final String doing;

        Lines(PrintStream err, String doing) {
            this.err = err;
            this.doing = doing;
        }

        @Override
        public void planned(BackfillPlan plan) {
            if (!plan.isEmpty()) {
                int units = plan.units().size();
                err.println(String.format(
                        Locale.ROOT, "%s %,d %s, plan %s", doing, units, units == 1 ? "unit" : "units", plan.hash()));
            }
        }

        @Override
        public void committed(PlannedUnit unit, WriteResult result, Progress progress) {
            err.println(progress + ": committed " + unit.series() + " " + unit.label() + ", " + result);
        }

        @Override
        public void failed(PlannedUnit unit, RuntimeException cause, Progress progress) {
            err.println(progress + ": failed " + text(unit, cause));
        }
    }

    /** A bar in the last line of the terminal; failures scroll by above it. */
    private static final class Bar extends ProgressReport {

        private static final String CLEAR_LINE = "\r\u001b[K";
        private static final int WIDEST_BAR = 32;
        // Eighths of a character cell, from one to seven.
        private static final String PARTS = "▏▎▍▌▋▊▉";

        private final PrintStream err;
        private final int columns;
        private int shownPerMille = -1;

        Bar(PrintStream err, int columns) {
            this.err = err;
            this.columns = columns;
        }

        @Override
        public void rows(PlannedUnit unit, Progress progress) {
            int perMille = (int) (progress.fraction() * 1_000);
            if (perMille != shownPerMille) {
                shownPerMille = perMille;
                show(progress);
            }
        }

        @Override
        public void committed(PlannedUnit unit, WriteResult result, Progress progress) {
            show(progress);
        }

        @Override
        public void failed(PlannedUnit unit, RuntimeException cause, Progress progress) {
            err.print(CLEAR_LINE);
            err.println("failed " + text(unit, cause));
            show(progress);
        }

        @Override
        void clear() {
            err.print(CLEAR_LINE);
            err.flush();
        }

        private void show(Progress progress) {
            String text = String.format(Locale.ROOT, " %3.0f%%  %s", Math.floor(progress.fraction() * 100), progress);
            int width = Math.max(0, Math.min(WIDEST_BAR, columns - 1 - text.length()));
            String line = bar(progress.fraction(), width) + text;
            err.print(CLEAR_LINE + line.substring(0, Math.min(line.length(), columns - 1)));
            err.flush();
        }

        private static String bar(double fraction, int width) {
            int eighths = (int) (fraction * width * 8);
            StringBuilder bar = new StringBuilder("█".repeat(eighths / 8));
            if (eighths % 8 > 0) {
                bar.append(PARTS.charAt(eighths % 8 - 1));
            }
            return bar.append("░".repeat(width - bar.length())).toString();
        }
    }
}
