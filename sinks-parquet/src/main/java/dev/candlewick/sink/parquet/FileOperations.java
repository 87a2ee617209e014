package dev.candlewick.sink.parquet;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Every way in which the store changes the disk, so that tests can fail, end or lose power at each of them. */
interface FileOperations {

    /** Creates one directory; one that exists is fine. */
    void createDirectory(Path directory) throws IOException;

    /** Creates a file that does not exist yet and opens it for writing. */
    NewFile create(Path file) throws IOException;

    /** Renames atomically, replacing what has the new name. */
    void move(Path from, Path to) throws IOException;

    /** Makes the names in a directory durable. */
    void forceDirectory(Path directory) throws IOException;

    /** Deletes a file; one that does not exist is fine. */
    void delete(Path file) throws IOException;

    /** A file being written. */
    abstract class NewFile extends OutputStream {
        /** Makes the bytes written so far durable. */
        abstract void force() throws IOException;
    }

    /** The operations of this machine's disks. */
    static FileOperations ofTheSystem() {
        return new FileOperations() {
            // Windows gives no handle on a directory; there a rename is durable once the file system journals it.
            private final boolean directoriesCanBeForced =
                    !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

            @Override
            public void createDirectory(Path directory) throws IOException {
                try {
                    Files.createDirectory(directory);
                } catch (FileAlreadyExistsException exists) {
                    if (!Files.isDirectory(directory)) {
                        throw exists;
                    }
                }
            }

            @Override
            public NewFile create(Path file) throws IOException {
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream bytes = Channels.newOutputStream(channel);
                return new NewFile() {
                    @Override
                    public void write(int octet) throws IOException {
                        bytes.write(octet);
                    }

                    @Override
                    public void write(byte[] source, int from, int count) throws IOException {
                        bytes.write(source, from, count);
                    }

                    @Override
                    void force() throws IOException {
                        channel.force(true);
                    }

                    @Override
                    public void close() throws IOException {
                        channel.close();
                    }
                };
            }

            @Override
            public void move(Path from, Path to) throws IOException {
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            }

            @Override
            public void forceDirectory(Path directory) throws IOException {
                if (directoriesCanBeForced) {
                    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                        channel.force(true);
                    }
                }
            }

            @Override
            public void delete(Path file) throws IOException {
                Files.deleteIfExists(file);
            }
        };
    }
}
