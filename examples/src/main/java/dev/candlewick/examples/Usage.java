package dev.candlewick.examples;

import dev.candlewick.spi.Addresses;
import java.util.ArrayList;
import java.util.List;

/**
 * What can be typed after a command's name, and how its help reads.
 *
 * @param command the command's name
 * @param summary what it does, in a line
 * @param required flags that must be given
 * @param optional flags that may be given
 * @param notes further lines of help: what it prints, how it ends, an example
 */
record Usage(String command, String summary, List<Flag> required, List<Flag> optional, String notes) {

    private static final int LINE_WIDTH = 96;
    private static final int FLAG_WIDTH = 26;

    static Usage of(String command, String summary) {
        return new Usage(command, summary, List.of(), List.of(), "");
    }

    Usage requiring(Flag... flags) {
        return new Usage(command, summary, List.of(flags), optional, notes);
    }

    Usage allowing(Flag... flags) {
        return new Usage(command, summary, required, List.of(flags), notes);
    }

    Usage noting(String text) {
        return new Usage(command, summary, required, optional, text);
    }

    List<Flag> flags() {
        List<Flag> all = new ArrayList<>(required);
        all.addAll(optional);
        return all;
    }

    /** The whole help of the command, ending in a line end. */
    String help() {
        StringBuilder text = new StringBuilder(summary).append("\n\n").append(synopsis());
        if (!flags().isEmpty()) {
            text.append("\n\n");
        }
        for (Flag flag : flags()) {
            text.append(String.format("  %-" + FLAG_WIDTH + "s %s%n", flag, flag.help()));
        }
        text.append(forms());
        if (!notes.isEmpty()) {
            text.append(flags().isEmpty() ? "\n\n" : "\n").append(notes.strip()).append('\n');
        } else if (flags().isEmpty()) {
            text.append('\n');
        }
        return text.toString().replace("\r\n", "\n");
    }

    /** What can stand for a store or a venue here, as the modules on the class path have it. */
    private String forms() {
        StringBuilder text = new StringBuilder();
        if (flags().stream().anyMatch(flag -> flag.value().equals("SOURCE"))) {
            text.append("\nSOURCE is ")
                    .append(String.join(", ", Addresses.sourceForms()))
                    .append(", or a STORE.");
        }
        if (flags().stream().anyMatch(flag -> List.of("SOURCE", "STORE").contains(flag.value()))) {
            text.append("\nSTORE is ")
                    .append(String.join(", ", Addresses.storeForms()))
                    .append(".\n");
        }
        return text.toString();
    }

    private String synopsis() {
        String lead = "Usage: candlewick " + command;
        StringBuilder text = new StringBuilder();
        StringBuilder line = new StringBuilder(lead);
        List<String> words = new ArrayList<>();
        required.forEach(flag -> words.add(flag.toString()));
        optional.forEach(flag -> words.add("[" + flag + "]"));
        for (String word : words) {
            if (line.length() + 1 + word.length() > LINE_WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder(" ".repeat(lead.length()));
            }
            line.append(' ').append(word);
        }
        return text.append(line).toString();
    }
}
