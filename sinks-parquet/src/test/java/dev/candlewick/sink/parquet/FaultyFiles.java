package dev.candlewick.sink.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** File operations that fail, or end the process, at a chosen one of them. Counts them all. */
final class FaultyFiles implements FileOperations {

    /** The process is gone: nothing it still does reaches the disk. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1L;

        Died(long operation, String what) {
            super("died at operation " + operation + ", " + what);
        }
    }

    /** When, relative to the operation, it happens. */
    enum When {
        BEFORE,
        AFTER
    }

    private final FileOperations real;
    private final BiPredicate<Long, String> strikes;
    private final When when;
    private final Supplier<? extends Throwable> fault;
    private long count;
    private boolean dead;
    private String struck = "";
    private final List<String> operations = new ArrayList<>();

    private FaultyFiles(
            FileOperations real, BiPredicate<Long, String> strikes, When when, Supplier<? extends Throwable> fault) {
        this.real = real;
        this.strikes = strikes;
        this.when = when;
        this.fault = fault;
    }

    static FaultyFiles counting(FileOperations real) {
        return new FaultyFiles(real, (at, what) -> false, When.BEFORE, Error::new);
    }

    static FaultyFiles dyingAt(FileOperations real, long operation, When when) {
        return new FaultyFiles(real, (at, what) -> at == operation, when, () -> new Died(operation, ""));
    }

    static FaultyFiles failingAt(long operation, String message) {
        return new FaultyFiles(
                FileOperations.ofTheSystem(),
                (at, what) -> at == operation,
                When.BEFORE,
                () -> new IOException(message));
    }

    /** A programming error strikes the nth operation of a kind, counted from 1. */
    static FaultyFiles breakingAt(String kind, int nth) {
        AtomicInteger seen = new AtomicInteger();
        return new FaultyFiles(
                FileOperations.ofTheSystem(),
                (at, what) -> what.equals(kind) && seen.incrementAndGet() == nth,
                When.BEFORE,
                () -> new IllegalStateException("broken"));
    }

    /** The thread is interrupted before that operation. */
    static FaultyFiles interruptedAt(long operation) {
        return new FaultyFiles(
                FileOperations.ofTheSystem(),
                (at, what) -> {
                    if (at == operation) {
                        Thread.currentThread().interrupt();
                    }
                    return false;
                },
                When.BEFORE,
                Error::new);
    }

    /** Every writing operation fails from that one on: a full disk. */
    static FaultyFiles fullFrom(long operation) {
        return new FaultyFiles(
                FileOperations.ofTheSystem(),
                (at, what) -> at >= operation && (what.equals("write") || what.equals("create")),
                When.BEFORE,
                () -> new IOException("No space left on device"));
    }

    /** The kinds of all operations, in order. */
    List<String> operations() {
        return List.copyOf(operations);
    }

    /** The operation that was struck last; empty when none was. */
    String struck() {
        return struck;
    }

    private interface Step {
        void run() throws IOException;
    }

    private void step(String what, Step step) throws IOException {
        if (dead) {
            throw new Died(count, what + " by the dead");
        }
        operations.add(what);
        boolean strikes = this.strikes.test(count++, what);
        if (strikes) {
            struck = what;
        }
        if (strikes && when == When.BEFORE) {
            strike();
        }
        step.run();
        if (strikes) {
            strike();
        }
    }

    private void strike() throws IOException {
        Throwable thrown = fault.get();
        if (thrown instanceof IOException failed) {
            throw failed;
        }
        if (thrown instanceof RuntimeException broken) {
            throw broken;
        }
        dead = true;
        throw (Error) thrown;
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        step("mkdir", () -> real.createDirectory(directory));
    }

    @Override
    public NewFile create(Path file) throws IOException {
        NewFile[] opened = new NewFile[1];
        step("create", () -> opened[0] = real.create(file));
        return new NewFile() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] source, int from, int count) throws IOException {
                step("write", () -> opened[0].write(source, from, count));
            }

            @Override
            void force() throws IOException {
                step("force", () -> opened[0].force());
            }

            @Override
            public void close() throws IOException {
                opened[0].close();
            }
        };
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        step("move", () -> real.move(from, to));
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        step("forcedir", () -> real.forceDirectory(directory));
    }

    @Override
    public void delete(Path file) throws IOException {
        step("delete", () -> real.delete(file));
    }
}
