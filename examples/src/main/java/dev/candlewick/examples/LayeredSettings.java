package dev.candlewick.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Settings from where a job may have them: what is typed wins over the environment, that over a file of environment
 * variables, that over a configuration file. Immutable.
 */
final class LayeredSettings {

    private static final Path USUAL_ENV_FILE = Path.of(".env");

    private static final Set<String> ON = Set.of("true", "yes", "on");
    private static final Set<String> OFF = Set.of("false", "no", "off");

    private final Arguments arguments;
    private final Map<String, String> environment;
    private final ConfigFile config;

    private LayeredSettings(Arguments arguments, Map<String, String> environment, ConfigFile config) {
        this.arguments = arguments;
        this.environment = environment;
        this.config = config;
    }

    /**
     * Reads the files that are named.
     *
     * @throws UsageException when a file that is named is not there or cannot be meant
     */
    static LayeredSettings of(Arguments arguments, Map<String, String> process) throws IOException {
        Map<String, String> variables = new HashMap<>();
        Optional<Path> envFile = named(TicksFlags.ENV_FILE, arguments);
        if (envFile.isPresent()) {
            variables.putAll(EnvFile.read(envFile.get()));
        } else if (Files.isRegularFile(USUAL_ENV_FILE)) {
            variables.putAll(EnvFile.read(USUAL_ENV_FILE));
        }
        putAllOver(variables, process);
        Optional<Path> configFile = named(TicksFlags.CONFIG_FILE, arguments);
        ConfigFile config = configFile.isPresent()
                ? ConfigFile.read(
                        configFile.get(),
                        TicksFlags.OPTIONAL.stream()
                                .filter(flag ->
                                        !flag.equals(TicksFlags.ENV_FILE) && !flag.equals(TicksFlags.CONFIG_FILE))
                                .map(Flag::name)
                                .toList())
                : new ConfigFile(Map.of(), Map.of());
        return new LayeredSettings(arguments, variables, config);
    }

    private static Optional<Path> named(Flag flag, Arguments arguments) {
        return arguments.value(flag).map(text -> {
            try {
                Path file = Path.of(text);
                if (Files.isRegularFile(file)) {
                    return file;
                }
                throw new UsageException("There is no file " + text + " for --" + flag.name());
            } catch (InvalidPathException unnameable) {
                throw new UsageException(
                        "--" + flag.name() + " " + text + " is no path: " + unnameable.getReason(), unnameable);
            }
        });
    }

    /** Everything that sources and stores may look into. */
    Map<String, String> environment() {
        Map<String, String> all = new HashMap<>(config.environment());
        putAllOver(all, environment);
        return all;
    }

    // A variable that is exported without a value hides nothing.
    private static void putAllOver(Map<String, String> variables, Map<String, String> others) {
        others.forEach(
                (name, value) -> variables.merge(name, value, (known, other) -> other.isBlank() ? known : other));
    }

    /** The value of a variable that is set and not blank. */
    Optional<String> variable(String name) {
        return Stream.of(environment, config.environment())
                .flatMap(variables -> Optional.ofNullable(variables.get(name)).stream())
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    /** The values of a flag or, where it was not typed, of the first of these variables that is set. */
    List<String> words(Flag flag, String... variables) {
        if (arguments.has(flag)) {
            return split(arguments.values(flag));
        }
        Optional<String> set = Arrays.stream(variables)
                .flatMap(name -> Optional.ofNullable(environment.get(name)).stream())
                .filter(text -> !text.isBlank())
                .findFirst();
        if (set.isPresent()) {
            return split(List.of(set.get()));
        }
        if (config.flags().containsKey(flag.name())) {
            return split(config.flags().getOrDefault(flag.name(), List.of()));
        }
        return Arrays.stream(variables)
                .flatMap(name -> Optional.ofNullable(config.environment().get(name)).stream())
                .filter(text -> !text.isBlank())
                .findFirst()
                .map(text -> split(List.of(text)))
                .orElse(List.of());
    }

    /** Whether a flag was typed, which nothing else may narrow. */
    boolean isTyped(Flag flag) {
        return arguments.has(flag);
    }

    /** As {@link #words}, of a flag with one value. */
    Optional<String> value(Flag flag, String... variables) {
        List<String> words = words(flag, variables);
        if (words.size() > 1) {
            throw new UsageException("--" + flag.name() + " takes one value, not " + String.join(" ", words));
        }
        return words.stream().findFirst();
    }

    /** Whether a switch was typed or is on in the configuration: {@code true}, {@code yes}, {@code on}. */
    boolean has(Flag flag) {
        return arguments.has(flag) || (flag.arity() == Flag.Arity.SWITCH && isOn(flag));
    }

    private boolean isOn(Flag flag) {
        List<String> words = config.flags().getOrDefault(flag.name(), List.of());
        if (words.isEmpty()) {
            return false;
        }
        String word = String.join(" ", words).toLowerCase(Locale.ROOT);
        if (!ON.contains(word) && !OFF.contains(word)) {
            throw new UsageException("The setting '" + flag.name()
                    + "' in the configuration file is true or false, not '" + TerminalText.typed(word) + "'");
        }
        return ON.contains(word);
    }

    private static List<String> split(List<String> values) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.strip().split("[\\s,]+")))
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
