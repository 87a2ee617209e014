package dev.candlewick.source.tardis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.BooleanColumn;
import dev.candlewick.Column;
import dev.candlewick.Dataset;
import dev.candlewick.DecimalColumn;
import dev.candlewick.DoubleColumn;
import dev.candlewick.Field;
import dev.candlewick.Series;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.csv.CsvOptions;
import dev.candlewick.csv.CsvRows;
import dev.candlewick.instrument.IvUnit;
import dev.candlewick.source.tardis.simulator.TardisSimulator;
import dev.candlewick.testkit.RecordedData;
import dev.candlewick.testkit.SimulatedTime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every recorded file becomes exactly the rows that a slow reader sees in it, cell by cell. */
final class RecordedFilesTest {

    private static final Pattern DAILY = Pattern.compile(
            "([a-z-]+)_([A-Za-z0-9_]+)_(\\d{4}-\\d{2}-\\d{2})_([^.]+)(?:\\.head|\\.part1)?\\.csv(?:\\.gz)?");
    private static final Pattern MIXED = Pattern.compile("([a-z-]+)_([a-z_]+)\\.csv");

    @TempDir
    private Path cache;

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(RecordedData.file("tardis/" + folder))) {
            return files.sorted().toList();
        }
    }

    private static List<String> lines(String folder, Path file) throws IOException {
        byte[] bytes = RecordedData.bytes("tardis/" + folder + "/" + file.getFileName());
        return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }

    private static TardisData data(String type) {
        return Stream.of(TardisData.values())
                .filter(each -> each.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void realFilesAreReadCellByCell() throws IOException {
        readsThroughTheSource("real-csv");
    }

    @Test
    @Tag("slow") // 700,000 rows, each cell parsed twice
    void convertedFilesAreReadCellByCell() throws IOException {
        readsThroughTheSource("csv-from-ws");
    }

    private void readsThroughTheSource(String folder) throws IOException {
        List<Path> files = files(folder);
        assertThat(files).isNotEmpty();
        try (TardisSimulator tardis = TardisSimulator.start();
                TardisSource source = Opening.source(tardis.baseUrl(), cache, new SimulatedTime("2026-01-01T00:00:00Z"))
                        .build()) {
            for (Path file : files) {
                Matcher name = DAILY.matcher(file.getFileName().toString());
                assertThat(name.matches()).as(file.toString()).isTrue();
                String symbol = name.group(4);
                TardisData data = data(name.group(2));
                boolean group = symbol.equals("OPTIONS");
                Series series = new Series(
                        dev.candlewick.Subject.parse(dev.candlewick.instrument.Venues.canonical(name.group(1))
                                + (group ? ":GROUP:" : ":RAW:")
                                + symbol),
                        group ? data.dataset().grouped() : data.dataset());
                TimeRange day = TimeRange.day(name.group(3));
                Path copy = cache.resolve(
                        name.group(1) + "_" + name.group(2) + "_" + name.group(3) + "_" + symbol + ".csv.gz");
                Files.copy(file, copy);
                List<Batch> batches = new ArrayList<>();
                try (Batches rows = source.read(series, day)) {
                    rows.forEach(batches::add);
                    assertThat(rows.provenance().quarantined()).isEmpty();
                }
                compare(lines(folder, file), batches, name.group(1));
                assertThat(tardis.fileRequests()).isEmpty();
            }
        }
    }

    /** Messages of several symbols and years in one file, as a group's file has several symbols. */
    @Test
    void mixedFilesAreReadCellByCell() throws IOException {
        for (Path file : files("csv-from-messages")) {
            Matcher name = MIXED.matcher(file.getFileName().toString());
            assertThat(name.matches()).as(file.toString()).isTrue();
            List<String> lines = lines("csv-from-messages", file);
            List<String> sorted = new ArrayList<>(lines.subList(1, lines.size()));
            sorted.sort(Comparator.comparingLong(line -> Long.parseLong(line.split(",", -1)[3])));
            sorted.add(0, lines.get(0));
            TardisData data = data(name.group(2));
            Dataset dataset = data.dataset().grouped();
            Series series = new Series(dev.candlewick.Subject.parse("TEST:GROUP:ALL"), dataset);
            List<Batch> batches = new ArrayList<>();
            byte[] bytes = String.join("\n", sorted).getBytes(StandardCharsets.UTF_8);
            try (CsvRows rows = CsvRows.open(
                    new ByteArrayInputStream(bytes),
                    TickLayouts.of(
                            data,
                            dataset,
                            name.group(1),
                            Optional.empty(),
                            Optional.empty(),
                            TimeRange.of("2000-01-01", "2100-01-01")),
                    series,
                    file.toString(),
                    CsvOptions.DEFAULT)) {
                rows.forEachRemaining(batches::add);
                assertThat(rows.quarantined()).isEmpty();
            }
            compare(sorted, batches, name.group(1));
        }
    }

    private static void compare(List<String> lines, List<Batch> batches, String exchange) {
        List<String> header = List.of(lines.get(0).split(",", -1));
        int line = 1;
        for (Batch batch : batches) {
            for (int row = 0; row < batch.rows(); row++) {
                String[] cells = lines.get(line++).split(",", -1);
                for (Field field : batch.series().schema().fields()) {
                    String fraction = field.name().endsWith("_fraction") ? field.name() : "";
                    String cell = cells[
                            header.indexOf(
                                    fraction.isEmpty() ? published(field.name()) : fraction.replace("_fraction", ""))];
                    assertThat(printed(batch.column(field.name()), row))
                            .as("%s, line %d, column %s", batch.series(), line, field.name())
                            .isEqualTo(
                                    expected(field, cell, fraction.isEmpty() ? Optional.empty() : IvUnit.of(exchange)));
                }
            }
        }
        assertThat(line).as("rows read").isEqualTo(lines.size());
    }

    /** Books are stored with levels counted from one; all else is named as published. */
    private static String published(String column) {
        Matcher book = Pattern.compile("(ask|bid)_(price|volume)_(\\d+)").matcher(column);
        return book.matches()
                ? book.group(1) + "s[" + (Integer.parseInt(book.group(3)) - 1) + "]."
                        + book.group(2).replace("volume", "amount")
                : column;
    }

    private static String expected(Field field, String cell, Optional<IvUnit> unit) {
        if (cell.isEmpty()) {
            return "";
        }
        return switch (field.type().toString().split("\\(", 2)[0]) {
            case "decimal" -> plain(new BigDecimal(cell));
            case "float64" -> {
                double value = Double.parseDouble(cell);
                yield Double.toString(unit.isPresent() ? unit.get().fraction(value) : value);
            }
            default -> cell;
        };
    }

    private static String printed(Column column, int row) {
        if (column.isNull(row)) {
            return "";
        }
        if (column instanceof TimeColumn times) {
            return Long.toString(times.epochMicros(row));
        }
        if (column instanceof DecimalColumn decimals) {
            return plain(decimals.get(row));
        }
        if (column instanceof DoubleColumn doubles) {
            return Double.toString(doubles.value(row));
        }
        return column instanceof BooleanColumn flags ? Boolean.toString(flags.value(row)) : column.text(row);
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
