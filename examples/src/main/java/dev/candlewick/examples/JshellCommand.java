package dev.candlewick.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import jdk.jshell.tool.JavaShellToolBuilder;

/** {@code candlewick jshell}: JShell with everything on the class path and imported. */
final class JshellCommand implements Command {

    private static final String STARTUP = "startup.jsh";

    @Override
    public Usage usage() {
        return Usage.of("jshell", "Start JShell with everything on the class path and imported.")
                .noting("""
                        Reads from a pipe as well:
                          echo 'TimeRange.month("2024-02").duration()' | candlewick jshell
                        CANDLEWICK_JAVA_OPTS reaches the Java that runs what is typed.""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) throws Exception {
        Path startup = Files.createTempFile("candlewick-", ".jsh");
        try (InputStream script = JshellCommand.class.getResourceAsStream(STARTUP)) {
            if (script == null) {
                throw new IOException("The startup script " + STARTUP + " is missing from the class path");
            }
            Files.write(startup, script.readAllBytes());
            return start(startup, console) == 0 ? ExitCode.DONE : ExitCode.FAILED;
        } finally {
            Files.deleteIfExists(startup);
        }
    }

    private static int start(Path startup, Console console) throws Exception {
        boolean piped = !console.terminal().shows(Terminal.Stream.IN);
        JavaShellToolBuilder shell = JavaShellToolBuilder.builder()
                .in(console.in(), null)
                .out(new PrintStream(console.out(), true, StandardCharsets.UTF_8))
                .err(console.err())
                .env(console.environment());
        if (piped) {
            shell.persistence(new HashMap<>()); // a history is for people
        }
        return shell.start(words(startup, piped ? "concise" : "normal", console.environment()));
    }

    private static String[] words(Path startup, String feedback, Map<String, String> environment) {
        List<String> words = new ArrayList<>(List.of(
                "--class-path",
                System.getProperty("java.class.path"),
                "--startup",
                startup.toString(),
                "--feedback",
                feedback));
        // Snippets run in a JVM of their own, which is the one that the user's options are for.
        new StringTokenizer(environment.getOrDefault("CANDLEWICK_JAVA_OPTS", ""))
                .asIterator()
                .forEachRemaining(option -> words.add("-R" + option));
        return words.toArray(String[]::new);
    }
}
