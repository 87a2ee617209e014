package dev.candlewick.sink.parquet;

import dev.candlewick.Cancelled;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/** Says what the operating system's refusals mean for the reader and what to do about them. */
final class Storage {

    private Storage() {}

    /**
     * The error for an operation that failed. An interrupt closes the file under the thread that uses it; that is no
     * failure of the disk but {@link Cancelled}, and the thread stays interrupted.
     *
     * @param tried what was being done, on what: {@code "Writing BINANCE:… into data"}
     */
    static MarketDataException failed(String tried, IOException cause) {
        if (isEndedOnRequest(cause)) {
            return new Cancelled(
                    tried + " was interrupted. What was committed before stands; run the same again to complete it",
                    cause);
        }
        String what = message(cause);
        String lower = what.toLowerCase(Locale.ROOT);
        if (cause instanceof AccessDeniedException || lower.contains("permission denied")) {
            return new Refused(
                    tried + " failed: no permission (" + what
                            + "). Give this user access to it, or give another directory; nothing was changed",
                    cause);
        }
        if (lower.contains("read-only file system")) {
            return new Refused(
                    tried + " failed: the file system is read-only (" + what
                            + "). Mount it for writing, or give another directory; nothing was changed",
                    cause);
        }
        if (cause instanceof AtomicMoveNotSupportedException) {
            return new Refused(
                    tried + " failed: the file system cannot rename atomically (" + what
                            + "), without which a crash could tear files. Put the store on a local disk",
                    cause);
        }
        if (lower.contains("no space left") || lower.contains("not enough space") || lower.contains("quota")) {
            return new Unavailable(
                    tried + " failed: the disk is full (" + what
                            + "). What was committed before stands; free some space and run the same again",
                    cause);
        }
        return new Unavailable(
                tried + " failed: " + what
                        + ". What was committed before stands; see to the disk and run the same again",
                cause);
    }

    /** Whether an operation ended because its thread was interrupted or its file closed by another thread. */
    static boolean isEndedOnRequest(IOException cause) {
        return cause instanceof AsynchronousCloseException
                || (cause instanceof ClosedChannelException
                        && Thread.currentThread().isInterrupted());
    }

    /** What an error says: of a file, which one and why, as the JDK often gives only its path. */
    static String message(Throwable error) {
        if (error instanceof FileSystemException named) {
            return place(named) + reason(named);
        }
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message;
    }

    /** The error of the disk that a stream or an iterator could only throw wrapped. */
    static IOException cause(UncheckedIOException wrapped) {
        IOException cause = wrapped.getCause();
        return cause == null ? new IOException(wrapped) : cause;
    }

    // A temporary file means nothing to the reader and is gone by now; the file that it was to become is the one.
    private static String place(FileSystemException error) {
        String file = error.getFile();
        if (file == null) {
            return "";
        }
        Path path = Path.of(file);
        return (path.getFileName() == null ? path : path.resolveSibling(DurableFiles.finalName(path))) + ": ";
    }

    private static String reason(FileSystemException error) {
        String reason = error.getReason();
        if (reason != null) {
            return reason;
        } else if (error instanceof NoSuchFileException) {
            return "no such file or directory";
        } else if (error instanceof AccessDeniedException) {
            return "access denied";
        } else if (error instanceof FileAlreadyExistsException) {
            return "exists already";
        } else if (error instanceof NotDirectoryException) {
            return "not a directory";
        }
        return error.getClass().getSimpleName();
    }
}
