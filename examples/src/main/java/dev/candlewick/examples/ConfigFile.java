package dev.candlewick.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A YAML file of settings: flags by their names without dashes in front, and environment variables below
 * {@code environment}.
 *
 * <pre>{@code
 * venues: [deribit, binance-futures]
 * data-types: [trades, book_snapshot_5]
 * max-workers: 2
 * environment:
 *   TARDIS_BASE_URL: http://localhost:8000/v1
 * }</pre>
 *
 * @param flags the values of each flag, by its name
 * @param environment the variables
 */
record ConfigFile(Map<String, List<String>> flags, Map<String, String> environment) {

    private static final String ENVIRONMENT = "environment";
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * Reads a file.
     *
     * @param known the flags that may be in it
     * @throws UsageException when it is no YAML, or has what is no flag
     */
    static ConfigFile read(Path file, List<String> known) throws IOException {
        JsonNode root;
        try {
            root = YAML.readTree(Files.readString(file));
        } catch (JsonProcessingException notYaml) {
            throw new UsageException(
                    file + " is no YAML: line " + notYaml.getLocation().getLineNr() + " cannot be read", notYaml);
        }
        Map<String, List<String>> flags = new LinkedHashMap<>();
        Map<String, String> environment = new LinkedHashMap<>();
        if (root == null || root.isMissingNode() || root.isNull()) {
            return new ConfigFile(flags, environment);
        }
        if (!root.isObject()) {
            throw new UsageException(file + " is a list or a word; settings are NAME: value, a line each");
        }
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (entry.getKey().equals(ENVIRONMENT)) {
                environment.putAll(variables(entry.getValue(), file));
                continue;
            }
            String flag = entry.getKey().replace('_', '-');
            if (!known.contains(flag)) {
                throw new UsageException(
                        file + " has a setting '" + TerminalText.typed(entry.getKey()) + "', which is no flag"
                                + NearMatches.nearest(flag, known)
                                        .map(match -> "; did you mean '" + match + "'?")
                                        .orElse(""));
            }
            if (flags.put(flag, values(entry.getKey(), entry.getValue(), file)) != null) {
                throw new UsageException(file + " has the setting '" + flag + "' twice");
            }
        }
        return new ConfigFile(flags, environment);
    }

    private static Map<String, String> variables(JsonNode value, Path file) {
        Map<String, String> variables = new LinkedHashMap<>();
        if (!value.isObject() && !value.isNull()) {
            throw new UsageException("The setting '" + ENVIRONMENT + "' in " + file + " is NAME: value, a line each");
        }
        for (Map.Entry<String, JsonNode> variable : value.properties()) {
            if (!variable.getValue().isValueNode()) {
                throw new UsageException("The variable '" + TerminalText.typed(variable.getKey()) + "' in " + file
                        + " is one value; write several with commas between");
            }
            variables.put(variable.getKey(), variable.getValue().asText(""));
        }
        return variables;
    }

    private static List<String> values(String name, JsonNode value, Path file) {
        List<String> values = new ArrayList<>();
        if (value.isObject()) {
            throw new UsageException("The setting '" + name + "' in " + file + " is a value or a list of values");
        }
        if (value.isArray()) {
            value.forEach(each -> values.add(each.asText()));
        } else if (!value.isNull()) {
            values.add(value.asText());
        }
        return values;
    }
}
