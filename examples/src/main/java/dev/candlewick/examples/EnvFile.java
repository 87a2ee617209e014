package dev.candlewick.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of environment variables, {@code NAME=value} a line, as shells and containers read them: empty lines and those
 * that begin with {@code #} are passed over, {@code export} may stand in front, quotes around a value go, and behind a value
 * without quotes a blank and {@code #} begin a remark.
 */
final class EnvFile {

    private static final Pattern LINE = Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");
    private static final Pattern QUOTED = Pattern.compile("(?:\"([^\"]*)\"|'([^']*)')\\s*(?:#.*)?");

    private EnvFile() {}

    /** The variables of a file; of several lines for one variable the last. */
    static Map<String, String> read(Path file) throws IOException {
        Map<String, String> variables = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            Matcher named = LINE.matcher(line);
            if (!named.matches()) {
                // Not shown: it may be a key.
                throw new UsageException("Line " + (i + 1) + " of " + file + " is not NAME=value");
            }
            variables.put(named.group(1), value(named.group(2), file, i + 1));
        }
        return variables;
    }

    private static String value(String text, Path file, int line) {
        Matcher quoted = QUOTED.matcher(text);
        if (quoted.matches()) {
            return Optional.ofNullable(quoted.group(1)).orElseGet(() -> quoted.group(2));
        }
        if (text.startsWith("\"") || text.startsWith("'")) {
            throw new UsageException("The quotes in line " + line + " of " + file + " do not end where the value does");
        }
        return text.replaceFirst("(^|\\s+)#.*$", "").strip();
    }
}
