package dev.candlewick.examples;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that appears under its name only when it is whole: written beside it under a temporary name, forced to disk,
 * then moved. Closed without {@link #publish()} it leaves nothing behind and the old file, if any, as it was. A target
 * that is no file, such as a pipe, gets the bytes as they come.
 */
final class OutputFile implements AutoCloseable {

    private final OutputTarget target;
    private final Optional<Path> temporary;
    private final FileChannel channel;

    private OutputFile(OutputTarget target, Optional<Path> temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    static OutputFile at(OutputTarget target) throws IOException {
        Path file = target.file();
        if (target.kind() == OutputTarget.Kind.WRITTEN_STRAIGHT) {
            // Appending, because an open stream may stand behind what others have written to it.
            return new OutputFile(target, Optional.empty(), FileChannel.open(file, StandardOpenOption.APPEND));
        }
        // Not Files.createTempFile: its files are private to the user, and this one becomes the result.
        Path temporary = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        Files.deleteIfExists(temporary);
        return new OutputFile(
                target,
                Optional.of(temporary),
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    OutputStream stream() {
        return Channels.newOutputStream(channel);
    }

    /** Gives the file its name. */
    void publish() throws IOException {
        if (temporary.isPresent()) {
            channel.force(true);
        }
        channel.close();
        if (temporary.isPresent()) {
            Files.move(
                    temporary.get(),
                    target.file(),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (temporary.isPresent()) {
            Files.deleteIfExists(temporary.get());
        }
    }
}
