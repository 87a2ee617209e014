package dev.candlewick.examples;

/** How a command ended, as the shell and job engines see it. */
enum ExitCode {
    /** Everything asked for is there. */
    DONE(0),
    /** It did not work; running it again may. */
    FAILED(1),
    /** The command line itself is wrong; running it again will not help. */
    USAGE(2),
    /** The work is done, and rows are missing for a reason that is named. */
    DONE_WITH_GAPS(3),
    /** The comparison is done, and the two sides differ. */
    DIFFERENT(3),
    /** Somebody pressed Ctrl-C; what was committed stays. */
    INTERRUPTED(130);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    /** The process's exit status. */
    int status() {
        return status;
    }
}
