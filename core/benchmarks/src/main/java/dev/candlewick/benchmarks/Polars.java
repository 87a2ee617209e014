package dev.candlewick.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Polars in a node process, told file by file what to convert; absent where its package is not installed. */
final class Polars implements AutoCloseable {

    private final @Nullable Process process;

    private Polars(@Nullable Process process) {
        this.process = process;
    }

    /** The directory that {@code core/benchmarks/run} installs the package in. */
    static Optional<Path> module() {
        Path directory = Path.of("core/benchmarks/target/polars");
        return Files.isDirectory(directory.resolve("node_modules/nodejs-polars"))
                ? Optional.of(directory)
                : Optional.empty();
    }

    static Polars start(int cores) throws IOException {
        return new Polars(module().isPresent() ? node(cores) : null);
    }

    boolean isThere() {
        return process != null;
    }

    String convert(String kind, Path file, Path target) throws IOException {
        Process node = process;
        if (node == null) {
            throw new IllegalStateException("Polars is not there");
        }
        Writer in = new OutputStreamWriter(node.getOutputStream(), StandardCharsets.UTF_8);
        in.write(kind + " " + file + " " + target + "\n");
        in.flush();
        String answer =
                new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (answer == null || !answer.matches("\\d+")) {
            throw new IOException("Polars says: " + answer);
        }
        return answer;
    }

    static String once(int cores, String kind, Path file, Path target) throws IOException {
        try (Polars polars = start(cores)) {
            return polars.convert(kind, file, target);
        }
    }

    private static Process node(int cores) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("node", "polars.js").redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.directory(module().orElseThrow().toFile());
        builder.environment().put("POLARS_MAX_THREADS", Integer.toString(cores));
        return builder.start();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
        }
    }
}
