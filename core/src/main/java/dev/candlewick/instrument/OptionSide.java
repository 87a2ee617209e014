package dev.candlewick.instrument;

/** What an option gives the right to. */
public enum OptionSide {
    /** To buy. */
    CALL,
    /** To sell. */
    PUT;

    /** Reads {@code CALL}, {@code C}, {@code PUT} or {@code P} in capital letters. */
    public static OptionSide parse(String text) {
        return switch (text) {
            case "CALL", "C" -> CALL;
            case "PUT", "P" -> PUT;
            default -> throw new IllegalArgumentException("'" + text + "' is neither CALL nor PUT");
        };
    }
}
