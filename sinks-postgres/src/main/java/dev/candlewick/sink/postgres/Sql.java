package dev.candlewick.sink.postgres;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Text that is safe inside statements. Values are bound wherever the server takes parameters; {@code COPY} and data
 * definitions take none, so they get literals that mean the same under every setting of the server.
 */
final class Sql {

    /** PostgreSQL counts microseconds from 2000-01-01, which is this many after 1970-01-01. */
    static final long EPOCH_MICROS = 946_684_800_000_000L;

    /** The first instant that a timestamptz can hold (4714-11-24 BC), in microseconds since 1970. */
    static final long FIRST_MICROS = -211_813_488_000_000_000L + EPOCH_MICROS;

    private static final int MOST_NAME_BYTES = 63;

    private Sql() {}

    /** A name in quotes. */
    static String name(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** A table's name with its schema. */
    static String name(String schema, String table) {
        return name(schema) + "." + name(table);
    }

    /** Names in quotes, separated by commas. */
    static String names(Collection<String> identifiers) {
        return identifiers.stream().map(Sql::name).collect(Collectors.joining(", "));
    }

    /**
     * A text as a literal of plain ASCII, in which everything but letters, digits and a few marks is an escape: nothing can
     * end it early, whatever {@code standard_conforming_strings} or {@code backslash_quote} say.
     */
    static String literal(String text) {
        StringBuilder literal = new StringBuilder(text.length() + 8).append("E'");
        text.codePoints().forEach(point -> {
            if (point < 128 && (Character.isLetterOrDigit(point) || ":-_. /@".indexOf(point) >= 0)) {
                literal.append((char) point);
            } else if (point < 0x10000) {
                literal.append(String.format(Locale.ROOT, "\\u%04x", point));
            } else {
                literal.append(String.format(Locale.ROOT, "\\U%08x", point));
            }
        });
        return literal.append('\'').toString();
    }

    /** An instant as a literal that no {@code TimeZone} or {@code DateStyle} changes. */
    static String time(long epochMicros) {
        if (epochMicros < FIRST_MICROS) {
            return "timestamptz '-infinity'";
        }
        Instant instant = Instant.ofEpochSecond(
                Math.floorDiv(epochMicros, 1_000_000L), Math.floorMod(epochMicros, 1_000_000L) * 1_000L);
        LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        int year = time.getYear();
        return String.format(
                Locale.ROOT,
                "timestamptz '%04d-%02d-%02d %02d:%02d:%02d.%06d+00%s'",
                year > 0 ? year : 1 - year,
                time.getMonthValue(),
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute(),
                time.getSecond(),
                time.getNano() / 1_000,
                year > 0 ? "" : " BC");
    }

    /** A name that needs no quoting, as like the text as can be; not unique. */
    static String plain(String text) {
        String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]+", "_");
        return plain.matches("[a-z_].*") ? plain : "t_" + plain;
    }

    /** A name within the length that the server keeps, unique for the text. */
    static String unique(String plain, String text) {
        String suffix = "_" + Digests.hex(text).substring(0, 8);
        int room = MOST_NAME_BYTES - suffix.length();
        return (plain.length() > room ? plain.substring(0, room) : plain) + suffix;
    }

    /** The text as a name, cut and marked where the server would cut it silently. */
    static String fitting(String plain) {
        return plain.length() <= MOST_NAME_BYTES ? plain : unique(plain, plain);
    }
}
