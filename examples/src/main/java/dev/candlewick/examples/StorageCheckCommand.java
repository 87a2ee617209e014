package dev.candlewick.examples;

import dev.candlewick.Store;
import dev.candlewick.StoreProbe;

/** {@code candlewick storage-check}: tries whether a store can be used from here. */
final class StorageCheckCommand implements Command {

    private static final Flag STORE = Flag.word("store", "STORE", "the store that is tried");
    private static final Flag KEEP = Flag.flagOnly("keep", "leave the probe in the store");

    @Override
    public Usage usage() {
        return Usage.of("storage-check", "Try a store: write a probe, list, read, verify and delete it.")
                .requiring(STORE)
                .allowing(KEEP)
                .noting("""
                        The probe is five candles of 2001 of a series that nobody else has, CANDLEWICK:PROBE:…; no other
                        series is read or touched. A store that is not there yet is begun. Every step says how long it
                        took, and a failed one what to do.
                        Exit status: 0 the store can be used, 1 it cannot, 2 wrong usage.

                        Example:
                          candlewick storage-check parquet:data""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        try (Store store = Flags.store(STORE, arguments, console)) {
            StoreProbe.Builder probe = StoreProbe.of(store);
            StoreProbe.Report report =
                    (arguments.has(KEEP) ? probe.keeping() : probe).build().run();
            console.print(TerminalText.withoutSecrets(report.toString()) + "\n");
            return report.isUsable() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }
}
