package dev.candlewick.examples;

/** One word after {@code candlewick}. Holds no state: one object serves any number of runs. */
interface Command {

    /** What can be typed. */
    Usage usage();

    /**
     * Does it.
     *
     * @throws UsageException when the arguments cannot be meant
     * @throws java.io.IOException when a file the command writes itself cannot be written
     */
    ExitCode run(Arguments arguments, Console console) throws Exception;
}
