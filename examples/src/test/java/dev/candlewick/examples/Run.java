package dev.candlewick.examples;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * A command that was run in this process, and what it left behind.
 *
 * @param code how it ended
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
record Run(ExitCode code, String out, String err) {

    static Run of(Map<String, String> environment, String... words) {
        return of(environment, "", words);
    }

    static Run of(Map<String, String> environment, String in, String[] words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                Clock.systemUTC(),
                Terminal.none());
        ExitCode code = CommandLine.standard().run(List.of(words), console);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
