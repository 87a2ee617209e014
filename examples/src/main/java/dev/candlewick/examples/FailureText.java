package dev.candlewick.examples;

import dev.candlewick.MarketDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Optional;

/** What went wrong, in one message for whoever typed the command. */
final class FailureText {

    private static final long MEBIBYTE = 1L << 20;

    private FailureText() {}

    /** The message of a failure, with the reason that the system gave. */
    static String of(Throwable failure) {
        if (failure instanceof UncheckedIOException && failure.getCause() != null) {
            return of(failure.getCause());
        }
        if (failure instanceof MarketDataException) {
            return withReason(failure);
        }
        if (failure instanceof FileSystemException file) {
            return "Reading or writing " + file.getFile() + " failed: "
                    + reason(file).orElse("the system does not say why");
        }
        if (failure instanceof IOException) {
            return "Reading or writing failed: "
                    + (failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage());
        }
        if (failure instanceof OutOfMemoryError) {
            return "Java's memory of " + Runtime.getRuntime().maxMemory() / MEBIBYTE + " MiB is not enough for this ("
                    + failure.getMessage() + "). What was committed stays. Allow more with CANDLEWICK_JAVA_OPTS=-Xmx2g,"
                    + " or take a shorter range";
        }
        if (failure instanceof LinkageError) {
            return "A library could not be loaded: " + root(failure) + ". Libraries with native parts unpack"
                    + " themselves into " + System.getProperty("java.io.tmpdir") + ", which needs a few megabytes and"
                    + " must be writable; what was committed stays, and the same command goes on from there";
        }
        return "This should not have happened: " + failure + ". Please report it with the output of the same command"
                + " and " + CommandLine.DEBUG;
    }

    // Java names files in its exceptions, and leaves it to their class to say what was wrong with them.
    private static String withReason(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        Throwable cause = failure;
        while (cause != null && !(cause instanceof FileSystemException)) {
            cause = cause.getCause();
        }
        return cause instanceof FileSystemException file
                ? reason(file)
                        .filter(words -> !message.toLowerCase(Locale.ROOT).contains(words.toLowerCase(Locale.ROOT)))
                        .map(words -> message.replaceFirst("\\.$", "") + " (" + words + ")")
                        .orElse(message)
                : message;
    }

    private static Optional<String> reason(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return Optional.of("no such file or directory");
        }
        if (failure instanceof AccessDeniedException) {
            return Optional.of("permission denied");
        }
        if (failure instanceof NotDirectoryException) {
            return Optional.of("not a directory");
        }
        if (failure instanceof FileAlreadyExistsException) {
            return Optional.of("something of that name exists already");
        }
        if (failure instanceof DirectoryNotEmptyException) {
            return Optional.of("the directory is not empty");
        }
        return Optional.ofNullable(failure.getReason());
    }

    private static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
