package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.sink.gcp.testing.BigQueryJobKind;
import dev.candlewick.sink.gcp.testing.BigQueryRequest;
import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import dev.candlewick.sink.gcp.testing.LocalCloudStorage;
import dev.candlewick.sink.gcp.testing.StorageCall;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands over stores in the cloud, as a user types them one after the other (S1.36, S4.27, S4.31). Cloud Storage is
 * asked with the key of a service account; the local BigQuery, like every emulator, is asked without.
 */
class CloudStoresTest {

    private static final String SERIES = " --series " + StoreOnTrial.BTC;
    private static final String RANGE = " " + StoreOnTrial.range("2023-02-01", "2023-05-01");
    private static final String CANARY = "CANARY-5f1c";

    private static LocalBigQuery warehouse;
    private static int datasets;

    @TempDir
    private Path directory;

    private LocalCloudStorage storage;
    private String parquet;
    private String gcs;
    private String bigquery;

    @BeforeAll
    static void open() {
        warehouse = LocalBigQuery.start();
    }

    @AfterAll
    static void shut() {
        warehouse.close();
    }

    @BeforeEach
    void begin() {
        storage = LocalCloudStorage.start().bucket("candles");
        storage.requireCredentials();
        parquet = "parquet:" + directory.resolve("store");
        gcs = "gcs:candles/lake";
        bigquery = "bigquery:local-project.market_" + ++datasets;
    }

    @AfterEach
    void end() {
        warehouse.faults().clear();
        storage.close();
    }

    @Test
    void rowsGoFromTheVenueThroughBothStoresAndStayTheSame() throws Exception {
        try (BinanceSimulator venue = StoreOnTrial.openVenue()) {
            Map<String, String> world = world(venue);
            for (String store : List.of(parquet, gcs)) {
                done(world, "backfill --from binance:spot --to " + store + SERIES + RANGE);
            }
            venue.requests().clear();
            done(world, "backfill --from binance:spot --to " + gcs + SERIES + RANGE);
            done(world, "copy --all --from " + gcs + " --to " + bigquery);
            int loads = warehouse.jobs(BigQueryJobKind.LOAD);
            done(world, "copy --all --from " + gcs + " --to " + bigquery);
            assertThat(warehouse.jobs(BigQueryJobKind.LOAD))
                    .as("a second copy loads nothing")
                    .isEqualTo(loads);
            done(world, "compare --all --left " + gcs + " --right " + bigquery);
            done(world, "compare --all --quick --left " + parquet + " --right " + bigquery);
            assertThat(venue.requests().all()).as("no data twice").isEmpty();
            String rows = done(world, "read --format csv --store " + parquet + SERIES + RANGE);
            String latest = done(world, "latest --store " + parquet);
            assertThat(rows.lines()).hasSize(1 + (28 + 31 + 30) * 24);
            for (String store : List.of(gcs, bigquery)) {
                assertThat(done(world, "read --format csv --store " + store + SERIES + RANGE))
                        .isEqualTo(rows);
                assertThat(done(world, "latest --store " + store)).isEqualTo(latest);
                assertThat(done(world, "gaps --store " + store + SERIES + RANGE))
                        .isEqualTo("No gaps.\n");
                assertThat(done(world, "status --store " + store)).contains(StoreOnTrial.BTC, "2,136", "none");
                assertThat(done(world, "verify --store " + store)).contains("3 units, 2136 rows", "sound");
            }
        }
    }

