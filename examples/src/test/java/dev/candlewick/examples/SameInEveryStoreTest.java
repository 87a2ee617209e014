package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Query;
import dev.candlewick.QueryResult;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.StoreComparison;
import dev.candlewick.StoreCopy;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.sink.parquet.testing.S3Server;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.source.tardis.TardisSource;
import dev.candlewick.source.tardis.simulator.TardisSimulator;
import dev.candlewick.spi.Addresses;
import dev.candlewick.testkit.MemoryStore;
import dev.candlewick.testkit.SyntheticCandles;
import dev.candlewick.testkit.SyntheticSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same rows give the same bytes and the same hashes whatever store they are in (N5, R16). */
class SameInEveryStoreTest {

    private static final Series MINUTES = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final Series HOURS = Series.candles("BINANCE:SPOT_PAIR:币安人生-USDT", "1h");
    private static final TimeRange BORDER = TimeRange.of("2024-01-30T12:00:00Z", "2024-02-01T12:00:00Z");
    private static final TimeRange YEAR = TimeRange.year(2024);
    private static final Gap OUTAGE = new Gap(
            TimeRange.of("2024-01-31T13:00:00Z", "2024-01-31T14:00:00Z"),
            GapReason.VENUE_OUTAGE,
            "status page",
            Instant.parse("2024-03-01T00:00:00Z"),
            Gap.NEVER);

    /** Where an empty store can be opened. */
    interface Place {

        /** The address of a store that holds nothing yet. */
        String address(Path directory) throws Exception;

        /** What opening it needs beside the address. */
        default Map<String, String> environment() {
            return Map.of();
        }
    }

    /** A place on a server that the environment names. */
    record Served(Supplier<String> place, Supplier<Map<String, String>> variables) implements Place {

        @Override
        public String address(Path directory) {
            return place.get();
        }

        @Override
        public Map<String, String> environment() {
            return variables.get();
        }
    }

    @TempDir
    private Path directory;

    private final Store memory = MemoryStore.create();

    /** Every store that rows can be kept in, a line each. */
    static Stream<Named<Place>> stores() {
        return Stream.of(
                Named.of("parquet", directory -> "parquet:" + directory.resolve("store")),
                Named.of("gcs", new Served(CloudServers::freshLake, CloudServers::environment)),
                Named.of(
                        "s3",
                        new Served(
                                () -> "s3:" + S3Server.shared().freshPlace(),
                                () -> S3Server.shared().environment())),
                Named.of("bigquery", new Served(CloudServers::freshDataset, CloudServers::environment)),
                Named.of(
                        "clickhouse",
                        directory -> "clickhouse:" + ClickHouseServer.shared().freshDatabase()),
                Named.of(
                        "postgres",
                        directory -> "postgres:" + PostgresServer.shared().freshDatabase()));
    }

    @ParameterizedTest
    @MethodSource("stores")
    void syntheticRowsAreReadAsTheSameBytes(Place place) throws Exception {
        String address = place.address(directory);
        try (Store store = Addresses.store(address, place.environment())) {
            for (Store each : List.of(memory, store)) {
                each.write(new SyntheticSource().withHole(OUTAGE).read(MINUTES, BORDER));
                TimeRange replaced = TimeRange.of("2024-01-31T20:00:00Z", "2024-02-01T03:00:00Z");
                each.write(Batches.of(
                        MINUTES, replaced, SyntheticCandles.batches(MINUTES, replaced, 1), Provenance.none()));
                each.write(new SyntheticSource().read(HOURS, TimeRange.month("2024-05")));
                each.write(Batches.of(HOURS, TimeRange.day("2024-06-01"), List.of(extremes()), Provenance.none()));
            }
            assertSame(store);
        }
        assertCommandPrintsTheSame(address, place);
    }

    @ParameterizedTest
    @MethodSource("stores")
    void copiedRowsAreReadAsTheSameBytes(Place place) throws Exception {
        memory.write(new SyntheticSource().withHole(OUTAGE).read(MINUTES, BORDER));
        memory.write(Batches.of(HOURS, TimeRange.day("2024-06-01"), List.of(extremes()), Provenance.none()));
        String address = place.address(directory);
        try (Store store = Addresses.store(address, place.environment())) {
            assertThat(StoreCopy.from(memory)
                            .to(store)
                            .build()
                            .copy(memory.series())
                            .failed())
                    .isEmpty();
            assertSame(store);
            Store back = MemoryStore.create();
            StoreCopy.from(store).to(back).build().copy(store.series());
            for (Series series : memory.series()) {
                assertThat(StoreComparison.of(memory, back)
                                .compare(series, YEAR)
                                .isEqual())
                        .isTrue();
            }
        }
        assertCommandPrintsTheSame(address, place);
    }

