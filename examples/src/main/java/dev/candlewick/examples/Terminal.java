package dev.candlewick.examples;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which of the process's streams a person looks at, and how wide the window is. The launcher asks the shell and says so in
 * the system properties {@code candlewick.terminals} (some of {@code 012}) and {@code candlewick.columns}, because Java
 * itself cannot tell the streams apart.
 *
 * @param interactive the streams that are a terminal
 * @param columns characters in a line
 */
record Terminal(Set<Stream> interactive, int columns) {

    private static final int USUAL_COLUMNS = 80;

    /** The process's three streams. */
    enum Stream {
        /** Standard input. */
        IN('0'),
        /** Standard output. */
        OUT('1'),
        /** Standard error. */
        ERROR('2');

        private final char descriptor;

        Stream(char descriptor) {
            this.descriptor = descriptor;
        }
    }

    Terminal {
        interactive = Set.copyOf(interactive);
    }

    /** Nobody looks: plain text, 80 columns. */
    static Terminal none() {
        return new Terminal(Set.of(), USUAL_COLUMNS);
    }

    /** What the launcher found out. */
    static Terminal fromProperties() {
        String descriptors = System.getProperty("candlewick.terminals", "");
        Set<Stream> interactive = EnumSet.noneOf(Stream.class);
        for (Stream stream : Stream.values()) {
            if (descriptors.indexOf(stream.descriptor) >= 0) {
                interactive.add(stream);
            }
        }
        int columns = Integer.getInteger("candlewick.columns", USUAL_COLUMNS);
        return new Terminal(interactive, columns < 20 ? USUAL_COLUMNS : columns);
    }

    boolean shows(Stream stream) {
        return interactive.contains(stream);
    }

    /** Whether colours are welcome on a stream: a terminal, and nobody set {@code NO_COLOR} or {@code TERM=dumb}. */
    boolean colours(Stream stream, Map<String, String> environment) {
        return shows(stream)
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
    }
}
