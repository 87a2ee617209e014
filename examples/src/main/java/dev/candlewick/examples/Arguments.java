package dev.candlewick.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was typed after a command's name, checked against its {@link Usage}. */
final class Arguments {

    private final Map<String, List<String>> values;

    private Arguments(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Reads {@code --flag value}, {@code --flag=value}, switches, and the word without dashes of commands that have one.
     *
     * @throws UsageException naming the flag that is unknown, repeated, missing or without its value
     */
    static Arguments parse(Usage usage, List<String> words) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int next = 0;
        while (next < words.size()) {
            String word = spelled(usage, words.get(next++));
            Optional<Flag> plain = word.startsWith("--") ? Optional.empty() : plain(usage, values);
            if (plain.isPresent()) {
                List<String> given = List.of(word);
                check(plain.get(), given, false);
                values.put(plain.get().name(), given);
                continue;
            }
            if (!word.startsWith("--") || word.length() == 2) {
                throw new UsageException("'" + TerminalText.typed(word) + "' is not expected here; 'candlewick "
                        + usage.command() + "' takes "
                        + (usage.flags().stream().anyMatch(flag -> flag.arity() == Flag.Arity.WORD)
                                ? "one word and flags"
                                : "flags only"));
            }
            int equals = word.indexOf('=');
            Flag flag = find(usage, word.substring(2, equals < 0 ? word.length() : equals));
            List<String> given = new ArrayList<>();
            if (equals >= 0) {
                given.add(word.substring(equals + 1));
            }
            while (takesMore(flag, given)
                    && next < words.size()
                    && !spelled(usage, words.get(next)).startsWith("--")) {
                given.add(words.get(next++));
            }
            check(flag, given, values.containsKey(flag.name()));
            values.computeIfAbsent(flag.name(), any -> new ArrayList<>()).addAll(given);
        }
        for (Flag flag : usage.required()) {
            if (!values.containsKey(flag.name())) {
                throw new UsageException("candlewick " + usage.command() + " needs " + flag);
            }
        }
        return new Arguments(values);
    }

    /** Whether the flag was given. */
    boolean has(Flag flag) {
        return values.containsKey(flag.name());
    }

    /** The value of a flag that must be there. */
    String required(Flag flag) {
        return value(flag).orElseThrow(() -> new UsageException("Missing " + flag));
    }

    /** The value of a flag that may be missing. */
    Optional<String> value(Flag flag) {
        return values(flag).stream().findFirst();
    }

    /** All values of a flag, in the order they were typed; empty when it was not given. */
    List<String> values(Flag flag) {
        return values.getOrDefault(flag.name(), List.of());
    }

    /** The word, or the flag that it is the letter of. */
    private static String spelled(Usage usage, String word) {
        return usage.flags().stream()
                .filter(flag -> !flag.letter().isEmpty() && word.equals("-" + flag.letter()))
                .map(flag -> "--" + flag.name())
                .findFirst()
                .orElse(word);
    }

    private static boolean takesMore(Flag flag, List<String> given) {
        return flag.arity() == Flag.Arity.MANY || (flag.arity() != Flag.Arity.SWITCH && given.isEmpty());
    }

    private static Optional<Flag> plain(Usage usage, Map<String, List<String>> values) {
        return usage.flags().stream()
                .filter(flag -> flag.arity() == Flag.Arity.WORD && !values.containsKey(flag.name()))
                .findFirst();
    }

    private static Flag find(Usage usage, String name) {
        List<String> known = usage.flags().stream().map(Flag::name).toList();
        return usage.flags().stream()
                .filter(flag -> flag.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        "Unknown flag --" + TerminalText.typed(name) + " for 'candlewick " + usage.command()
                                + "'"
                                + NearMatches.nearest(name, known)
                                        .map(match -> "; did you mean --" + match + "?")
                                        .orElse("")));
    }

    private static void check(Flag flag, List<String> given, boolean before) {
        if (flag.arity() == Flag.Arity.SWITCH && !given.isEmpty()) {
            throw new UsageException(
                    "--" + flag.name() + " takes no value, but '" + TerminalText.typed(given.get(0)) + "' was given");
        }
        if (flag.arity() != Flag.Arity.SWITCH
                && (given.isEmpty() || given.stream().anyMatch(String::isBlank))) {
            throw new UsageException("--" + flag.name() + " needs a value: " + flag);
        }
        if (flag.arity() != Flag.Arity.MANY && flag.arity() != Flag.Arity.SWITCH && before) {
            throw new UsageException("--" + flag.name() + " is given twice");
        }
    }
}