    @Test
    void aPlanSaysWhatWritingUsesUpAndADryRunWhatReadingDoes() throws Exception {
        try (BinanceSimulator venue = StoreOnTrial.openVenue()) {
            Map<String, String> world = world(venue);
            int loads = warehouse.jobs(BigQueryJobKind.LOAD);
            String plan = done(world, "plan --from binance:spot --to " + bigquery + SERIES + RANGE);
            assertThat(plan)
                    .contains("3 units", "writing: BigQuery: about 1 load job", "100,000 per project and day")
                    .contains("0 of 1,500 modifications per table and day");
            assertThat(venue.requests().all()).as("a plan asks no venue").isEmpty();
            assertThat(warehouse.jobs(BigQueryJobKind.LOAD))
                    .as("nor does it write")
                    .isEqualTo(loads);
            done(world, "backfill --from binance:spot --to " + bigquery + SERIES + RANGE);
            done(world, "backfill --from binance:spot --to " + gcs + SERIES + RANGE);
            assertThat(done(world, "plan --from binance:spot --to " + bigquery + SERIES + RANGE))
                    .contains("Nothing to do")
                    .doesNotContain("writing:");
            assertThat(done(world, "plan --from binance:spot --to " + gcs + SERIES + RANGE))
                    .contains("Nothing to do");
            int asked = warehouse.requests().size();
            String line =
                    "read --dry-run" + SERIES + " " + StoreOnTrial.range("2023-03-01", "2023-03-03") + " --store ";
            assertThat(done(world, line + bigquery))
                    .containsPattern("48 rows, [1-9][0-9.,]* k?B")
                    .hasLineCount(1);
            assertThat(warehouse.requests().stream().skip(asked).map(BigQueryRequest::body))
                    .filteredOn(body -> body.contains("candles_1h`"))
                    .as("questions for rows")
                    .isNotEmpty()
                    .allMatch(body -> body.contains("\"dryRun\":true"));
            storage.traffic().reset();
            assertThat(done(world, line + gcs))
                    .contains("not known beforehand, at most 744 rows")
                    .hasLineCount(1);
            assertThat(storage.traffic().bytesRead())
                    .as("the ends of objects only")
                    .isLessThan(1 << 20);
        }
    }

    @Test
    void aMonthOfMinutesOfTwentySymbolsIsOneOrTwoLoadJobs() {
        Instant listed = Instant.parse("2023-01-01T00:00:00Z");
        SyntheticMarket.Builder market = SyntheticMarket.seeded(11);
        List<String> symbols =
                IntStream.range(0, 20).mapToObj(i -> "S" + (char) ('A' + i)).toList();
        symbols.forEach(symbol -> market.spot(symbol + "USDT", symbol, "USDT", listed));
        try (BinanceSimulator venue = BinanceSimulator.builder()
                .market(market.build())
                .clock(Clock.fixed(Instant.parse("2023-06-10T00:30:00Z"), ZoneOffset.UTC))
                .uncompressedArchive()
                .start()) {
            Map<String, String> world = world(venue);
            String asked = symbols.stream()
                    .map(symbol -> " --series BINANCE:SPOT_PAIR:" + symbol + "-USDT/candles:1m")
                    .collect(Collectors.joining());
            int loads = warehouse.jobs(BigQueryJobKind.LOAD);
            int scripts = warehouse.jobs(BigQueryJobKind.SCRIPT);
            done(
                    world,
                    "backfill --from binance:spot --to " + bigquery + asked + " "
                            + StoreOnTrial.range("2023-02-01", "2023-03-01"));
            assertThat(warehouse.jobs(BigQueryJobKind.LOAD) - loads).isBetween(1, 2);
            assertThat(warehouse.jobs(BigQueryJobKind.SCRIPT) - scripts).isBetween(1, 2);
            assertThat(done(world, "status --store " + bigquery)
                            .lines()
                            .filter(line -> line.contains("candles:1m") && line.contains("40,320")))
                    .hasSize(20);
        }
    }

    @Test
    void ingestAsksTheBucketAtMostFourTimesPerUnit() throws Exception {
        try (BinanceSimulator venue = StoreOnTrial.openVenue()) {
            Map<String, String> world = world(venue);
            storage.traffic().reset();
            done(
                    world,
                    "backfill --from binance:spot --to " + gcs + SERIES + " --series " + StoreOnTrial.ETH + " "
                            + StoreOnTrial.range("2022-06-01", "2023-06-01"));
            int asked = storage.traffic().requests() - storage.traffic().count(StorageCall.TOKEN);
            assertThat(asked).as(storage.traffic().toString()).isLessThanOrEqualTo(24 * 4);
        }
    }

