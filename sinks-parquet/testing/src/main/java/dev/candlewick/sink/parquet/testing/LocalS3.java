package dev.candlewick.sink.parquet.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The server that is started on the spot: a child process, its folder and its port, which both survive a restart. */
final class LocalS3 implements AutoCloseable {

    static final String ACCESS_KEY = "candlewick-test";
    static final String SECRET_KEY = "secret-of-the-test-server";

    private static final Duration START = Duration.ofSeconds(60);
    private static final int PORTS_TRIED = 3;

    private final Path jar;
    private final Path folder;
    private final int port;
    private Process process;

    private LocalS3(Path jar, Path folder, int port) throws IOException {
        this.jar = jar;
        this.folder = folder;
        this.port = port;
        this.process = launch();
    }

    /** Starts a server with one bucket, in a folder of its own, which is deleted with it. */
    static LocalS3 start(Path jar, String bucket) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Path folder = Files.createTempDirectory("candlewick-s3");
            Files.createDirectories(folder.resolve("data").resolve(bucket));
            LocalS3 server = new LocalS3(jar, folder, freePort());
            try {
                server.awaitAnswer();
                return server;
            } catch (IOException ended) {
                // Another process may have taken the port since; anything else fails again.
                server.close();
                if (attempt == PORTS_TRIED) {
                    throw ended;
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private Process launch() throws IOException {
        int behind = freePort();
        Path settings = Files.write(
                folder.resolve("s3proxy.conf"),
                List.of(
                        "s3proxy.endpoint=http://127.0.0.1:" + behind,
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + ACCESS_KEY,
                        "s3proxy.credential=" + SECRET_KEY,
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=" + folder.resolve("data")));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djdk.httpclient.allowRestrictedHeaders=host",
                        "-Dsun.net.httpserver.nodelay=true",
                        "-cp",
                        jar + File.pathSeparator + place(),
                        S3Process.class.getName(),
                        Integer.toString(port),
                        Integer.toString(behind),
                        settings.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().put("LC_ALL", "C.UTF-8"); // names of objects are names of files
        // Standard input stays open for as long as this process lives; its end is what stops an orphan.
        return builder.start();
    }

    private static Path place() {
        try {
            return Path.of(S3Process.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("Where are this module's classes?", impossible);
        }
    }

    private Path log() {
        return folder.resolve("s3proxy.log");
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new IOException("s3proxy on port " + port + " ended at once: " + tail());
            }
            if (answers()) {
                return;
            }
        }
        throw new IOException(
                "s3proxy on port " + port + " did not answer within " + START.toSeconds() + " s: " + tail());
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String tail() throws IOException {
        String text = Files.exists(log()) ? Files.readString(log()) : "";
        return text.substring(Math.max(0, text.length() - 2_000));
    }

    int port() {
        return port;
    }

    Path data() {
        return folder.resolve("data");
    }

    /** Ends the process as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Starts the process anew on the same folder and port. */
    void restart() throws IOException, InterruptedException {
        kill();
        process = launch();
        awaitAnswer();
    }

    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("kill -" + name + " " + process.pid() + " did not work");
        }
    }

    @Override
    public void close() {
        try {
            kill();
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(java.util.Comparator.reverseOrder()).forEach(LocalS3::delete);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("Deleting " + folder, failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException failed) {
            throw new UncheckedIOException("Deleting " + path, failed);
        }
    }
}
