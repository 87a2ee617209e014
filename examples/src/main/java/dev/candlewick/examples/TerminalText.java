package dev.candlewick.examples;

import java.util.regex.Pattern;

/** Text of others made fit for a terminal: file names and messages may hold what moves the cursor, or a password. */
final class TerminalText {

    /** User and password before a host; as far as the last at-sign, because passwords may hold slashes and at-signs. */
    private static final Pattern USER_INFO = Pattern.compile("//(?:[^\\s'\"/]*:[^\\s'\"]*|[^\\s'\"/]*)@");

    /** The same where no slashes precede it, as in {@code s3:KEY:SECRET@BUCKET}. */
    private static final Pattern BARE_USER_INFO = Pattern.compile("(?<!\\w)([a-z][a-z0-9]*:)[^\\s'\"/:@]*:[^\\s'\"/]*@");

    private static final Pattern SECRET_PARAMETER =
            Pattern.compile("(?i)([?&;](?:user|username|password|pwd|token|key|secret|access_token)=)[^\\s'\"&;]*");

    private TerminalText() {}

    /** One line: line ends, control characters and those that turn the direction of text as {@code \}{@code u000a}. */
    static String line(String text) {
        return escaped(text, "");
    }

    /** As {@link #line}, of text whose line ends and tabs are meant. */
    static String lines(String text) {
        return escaped(text, "\n\t");
    }

    /** The text without what addresses hold of users and passwords. */
    static String withoutSecrets(String text) {
        String hosts = USER_INFO.matcher(text).replaceAll("//…@");
        return SECRET_PARAMETER
                .matcher(BARE_USER_INFO.matcher(hosts).replaceAll("$1…@"))
                .replaceAll("$1…");
    }

    /** What may be said of a word that was typed at a wrong place: of an address its scheme only. */
    static String typed(String word) {
        int colon = word.indexOf(':');
        return line(colon < 0 ? withoutSecrets(word) : word.substring(0, colon + 1) + "…");
    }

    private static String escaped(String text, String kept) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isUnseen(c) && kept.indexOf(c) < 0) {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    /** Whether a character moves the cursor, breaks the line or turns the direction of what follows. */
    static boolean isUnseen(char c) {
        return Character.isISOControl(c)
                || c == '\u061c'
                || c == '\u200e'
                || c == '\u200f'
                || c == '\u2028'
                || c == '\u2029'
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069')
                || c == '\ufeff';
    }
}
