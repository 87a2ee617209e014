package dev.candlewick.sink.clickhouse.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One local engine: a child process, its folder and its port, which both survive a restart. Not thread-safe. */
final class Engine implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int PORTS_TRIED = 3;

    private final Path library;
    private final Path folder;
    private final List<String> options;
    private int port;
    private Process process;

    private Engine(Path library, Path folder, List<String> options, int port, Process process) {
        this.library = library;
        this.folder = folder;
        this.options = options;
        this.port = port;
        this.process = process;
    }

    /** Starts an engine in a folder of its own, which is deleted with it. */
    static Engine start(Path library, String usersXml) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("candlewick-clickhouse");
        List<String> options = usersXml.isEmpty() ? List.of() : List.of("--config-file=" + configure(folder, usersXml));
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            Engine engine = new Engine(library, folder, options, port, launch(library, folder, options, port));
            try {
                engine.awaitAnswer();
                return engine;
            } catch (IOException ended) {
                // Another process may have taken the port since; anything else fails again.
                if (attempt == PORTS_TRIED) {
                    engine.close();
                    throw ended;
                }
            }
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** Ends the process as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Starts the process anew on the same folder and port. */
    void restart() throws IOException, InterruptedException {
        kill();
        process = launch(library, folder, options, port);
        awaitAnswer();
    }

    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("kill -" + name + " " + pid() + " did not work");
        }
    }

    @Override
    public void close() {
        try {
            kill();
            Folders.delete(folder);
        } catch (IOException failed) {
            throw new UncheckedIOException("Deleting " + folder, failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static String configure(Path folder, String usersXml) throws IOException {
        Path users = Files.writeString(folder.resolve("users.xml"), usersXml);
        return Files.writeString(
                        folder.resolve("config.xml"),
                        "<clickhouse><user_directories><users_xml><path>" + users
                                + "</path></users_xml></user_directories></clickhouse>\n")
                .toString();
    }

    private static Process launch(Path library, Path folder, List<String> options, int port) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:+UseSerialGC"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of(
                "-cp",
                place(EngineProcess.class) + File.pathSeparator + place(com.sun.jna.Native.class),
                EngineProcess.class.getName(),
                library.toString(),
                Files.createDirectories(folder.resolve("data")).toString(),
                Integer.toString(port)));
        command.addAll(options);
        // Standard input stays open for as long as this process lives; its end is what stops an orphan.
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output(folder).toFile()))
                .start();
    }

    private static Path output(Path folder) {
        return folder.resolve("engine.log");
    }

    private static Path place(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("Where is " + type + "?", impossible);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(2))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        HttpRequest ping = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ping"))
                .timeout(Duration.ofSeconds(2))
                .build();
        long deadline = System.nanoTime() + START.toNanos();
        IOException refusal = new IOException("It never answered");
        while (System.nanoTime() < deadline) {
            if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(
                        "The ClickHouse engine on port " + port + " ended at once: " + Folders.tail(output(folder)));
            }
            try {
                if (client.send(ping, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                refusal = notYet;
            }
        }
        throw new IOException(
                "The ClickHouse engine on port " + port + " did not answer within " + START.toSeconds() + " s: "
                        + Folders.tail(output(folder)),
                refusal);
    }
}