    @ParameterizedTest
    @MethodSource("stores")
    void recordedRowsAreReadAsTheyWerePublished(Place place) throws Exception {
        assumeTrue(RecordedData.binance().isPresent(), "no recorded data here");
        Path file = RecordedData.binance().orElseThrow().resolve("vision/csv/spot-klines-1h/BTCUSDT-1h-2024-12.csv.gz");
        List<String> lines;
        try (GZIPInputStream bytes = new GZIPInputStream(Files.newInputStream(file))) {
            lines = new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        Series series = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
        BatchBuilder builder = new BatchBuilder(series, lines.size());
        for (String line : lines) {
            String[] cells = line.split(",", -1);
            builder.row(
                    time(cells[0]),
                    cells[1],
                    cells[2],
                    cells[3],
                    cells[4],
                    cells[5],
                    time(cells[6]),
                    cells[7],
                    Long.valueOf(cells[8]),
                    cells[9],
                    cells[10]);
        }
        Batch rows = builder.build();
        TimeRange december = TimeRange.month("2024-12");
        try (Store store = Addresses.store(place.address(directory), place.environment())) {
            for (Store each : List.of(memory, store)) {
                each.write(Batches.of(series, december, List.of(rows), Provenance.none()));
            }
            assertSame(store);
            assertThat(csv(store, series).lines().skip(1))
                    .containsExactlyElementsOf(
                            lines.stream().map(RecordedDataTest::printed).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void filesOfTicksAreReadAsTheSameBytes(Place place) throws Exception {
        TimeRange days = TimeRange.of("2024-01-01", "2024-01-03");
        try (TardisSimulator published =
                        TardisSimulator.builder().messagesPerDay(200).start();
                TardisSource tardis = TardisSource.builder()
                        .baseUrl(published.baseUrl())
                        .apiUrl(published.baseUrl())
                        .cache(directory.resolve("cache"))
                        .build();
                Store store = Addresses.store(place.address(directory), place.environment())) {
            for (String dataset : List.of("trades", "book:5", "book:l2")) {
                Series series = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/" + dataset);
                for (Store each : List.of(memory, store)) {
                    each.write(tardis.read(series, days));
                }
                assertThat(memory.ledger(series, days).stream()
                                .mapToLong(LedgerEntry::rows)
                                .sum())
                        .as(dataset)
                        .isPositive();
            }
            assertSame(store);
        }
    }

    private void assertSame(Store store) {
        assertThat(store.series()).isEqualTo(memory.series());
        for (Series series : memory.series()) {
            assertThat(csv(store, series)).isEqualTo(csv(memory, series));
            assertThat(identities(store, series)).isEqualTo(identities(memory, series));
            assertThat(store.coverage(series, YEAR).gaps())
                    .isEqualTo(memory.coverage(series, YEAR).gaps());
            assertThat(StoreComparison.of(memory, store).compare(series, YEAR)).matches(found -> found.isEqual());
        }
    }

    private void assertCommandPrintsTheSame(String address, Place place) {
        for (Series series : memory.series()) {
            Run read = Run.of(
                    place.environment(),
                    "read",
                    "--format",
                    "csv",
                    "--store",
                    address,
                    "--series",
                    series.toString(),
                    "--start",
                    "2024-01-01",
                    "--end",
                    "2025-01-01");
            assertThat(read.code()).as(read.err()).isEqualTo(ExitCode.DONE);
            assertThat(read.out()).isEqualTo(csv(memory, series));
        }
    }

    private static List<String> identities(Store store, Series series) {
        return store.ledger(series, YEAR).stream()
                .map(SameInEveryStoreTest::identity)
                .toList();
    }

    private static String identity(LedgerEntry entry) {
        return entry.unit() + " " + entry.rows() + " " + entry.contentHash() + " " + entry.present() + " "
                + entry.gaps();
    }

    private static String csv(Store store, Series series) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RowFormat csv = RowFormat.of("csv", new TextOutput(bytes), 1);
        csv.begin(series.schema());
        try (QueryResult rows = Query.of(series, YEAR).on(store)) {
            rows.forEach(csv::rows);
        }
        csv.end();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Batch extremes() {
        BatchBuilder builder = new BatchBuilder(HOURS, 4);
        Instant open = Instant.parse("2024-06-01T00:00:00Z");
        for (String[] row : List.of(
                new String[] {"0.00000001", "999999999999999999"},
                new String[] {"9999999999.99999999", "9".repeat(30) + "." + "9".repeat(8)},
                new String[] {"0", "92233720368.54775808"},
                new String[] {"-0.1", "123456789012345678.00000001"})) {
            builder.row(
                    open,
                    row[0],
                    row[0],
                    row[0],
                    row[0],
                    row[1],
                    open.plusMillis(3_599_999),
                    row[1],
                    Long.MAX_VALUE,
                    row[1],
                    "0");
            open = open.plus(1, ChronoUnit.HOURS);
        }
        return builder.build();
    }

    // Milliseconds have 13 digits in these years, microseconds 16.
    private static Instant time(String digits) {
        return Instant.EPOCH.plus(Long.parseLong(digits), digits.length() > 13 ? ChronoUnit.MICROS : ChronoUnit.MILLIS);
    }
}
