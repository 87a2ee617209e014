package dev.candlewick.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.candlewick.Batch;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.csv.CsvInflate;
import dev.candlewick.csv.CsvOptions;
import dev.candlewick.csv.CsvRows;
import dev.candlewick.csv.CsvThreads;
import dev.candlewick.csv.GunzipStage;
import dev.candlewick.sink.parquet.file.ParquetFileWriter;
import dev.candlewick.sink.parquet.file.WriteOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each stage of turning ticks to Parquet costs in processor time, which a busy machine disturbs far less than the time of
 * day: gunzip, parse, encode as a whole and column by column, and DuckDB's whole conversion. All of the process counts, the
 * collector and the compiler included; stages take turns, round after round.
 *
 * <p>Arguments: {@code trades|books ROUNDS [STAGES]}, the last a pattern of the stages wanted. Files as {@link TickRatios} makes them.
 */
public final class TickStages {

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    // The system counts processor time in hundredths of a second.
    private static final int REPETITIONS = 3;

    private final Map<String, SideBySide.Contender> stages = new LinkedHashMap<>();
    private final Map<String, List<Long>> nanos = new LinkedHashMap<>();

    private TickStages() {}

    /** Runs what the arguments say. */
    public static void main(String[] args) throws Exception {
        TickKind kind = TickKind.of(args[0]);
        int rounds = Integer.parseInt(args[1]);
        Path file = kind.file();
        Path target = Files.createTempFile("candlewick-stages", ".parquet");
        try (Connection duck = TickRatios.connect(1)) {
            new TickStages().run(kind, file, target, duck, rounds, args.length > 2 ? args[2] : ".*");
        } finally {
            Files.delete(target);
        }
    }

    private void run(TickKind kind, Path file, Path target, Connection duck, int rounds, String wanted)
            throws Exception {
        CsvOptions options = CsvOptions.DEFAULT.with(CsvThreads.CALLER);
        List<Batch> batches = new ArrayList<>();
        long rows = each(kind, file, options, batches);
        stages.put("gunzip, JDK", () -> GunzipStage.bytes(file, CsvInflate.JDK));
        stages.put("gunzip, own", () -> GunzipStage.bytes(file, CsvInflate.OWN));
        stages.put("gunzip and parse", () -> each(kind, file, options, null));
        stages.put("encode from memory", () -> encode(kind.dataset().schema(), batches));
        stages.put("all of it", () -> TickRatios.convert(kind, file, target, options));
        stages.put("DuckDB, all of it", () -> TickRatios.duckConvert(duck, kind, file, target));
        for (Field field : kind.dataset().schema().fields()) {
            if (!field.name().matches(".*_[2345]") && !field.name().equals("local_timestamp")) {
                List<Batch> alone = column(batches, field);
                stages.put(
                        "  encode " + field.name(),
                        () -> encode(alone.get(0).series().schema(), alone));
            }
        }
        stages.keySet().removeIf(stage -> !stage.matches(wanted));
        for (int round = -2; round < rounds; round++) {
            for (Map.Entry<String, SideBySide.Contender> stage : stages.entrySet()) {
                long start = SYSTEM.getProcessCpuTime();
                for (int i = 0; i < REPETITIONS; i++) {
                    stage.getValue().run();
                }
                long took = (SYSTEM.getProcessCpuTime() - start) / REPETITIONS;
                if (round >= 0) {
                    nanos.computeIfAbsent(stage.getKey(), name -> new ArrayList<>())
                            .add(took);
                }
            }
        }
        System.out.println(kind + ", " + rows + " rows, processor time of " + rounds + " rounds: least, median");
        nanos.forEach((stage, times) -> {
            List<Long> sorted = times.stream().sorted().toList();
            System.out.printf(
                    Locale.ROOT,
                    "  %-28s %8.1f %8.1f ms   %6.1f ns/row%n",
                    stage,
                    sorted.get(0) / 1e6,
                    sorted.get(sorted.size() / 2) / 1e6,
                    sorted.get(0) / (double) rows);
        });
    }

    private static long each(TickKind kind, Path file, CsvOptions options, @Nullable List<Batch> kept)
            throws IOException {
        try (CsvRows rows =
                CsvRows.open(Files.newInputStream(file), kind.layout(), kind.series(), file.toString(), options)) {
            rows.forEachRemaining(batch -> {
                if (kept != null) {
                    kept.add(batch);
                }
            });
            return rows.rows();
        }
    }

    private static long encode(Schema schema, List<Batch> batches) {
        try (ParquetFileWriter writer =
                ParquetFileWriter.to(OutputStream.nullOutputStream(), schema, Map.of(), WriteOptions.DEFAULT)) {
            batches.forEach(writer::write);
            return writer.finish().bytes();
        }
    }

    /** The column alone, beside the time that every file has. */
    private static List<Batch> column(List<Batch> batches, Field field) {
        Field time = Field.time("local_timestamp");
        Schema schema = new Schema(List.of(time, field), time.name(), List.of());
        Series series =
                new Series(Subject.parse("BINANCE:PERPETUAL:BTC-USDT"), new Dataset("alone", schema, Cadence.events()));
        return batches.stream()
                .map(batch -> Batch.of(series, List.of(batch.column(time.name()), batch.column(field.name()))))
                .toList();
    }
}