    @Test
    void aQuotaThatIsUsedUpIsNamedAndTheSameCommandGoesOn() throws Exception {
        try (BinanceSimulator venue = StoreOnTrial.openVenue()) {
            Map<String, String> world = world(venue);
            String line = "backfill --from binance:spot --to " + bigquery + SERIES + RANGE;
            warehouse
                    .faults()
                    .next(20)
                    .jobs(BigQueryJobKind.LOAD)
                    .fail("quotaExceeded", "Quota exceeded: imports per project");
            Run first = run(world, line);
            assertThat(first.code()).as(first.out() + first.err()).isEqualTo(ExitCode.FAILED);
            assertThat(first.out() + first.err()).contains("quota").doesNotContain("\tat ");
            warehouse.faults().clear();
            done(world, line);
            assertThat(done(world, "verify --store " + bigquery)).contains("3 units, 2136 rows", "sound");
        }
    }

    @Test
    void aStorageCheckTriesStoresInTheCloudAndLeavesNothing() throws Exception {
        Map<String, String> world = world();
        for (String store : List.of(gcs, bigquery)) {
            Run check = run(world, "storage-check " + store);
            assertThat(check.code()).as(check.out() + check.err()).isEqualTo(ExitCode.DONE);
            assertThat(check.out())
                    .containsPattern("write +[0-9.]+ m?s  5 rows committed")
                    .contains("5 rows, the same as were written", "nothing is left")
                    .doesNotContain("FAILED");
        }
    }

    @Test
    void linksLetOthersFetchTheFilesUntilTheyExpire() throws Exception {
        try (BinanceSimulator venue = StoreOnTrial.openVenue()) {
            Map<String, String> world = world(venue);
            done(world, "backfill --from binance:spot --to " + gcs + SERIES + RANGE);
            Run links = run(world, "links --expires 2h --store " + gcs + SERIES);
            assertThat(links.code()).as(links.err()).isEqualTo(ExitCode.DONE);
            assertThat(links.err()).isEmpty();
            assertThat(links.lines()).hasSize(3).allMatch(link -> link.contains("X-Goog-Expires=7200"));
            for (String link : links.lines()) {
                HttpResponse<byte[]> file = fetch(link);
                assertThat(file.statusCode()).isEqualTo(200);
                String name = URI.create(link).getPath().replaceFirst("^/candles/", "");
                assertThat(file.body())
                        .isEqualTo(storage.content("candles", name).orElseThrow());
                assertThat(fetch(link.replaceFirst("X-Goog-Expires=7200", "X-Goog-Expires=9999"))
                                .statusCode())
                        .as("nobody prolongs it")
                        .isGreaterThanOrEqualTo(400);
            }
            assertThat(done(
                                    world,
                                    "links --store " + gcs + SERIES + " "
                                            + StoreOnTrial.range("2023-03-05", "2023-03-06"))
                            .lines())
                    .as("the file that holds the day")
                    .hasSize(1)
                    .allMatch(link -> link.contains("X-Goog-Expires=3600") && link.contains("2023-03"));
            Run nothing =
                    run(world, "links --store " + gcs + SERIES + " " + StoreOnTrial.range("2021-03-05", "2021-03-06"));
            assertThat(nothing.code()).isEqualTo(ExitCode.DONE);
            assertThat(nothing.out()).isEmpty();
            assertThat(nothing.err()).contains("holds no row of " + StoreOnTrial.BTC);
        }
    }

    @Test
    void whereNothingCanBeSignedLinksSayWhy() throws Exception {
        try (BinanceSimulator venue = StoreOnTrial.openVenue()) {
            Map<String, String> world = world(venue);
            for (String store : List.of(parquet, gcs, bigquery)) {
                done(world, "backfill --from binance:spot --to " + store + SERIES + RANGE);
            }
            assertFails(world, "links --store " + parquet + SERIES, "only stores in object storages sign");
            assertMeaningless(world, "links --store " + bigquery + SERIES, "is no store of Parquet files", "gcs:");
            LocalCloudStorage open = LocalCloudStorage.start().bucket("candles");
            try (open) {
                Map<String, String> nobody = new HashMap<>(venue.environment());
                nobody.put("STORAGE_EMULATOR_HOST", open.endpoint().toString());
                done(nobody, "backfill --from binance:spot --to " + gcs + SERIES + RANGE);
                assertFails(nobody, "links --store " + gcs + SERIES, "cannot sign", "service account");
            }
            for (String expires : List.of("2", "h", "-1h", "2y", "1.5h", "99999999h")) {
                assertMeaningless(world, "links --store " + gcs + SERIES + " --expires " + expires, "30m, 12h or 7d");
            }
            assertMeaningless(world, "links --store " + gcs + SERIES + " --expires 8d", "seven days");
            assertMeaningless(world, "links --store " + gcs + SERIES + " --expires 0s", "one second");
            assertMeaningless(world, "links --store " + gcs, "--series");
            assertMeaningless(world, "links" + SERIES, "--store");
            assertMeaningless(world, "links --store " + gcs + SERIES + " --start 2023-02-01", "--end");
            assertFails(world, "links --store " + gcs + " --series " + StoreOnTrial.ETH, "holds nothing of");
        }
    }

