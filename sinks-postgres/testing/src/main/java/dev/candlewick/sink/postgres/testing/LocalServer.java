package dev.candlewick.sink.postgres.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The server that is started on the spot, on a data folder that outlives its process. */
final class LocalServer implements AutoCloseable {

    private final Path data;
    private final int port;
    private final Thread atExit = new Thread(this::end, "end of PostgreSQL");
    private final List<String> command;

    private LocalServer(Path data, int port, List<String> settings) throws IOException {
        this.data = data;
        this.port = port;
        launch(settings);
        this.command = command();
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static LocalServer start(String... settings) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        return new LocalServer(Files.createTempDirectory("candlewick-postgres"), port, List.of(settings));
    }

    private void launch(List<String> settings) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false) // it would stop the server while ours does
                .setDataDirectoryCustomizer(LocalServer::askForPasswords)
                .setPGStartupWait(Duration.ofSeconds(60))
                // The library would rather be fast than lose nothing; tests here are about losing nothing.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", data.toString())
                .setServerConfig("max_wal_size", "8GB");
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            builder.setServerConfig(setting.substring(0, equals), setting.substring(equals + 1));
        }
        builder.start();
    }

    // The library lets everybody in; here only its own user needs no password.
    private static void askForPasswords(File folder) {
        try {
            Files.writeString(
                    folder.toPath().resolve("pg_hba.conf"),
                    "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
        } catch (IOException failed) {
            throw new UncheckedIOException("Setting up the server on " + folder, failed);
        }
    }

    // The library cannot start a server again on a folder of its own; the command that it ran can.
    private List<String> command() throws IOException {
        List<String> words = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            words.addAll(List.of("unshare", "-U")); // the server refuses to run as root
        }
        String line = Files.readString(Path.of("/proc/" + pid() + "/cmdline"));
        words.addAll(List.of(line.split("\0")));
        return words;
    }

    String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&password=postgres";
    }

    int port() {
        return port;
    }

    /** The postmaster, which every other process descends from; as the server itself noted it. */
    long pid() {
        try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
            return Long.parseLong(lines.findFirst().orElseThrow().trim());
        } catch (IOException gone) {
            throw new UncheckedIOException("The server on " + data + " is not running", gone);
        }
    }

    void signal(String name) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes().map(process -> Long.toString(process.pid())).forEach(command::add);
        if (command.size() == 2) {
            return;
        }
        // Of some processes the end was on its way, which is not worth a word.
        Process kill = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!kill.waitFor(10, TimeUnit.SECONDS)) {
            throw new IOException(command + " did not end");
        }
    }

    void kill() throws IOException, InterruptedException {
        List<ProcessHandle> all = processes().toList();
        signal("KILL");
        for (ProcessHandle process : all) {
            for (int attempt = 1; isRunning(process.pid()); attempt++) {
                if (attempt == 1_000) {
                    throw new IOException("Process " + process.pid() + " does not end");
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        // Whoever should collect the dead processes may be slow, and the next server would take them for alive.
        Files.deleteIfExists(data.resolve("postmaster.pid"));
        Files.deleteIfExists(data.resolve(".s.PGSQL." + port + ".lock"));
    }

    private static boolean isRunning(long pid) {
        try {
            String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return line.charAt(line.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }

    void restart() throws IOException, InterruptedException {
        kill();
        Path log = data.resolve("restart.log");
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        for (int attempt = 1; !answers(); attempt++) {
            if (attempt == 600) {
                throw new IOException(
                        "The server on " + data + " does not answer after its restart: " + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private boolean answers() {
        try (Connection connection = DriverManager.getConnection(jdbcUrl())) {
            return connection.isValid(5);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private Stream<ProcessHandle> processes() {
        if (!Files.exists(data.resolve("postmaster.pid"))) {
            return Stream.empty();
        }
        return ProcessHandle.of(pid()).stream().flatMap(main -> Stream.concat(Stream.of(main), main.descendants()));
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    // Nothing here is worth a clean end.
    private void end() {
        try {
            kill();
            delete();
        } catch (IOException failed) {
            throw new UncheckedIOException("Ending the server on " + data, failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    // By a process of its own: the databases of many tests are gigabytes, and nobody needs to wait for their end.
    private void delete() throws IOException {
        new ProcessBuilder("rm", "-rf", "--", data.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
