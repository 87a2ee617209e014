package dev.candlewick.benchmarks;

import dev.candlewick.Schema;
import dev.candlewick.csv.CsvInflate;
import dev.candlewick.csv.CsvOptions;
import dev.candlewick.csv.CsvRows;
import dev.candlewick.sink.parquet.file.ParquetFileWriter;
import dev.candlewick.sink.parquet.file.WriteOptions;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Files of ticks turned to Parquet beside DuckDB (JDBC), Polars (node) and the platform's gunzip alone, on the same bytes.
 *
 * <p>Arguments: {@code run CORES ROUNDS} compares in one process, and Polars in one that stays; {@code process CORES ROUNDS} starts
 * a process for every conversion; {@code convert trades|books FILE TARGET} and {@code duckdb CORES trades|books FILE TARGET} are
 * those processes. Files lie in {@code candlewick.ticks}, or the directory for temporary files, and are made when missing.
 */
public final class TickRatios {

    private final int cores;
    private final int rounds;
    private final Path ours;
    private final Path theirs;

    private TickRatios(int cores, int rounds) throws IOException {
        this.cores = cores;
        this.rounds = rounds;
        this.ours = TickKind.directory().resolve("ours.parquet");
        this.theirs = TickKind.directory().resolve("theirs.parquet");
    }