    @Test
    void nothingIsFoundSoundWhereThereIsNoStore() throws Exception {
        for (String store : List.of(gcs, bigquery)) {
            for (String line : List.of(
                    "verify --store " + store,
                    "status --store " + store,
                    "latest --store " + store,
                    "links --store " + store + SERIES,
                    "copy --all --from " + store + " --to " + parquet)) {
                assertFails(world(), line, "here is no ");
            }
        }
        assertThat(directory.resolve("store")).doesNotExist();
        assertThat(storage.names("candles")).isEmpty();
    }

    @Test
    void anAddressThatMeansNothingEndsWithTwo() throws Exception {
        Map<String, String> world = world();
        assertMeaningless(world, "status --store gcs:", "needs a bucket", "GCS_BUCKET");
        assertMeaningless(world, "status --store gcs:/lake", "needs a bucket");
        assertMeaningless(world, "status --store s3:", "s3:");
        assertMeaningless(world, "status --store bigquery:", "bigquery:PROJECT.DATASET");
        assertMeaningless(world, "status --store bigquery:market", "GCP_PROJECT_ID");
        assertMeaningless(world, "status --store gs:candles/lake", "is no store known here", "gcs:");
        Map<String, String> odd = new HashMap<>(world);
        odd.put("BIGQUERY_LAYOUT", "pyramids");
        assertMeaningless(odd, "status --store " + bigquery, "BIGQUERY_LAYOUT", "timeframes");
        odd.put("BIGQUERY_LAYOUT", "standard");
        odd.put("BIGQUERY_MAXIMUM_BYTES_BILLED", "lots");
        assertMeaningless(odd, "status --store " + bigquery, "BIGQUERY_MAXIMUM_BYTES_BILLED");
    }

    @Test
    void placesOfTheEnvironmentAreFound() throws Exception {
        try (BinanceSimulator venue = StoreOnTrial.openVenue()) {
            Map<String, String> world = world(venue);
            world.put("GCS_BUCKET", "candles");
            world.put("GCP_PROJECT_ID", "local-project");
            world.put("BIGQUERY_DATASET", bigquery.substring(bigquery.indexOf('.') + 1));
            done(world, "backfill --from binance:spot --to gcs:/lake" + SERIES + RANGE);
            assertThat(done(world, "status --store " + gcs)).contains("2,136");
            done(world, "copy --all --from gcs:/lake --to bigquery:");
            assertThat(done(world, "status --store " + bigquery)).contains("2,136");
        }
    }

    @Test
    void aBucketThatIsNotThereIsNamed() throws Exception {
        Run check = run(world(), "storage-check gcs:nobodys-bucket/lake");
        assertThat(check.code()).isEqualTo(ExitCode.FAILED);
        assertThat(check.out() + check.err()).contains("nobodys-bucket").containsIgnoringCase("create");
        assertFails(world(), "status --store gcs:nobodys-bucket/lake", "nobodys-bucket");
    }

