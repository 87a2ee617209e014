package dev.candlewick.http;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Takes secrets out of text. */
final class Redaction {

    private static final Redaction NOTHING = new Redaction(List.of());
    private static final String MASK = "***";

    private final List<String> secrets;

    private Redaction(List<String> secrets) {
        this.secrets = secrets;
    }

    static Redaction of(Collection<String> secrets) {
        if (secrets.isEmpty()) {
            return NOTHING;
        }
        // Longest first: one secret may be part of another.
        return new Redaction(secrets.stream()
                .filter(secret -> !secret.isBlank())
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList());
    }

    String apply(String text) {
        String redacted = text;
        for (String secret : secrets) {
            redacted = redacted.replace(secret, MASK);
        }
        return redacted;
    }

    /** Text from outside as part of one line: no secrets, no control characters, not endless. */
    String line(String text, int maxLength) {
        String printable =
                apply(text).replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
        return printable.length() <= maxLength ? printable : printable.substring(0, maxLength) + "…";
    }

    /** The error itself when nothing in its chain names a secret, else a stand-in that keeps type and stack only. */
    Exception apply(Exception error) {
        for (Throwable link = error; link != null; link = link.getCause()) {
            if (!apply(String.valueOf(link.getMessage())).equals(String.valueOf(link.getMessage()))) {
                Exception standIn = new Exception(apply(error.toString()));
                standIn.setStackTrace(error.getStackTrace());
                return standIn;
            }
        }
        return error;
    }
}
