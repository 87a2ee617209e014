package dev.candlewick.examples;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;

/**
 * Everything of the outside world that a command touches beside the stores and sources it is told to use.
 *
 * @param in what is typed or piped in
 * @param out where results go; not a {@link PrintStream}, because that hides a closed pipe and a full disk
 * @param err where everything else goes: progress, notes, errors
 * @param environment the process's environment variables
 * @param clock tells what has closed by now
 * @param terminal which of the streams a person looks at
 */
record Console(
        InputStream in,
        OutputStream out,
        PrintStream err,
        Map<String, String> environment,
        Clock clock,
        Terminal terminal) {

    /** Prints a line to standard error, or several; whatever is in it, it moves no cursor and tells no password. */
    void note(String line) {
        err.println(TerminalText.lines(TerminalText.withoutSecrets(line)));
    }

    /** Prints lines to standard output and flushes it; what names in them hold moves no cursor. */
    void print(String text) {
        draw(TerminalText.lines(text));
    }

    /** As {@link #print}, of text that may well hold colours. */
    void draw(String text) {
        TextOutput output = new TextOutput(out);
        output.append(text);
        output.flush();
    }

    /** The same console with other environment variables. */
    Console with(Map<String, String> other) {
        return new Console(in, out, err, other, clock, terminal);
    }
}