    @Test
    void aNetworkThatIsNotThereIsOneClearMessage() {
        Map<String, String> nowhere = Map.of(
                "STORAGE_EMULATOR_HOST", "http://127.0.0.1:1",
                "BIGQUERY_ENDPOINT", "http://127.0.0.1:1",
                "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1",
                "AWS_ACCESS_KEY_ID", "nobody",
                "AWS_SECRET_ACCESS_KEY", CANARY);
        for (String store : List.of(gcs, bigquery, "s3:candles/lake")) {
            Run status = run(nowhere, "status --store " + store);
            assertThat(status.code()).as(store).isEqualTo(ExitCode.FAILED);
            assertThat(status.err()).as(store).startsWith("candlewick: ").hasLineCount(1);
            Run check = run(nowhere, "storage-check " + store);
            assertThat(check.code()).as(store).isEqualTo(ExitCode.FAILED);
            assertThat(check.out() + check.err()).as(store).doesNotContain("\tat ", CANARY);
        }
    }

    @Test
    void credentialsThatAreMissingOrWrongAreToldWithoutTheirContent() throws Exception {
        Map<String, String> nobody = Map.of("GCS_ENDPOINT", storage.endpoint().toString());
        assertFails(nobody, "status --store " + gcs, "GCP_CREDENTIALS_PATH");
        Map<String, String> stranger = new HashMap<>(nobody);
        stranger.put("GCP_CREDENTIALS_PATH", file("stranger", storage.serviceAccountWithWrongKey()));
        assertFails(stranger, "status --store " + gcs, "GCP_CREDENTIALS_PATH");
        Map<String, String> lost =
                Map.of("GCP_CREDENTIALS_PATH", directory.resolve("lost.json").toString());
        for (String store : List.of(gcs, bigquery)) {
            assertFails(lost, "status --store " + store, "lost.json", "GCP_CREDENTIALS_PATH");
        }
        int number = 0;
        for (String content : List.of(
                CANARY,
                "{\"type\":\"service_account\",\"private_key\":\"" + CANARY + "\"}",
                "{\"type\":\"" + CANARY + "\"}",
                storage.serviceAccount().replace("-----BEGIN", CANARY + "-----BEGIN"))) {
            String file = file("broken-" + ++number, content);
            Map<String, String> broken = Map.of("GCP_CREDENTIALS_PATH", file, "GCS_ENDPOINT", "http://127.0.0.1:1");
            for (String store : List.of(gcs, bigquery)) {
                for (String line : List.of(
                        "status --debug --store " + store,
                        "storage-check --debug " + store,
                        "links --debug --store " + store + SERIES)) {
                    Run run = run(broken, line);
                    assertThat(run.code()).as(line).isEqualTo(ExitCode.FAILED);
                    assertThat(run.out() + run.err()).as(line).isNotEmpty().doesNotContain(CANARY);
                }
            }
        }
    }

    private Map<String, String> world(BinanceSimulator venue) {
        Map<String, String> all = new HashMap<>(venue.environment());
        all.putAll(world());
        return all;
    }

    private Map<String, String> world() {
        return Map.of(
                "GCS_ENDPOINT", storage.endpoint().toString(),
                "GCP_CREDENTIALS_PATH", file("account", storage.serviceAccount()),
                "BIGQUERY_ENDPOINT", warehouse.endpoint().toString());
    }

    private String file(String name, String content) {
        try {
            return Files.writeString(directory.resolve(name + ".json"), content).toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static HttpResponse<byte[]> fetch(String address) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static Run run(Map<String, String> world, String line) {
        return Run.of(world, line.split(" "));
    }

    private static String done(Map<String, String> world, String line) {
        Run run = run(world, line);
        assertThat(run.code()).as(line + "\n" + run.out() + run.err()).isEqualTo(ExitCode.DONE);
        return run.out();
    }

    private static void assertFails(Map<String, String> world, String line, String... said) {
        Run run = run(world, line);
        assertThat(run.code()).as(line + "\n" + run.out() + run.err()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).as(line).isEmpty();
        assertThat(run.err()).as(line).contains(said).doesNotContain("\tat ", "PRIVATE KEY");
    }

    private static void assertMeaningless(Map<String, String> world, String line, String... said) {
        Run run = run(world, line);
        assertThat(run.code()).as(line + "\n" + run.out() + run.err()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).as(line).isEmpty();
        assertThat(run.err())
                .as(line)
                .contains(said)
                .contains("Try 'candlewick")
                .doesNotContain("\tat ");
    }
}
