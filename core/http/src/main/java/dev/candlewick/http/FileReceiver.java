package dev.candlewick.http;

import dev.candlewick.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Writes a body to a file and hashes it on the way. */
final class FileReceiver {

    private static final int BUFFER_BYTES = 64 << 10;

    private FileReceiver() {}

    static HttpDownload receive(Wire.Answer answer, Path file, Consumer<Long> onComplete) throws IOException {
        MessageDigest sha256 = sha256();
        long bytes = 0;
        try (answer) {
            if (answer.status() / 100 == 2) {
                bytes = copy(answer.body(), file, sha256);
            }
        }
        onComplete.accept(bytes);
        String hash = HexFormat.of().formatHex(sha256.digest());
        return new HttpDownload(answer.status(), answer.headers(), file, bytes, hash);
    }

    private static long copy(InputStream body, Path file, MessageDigest sha256) throws IOException {
        boolean complete = false;
        try (OutputStream output = create(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            long bytes = 0;
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                sha256.update(buffer, 0, read);
                write(output, buffer, read, file);
                bytes += read;
            }
            complete = true;
            return bytes;
        } finally {
            if (!complete) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static OutputStream create(Path file) {
        try {
            return Files.newOutputStream(file);
        } catch (IOException unwritable) {
            throw cannotWrite(file, unwritable);
        }
    }

    /** A full disk is not the server's fault: it must not be retried as if it were. */
    private static void write(OutputStream output, byte[] buffer, int length, Path file) {
        try {
            output.write(buffer, 0, length);
        } catch (IOException unwritable) {
            throw cannotWrite(file, unwritable);
        }
    }

    private static Refused cannotWrite(Path file, IOException cause) {
        return new Refused(
                "Cannot write the download to " + file + ": " + cause.getMessage()
                        + ". Check the disk's space and the directory's rights.",
                cause);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
