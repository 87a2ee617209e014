package dev.candlewick.examples;

/** One thing that {@code candlewick ticks} does. Holds no state. */
@FunctionalInterface
interface TicksStep {

    /** Does it for all days of the job; what is done already is left alone. */
    ExitCode run(TicksJob job) throws Exception;
}
