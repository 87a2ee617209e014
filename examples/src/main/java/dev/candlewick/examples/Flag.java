package dev.candlewick.examples;

/**
 * One {@code --flag} of a command.
 *
 * @param name its name without the dashes
 * @param value what stands after it, for help texts: {@code DIR}; empty for a switch
 * @param arity how many values it takes
 * @param help what it is for, in a line
 * @param letter the letter that stands for it behind one dash; empty for none
 */
record Flag(String name, String value, Arity arity, String help, String letter) {

    private Flag(String name, String value, Arity arity, String help) {
        this(name, value, arity, help, "");
    }

    /** How many values a flag takes. */
    enum Arity {
        /** None: it is there or not. */
        SWITCH,
        /** Exactly one, given at most once. */
        ONE,
        /** One or more, and the flag may be repeated. */
        MANY,
        /** Exactly one, as a word without dashes or behind its name. */
        WORD
    }

    static Flag of(String name, String value, String help) {
        return new Flag(name, value, Arity.ONE, help);
    }

    static Flag word(String name, String value, String help) {
        return new Flag(name, value, Arity.WORD, help);
    }

    static Flag many(String name, String value, String help) {
        return new Flag(name, value, Arity.MANY, help);
    }

    static Flag flagOnly(String name, String help) {
        return new Flag(name, "", Arity.SWITCH, help);
    }

    /** The same flag, which {@code -letter} stands for too. */
    Flag orLetter(char shorter) {
        return new Flag(name, value, arity, help, String.valueOf(shorter));
    }

    /** The flag as it is typed, with its value: {@code --dir DIR}. */
    @Override
    public String toString() {
        return switch (arity) {
            case SWITCH -> "--" + name;
            case ONE -> "--" + name + " " + value;
            case MANY -> "--" + name + " " + value + "...";
            case WORD -> value;
        };
    }
}