    /** Runs what the arguments say. */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "run" -> new TickRatios(Integer.parseInt(args[1]), Integer.parseInt(args[2])).inProcess();
            case "process" -> new TickRatios(Integer.parseInt(args[1]), Integer.parseInt(args[2])).wholeProcess();
            case "convert" ->
                System.out.println(
                        convert(TickKind.of(args[1]), Path.of(args[2]), Path.of(args[3]), CsvOptions.DEFAULT));
            case "duckdb" -> {
                try (Connection duck = connect(Integer.parseInt(args[1]))) {
                    System.out.println(duckConvert(duck, TickKind.of(args[2]), Path.of(args[3]), Path.of(args[4])));
                }
            }
            default -> throw new IllegalArgumentException("run, process, convert or duckdb, not " + args[0]);
        }
    }

    private void inProcess() throws Exception {
        System.out.println("JDK " + Runtime.version() + ", " + cores + (cores == 1 ? " core" : " cores"));
        try (Connection duck = connect(cores);
                Polars polars = Polars.start(cores)) {
            for (TickKind kind : TickKind.values()) {
                Path file = kind.file();
                SideBySide comparison = new SideBySide(kind + " csv.gz -> exact Parquet, zstd level 1", 2, rounds)
                        .with("Candlewick", () -> convert(kind, file, ours, CsvOptions.DEFAULT))
                        .with(
                                "Candlewick, JDK's inflater",
                                () -> convert(kind, file, ours, CsvOptions.DEFAULT.with(CsvInflate.JDK)))
                        .with("Candlewick, parsing alone", () -> parse(kind, file))
                        .with("gunzip by the JDK alone", () -> floor(kind, file))
                        .with("DuckDB", () -> duckConvert(duck, kind, file, theirs));
                if (polars.isThere()) {
                    comparison.with("Polars", () -> polars.convert(kind.toString(), file, theirs));
                } else {
                    System.out.println("  Polars is not there: npm could not install nodejs-polars");
                }
                comparison.run();
                duckConvert(duck, kind, file, theirs);
                System.out.println("  bytes: csv.gz " + Files.size(file) + ", Candlewick " + Files.size(ours)
                        + ", DuckDB " + Files.size(theirs));
                same(duck, kind);
            }
        }
        Files.deleteIfExists(ours);
        Files.deleteIfExists(theirs);
    }

    /** Every row of both files, compared by the other engine. */
    private void same(Connection duck, TickKind kind) throws SQLException {
        String columns = String.join(", ", kind.dataset().schema().names());
        String difference = text(
                duck,
                "SELECT count(*) FROM (SELECT " + columns + " FROM read_parquet('" + ours + "') EXCEPT ALL SELECT "
                        + columns + " FROM read_parquet('" + theirs + "'))");
        if (!difference.equals("0")) {
            throw new IllegalStateException(difference + " rows of " + kind + " differ");
        }
    }

    private void wholeProcess() throws Exception {
        String java = ProcessHandle.current().info().command().orElse("java");
        String[] self = {java, "-Xmx256m", "-cp", System.getProperty("java.class.path"), TickRatios.class.getName()};
        for (TickKind kind : TickKind.values()) {
            String file = kind.file().toString();
            SideBySide comparison = new SideBySide(kind + " csv.gz -> exact Parquet, whole process", 1, rounds)
                    .with("Candlewick", () -> process(self, "convert", kind.toString(), file, ours.toString()))
                    .with(
                            "DuckDB",
                            () -> process(
                                    self, "duckdb", Integer.toString(cores), kind.toString(), file, theirs.toString()));
            if (Polars.module().isPresent()) {
                comparison.with("Polars", () -> Polars.once(cores, kind.toString(), Path.of(file), theirs));
            }
            comparison.run();
        }
    }

    private static String process(String[] command, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(arguments));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String last = "";
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = line;
            }
            if (process.waitFor() != 0) {
                throw new IllegalStateException(last);
            }
            return last;
        }
    }

    static String convert(TickKind kind, Path file, Path target, CsvOptions options) throws IOException {
        Schema schema = kind.dataset().schema();
        try (InputStream in = Files.newInputStream(file);
                CsvRows rows = CsvRows.open(in, kind.layout(), kind.series(), file.toString(), options);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), 1 << 20);
                ParquetFileWriter writer = ParquetFileWriter.to(out, schema, Map.of(), WriteOptions.DEFAULT)) {
            rows.forEachRemaining(writer::write);
            return Long.toString(writer.finish().rows());
        }
    }

    private static String parse(TickKind kind, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                CsvRows rows = CsvRows.open(in, kind.layout(), kind.series(), file.toString(), CsvOptions.DEFAULT)) {
            rows.forEachRemaining(batch -> {});
            return Long.toString(rows.rows());
        }
    }

    private static String floor(TickKind kind, Path file) throws IOException {
        byte[] buffer = new byte[1 << 18];
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file), 1 << 16)) {
            long lines = 0;
            while (in.read(buffer) >= 0) {
                lines++;
            }
            return lines > 0 ? Integer.toString(kind.rows) : "0";
        }
    }

    static Connection connect(int cores) throws SQLException {
        Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = duck.createStatement()) {
            statement.execute("SET threads = " + cores);
            statement.execute("SET TimeZone = 'UTC'");
        }
        return duck;
    }

    /** The quickest exact way: all decimals in 64 bits, which ours need not be. */
    static String duckConvert(Connection duck, TickKind kind, Path file, Path target) throws SQLException {
        StringBuilder columns = new StringBuilder(
                "{'exchange': 'VARCHAR', 'symbol': 'VARCHAR', 'timestamp': 'BIGINT', 'local_timestamp': 'BIGINT'");
        StringBuilder selected = new StringBuilder(
                "make_timestamptz(\"timestamp\") AS \"timestamp\", make_timestamptz(local_timestamp) AS local_timestamp");
        kind.dataset().schema().names().stream().skip(2).forEach(name -> {
            String type = name.equals("id") || name.equals("side") ? "VARCHAR" : "DECIMAL(18,8)";
            columns.append(", '").append(name).append("': '").append(type).append('\'');
            selected.append(", ").append(name);
        });
        try (Statement statement = duck.createStatement()) {
            statement.execute("COPY (SELECT " + selected + " FROM read_csv('" + file + "', header = true, columns = "
                    + columns + "})) TO '" + target
                    + "' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 262144)");
        }
        return text(duck, "SELECT count(*) FROM read_parquet('" + target + "')");
    }

    private static String text(Connection duck, String sql) throws SQLException {
        try (Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
