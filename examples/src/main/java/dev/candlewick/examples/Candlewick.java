package dev.candlewick.examples;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The process behind the launcher: hands the command line its streams, and ends with its exit status. */
public final class Candlewick {

    // Half a second more than the library promises to need for ending a run.
    private static final long PATIENCE_MILLIS = 5_500;

    private Candlewick() {}

    /** Runs one command and ends the process. */
    public static void main(String[] words) {
        Console console = new Console(
                System.in,
                new FileOutputStream(FileDescriptor.out),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv(),
                Clock.systemUTC(),
                Terminal.fromProperties());
        AtomicBoolean done = new AtomicBoolean();
        interruptOnSignal(Thread.currentThread(), done);
        ExitCode code = CommandLine.standard().run(List.of(words), console);
        // After a signal the JVM is ending already, with 128 + the signal's number; exit() would wait for itself.
        if (!done.getAndSet(true)) {
            System.exit(code.status());
        }
    }

    private static void interruptOnSignal(Thread main, AtomicBoolean done) {
        Thread hook = new Thread(
                () -> {
                    if (!done.getAndSet(true)) {
                        main.interrupt();
                        try {
                            main.join(PATIENCE_MILLIS);
                        } catch (InterruptedException hurried) {
                            Thread.currentThread().interrupt();
                        }
                    }
                },
                "candlewick-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }
}
