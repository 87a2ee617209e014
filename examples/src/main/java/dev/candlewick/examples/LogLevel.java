package dev.candlewick.examples;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How much is told on standard error besides results. */
enum LogLevel {
    /** Plans and stack traces as well. */
    DEBUG,
    /** What is being done, unit by unit. */
    INFO,
    /** What did not go as it should. */
    WARNING,
    /** What failed for good. */
    ERROR,
    /** As {@link #ERROR}. */
    CRITICAL;

    static LogLevel parse(String text) {
        for (LogLevel level : values()) {
            if (level.name().equals(text.toUpperCase(Locale.ROOT))) {
                return level;
            }
        }
        throw new UsageException("There is no log level '" + text + "'; there are "
                + Arrays.stream(values()).map(LogLevel::name).collect(Collectors.joining(", ")));
    }

    /** Whether what is of that level is told. */
    boolean tells(LogLevel other) {
        return other.compareTo(this) >= 0;
    }
}
