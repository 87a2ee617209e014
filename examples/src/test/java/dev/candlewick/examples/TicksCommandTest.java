package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.candlewick.Backfiller;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.feature.HftFeatures;
import dev.candlewick.feature.HftSettings;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import dev.candlewick.source.tardis.simulator.Fault;
import dev.candlewick.source.tardis.simulator.ServedRequest;
import dev.candlewick.source.tardis.simulator.TardisSimulator;
import dev.candlewick.spi.Addresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every mode of {@code candlewick ticks} as a user types it, against a simulated Tardis and a store on disk (S4.1–S4.14). */
class TicksCommandTest {

    private static final String KEY = "TD.secret-of-the-test";
    private static final String PERPETUALS = "--venues binance-futures --instrument-types perpetual";
    private static final String BTC = "BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN";
    private static final String DAY = "2024-03-05";

    // Of the console that commands run in.
    private final LocalDate today = LocalDate.ofInstant(Clock.systemUTC().instant(), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private TardisSimulator tardis;
    private Map<String, String> environment;

    @BeforeEach
    void open() {
        tardis = TardisSimulator.builder()
                .key(KEY)
                .messagesPerDay(200)
                .exportedUntil(today.atStartOfDay(ZoneOffset.UTC).toInstant())
                .start();
        environment = new HashMap<>(Map.of(
                "TARDIS_API_KEY", KEY,
                "TARDIS_BASE_URL", tardis.baseUrl(),
                "TARDIS_API_URL", tardis.baseUrl(),
                "TARDIS_CACHE_DIR", directory.resolve("cache").toString(),
                "CANDLEWICK_STATE_DIR", directory.resolve("state").toString()));
    }

    @AfterEach
    void shut() {
        tardis.close();
    }

    @Test
    void daysWithoutDefinitionsAreFoundUntilTheyAreMade() {
        Run before = ticks("check-gaps --exchanges deribit okex --start-date 2024-03-05 --end-date 2024-03-06");
        assertThat(before.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(before.out()).contains("deribit: 2 of 2, 2024-03-05, 2024-03-06", "okex: 2 of 2");

        assertThat(ticks("instruments --exchanges deribit --start-date 2024-03-05 --end-date 2024-03-06")
                        .code())
                .isEqualTo(ExitCode.DONE);

        Run after = ticks("check-gaps --exchanges deribit --start-date 2024-03-05 --end-date 2024-03-06");
        assertThat(after.code()).isEqualTo(ExitCode.DONE);
        Run json = ticks("check-gaps --format json --exchanges deribit --start-date 2024-03-05 --end-date 2024-03-07");
        assertThat(json.out())
                .isEqualTo("{\"mode\":\"check-gaps\",\"days\":3,\"missing\":"
                        + "[{\"exchange\":\"deribit\",\"days\":[\"2024-03-07\"]}]}\n");
    }

    @Test
    void definitionsOfADayAreOneFileOfAllVenuesAndAreMadeOnce() {
        define("binance-futures deribit");

        assertThat(files())
                .contains("instrument_availability/by_date/day-2024-03-05/instruments.parquet")
                .filteredOn(file -> file.contains("/by_date/"))
                .hasSize(1);
        assertThat(rows("ALL:REGISTRY:INSTRUMENTS/instruments", "instrument_key"))
                .contains(BTC, "DERIBIT:PERPETUAL:BTC-USD@INV", "DERIBIT:OPTION:BTC-USD@INV-250627-40000-CALL")
                .hasSize(11);
        int asked = tardis.requests().size();
        Run again = day("instruments --exchanges binance-futures deribit");
        assertThat(again.code()).isEqualTo(ExitCode.DONE);
        assertThat(tardis.requests()).hasSize(asked);
    }

    @Test
    void downloadFetchesWhatTheReportListsIntoThePlacesThatPipelinesKnow() {
        define("binance-futures");
        Run report = day("missing-tick-reports " + PERPETUALS);
        assertThat(report.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(report.out()).contains("0 of 8 instrument-days settled, 0.00 %");
        assertThat(rows("ALL:REPORT:TICKS/tick_report:missing", "state")).containsOnly("missing");

        Run download = day("download " + PERPETUALS + " --data-types trades book_snapshot_5");

        assertThat(download.code()).isEqualTo(ExitCode.DONE);
        assertThat(download.out()).contains("4 fetched", "4 of 4 instrument-days settled, 100.00 %");
        assertThat(files())
                .contains(
                        "missing_data_reports/by_date/day-2024-03-05/missing_data.parquet",
                        "raw_tick_data/by_date/day-2024-03-05/data_type-trades/"
                                + "BINANCE-FUTURES%3APERPETUAL%3ABTC-USDT%40LIN.parquet",
                        "raw_tick_data/by_date/day-2024-03-05/data_type-book_snapshot_5/"
                                + "BINANCE-FUTURES%3APERPETUAL%3AETH-USDT%40LIN.parquet");
        int asked = tardis.fileRequests().size();
        assertThat(day("download " + PERPETUALS + " --data-types trades,book_snapshot_5")
                        .code())
                .isEqualTo(ExitCode.DONE);
        assertThat(tardis.fileRequests()).hasSize(asked);

        Run available = day("available-tick-reports " + PERPETUALS);
        assertThat(available.code()).isEqualTo(ExitCode.DONE);
        assertThat(rows("ALL:REPORT:TICKS/tick_report:available", "data_type"))
                .containsExactlyInAnyOrder("trades", "trades", "book_snapshot_5", "book_snapshot_5");
    }

    @Test
    void aFailedFileStopsNobodyIsReportedWithItsReasonAndFetchedByTheNextRun() {
        define("binance-futures");
        tardis.fail("trades/2024/03/05/ETHUSDT", Fault.notCovered(), 1);

        Run download = day("download " + PERPETUALS + " --data-types trades");

        assertThat(download.code()).isEqualTo(ExitCode.FAILED);
        assertThat(download.out()).contains("1 fetched", "1 failed", "1 of 2 instrument-days settled, 50.00 %");
        assertThat(download.err())
                .contains("ETH-USDT", "does not include access")
                .doesNotContain(KEY);
        day("missing-reports " + PERPETUALS + " --data-types trades");
        assertThat(rows("ALL:REPORT:TICKS/tick_report:missing", "state")).containsExactly("refused");
        assertThat(rows("ALL:REPORT:TICKS/tick_report:missing", "evidence").get(0))
                .contains("does not include access");

        int asked = tardis.fileRequests().size();
        Run again = day("download " + PERPETUALS + " --data-types trades");
        assertThat(again.code()).isEqualTo(ExitCode.DONE);
        assertThat(tardis.fileRequests().subList(asked, tardis.fileRequests().size()))
                .extracting(ServedRequest::path)
                .containsExactly("/v1/binance-futures/trades/2024/03/05/ETHUSDT.csv.gz");
        day("missing-reports " + PERPETUALS + " --data-types trades");
        assertThat(rows("ALL:REPORT:TICKS/tick_report:missing", "state")).isEmpty();
    }

    @Test
    void aKeyThatTardisDoesNotKnowEndsTheRunWithOneMessage() {
        define("binance-futures", "2024-03-05", "2024-03-08");
        day("download " + PERPETUALS + " --max-instruments 1 --data-types trades");
        int asked = tardis.fileRequests().size();
        environment.put("TARDIS_API_KEY", "TD.mistyped");

        Run wrong = ticks("download " + PERPETUALS + " --start-date 2024-03-05 --end-date 2024-03-08 --max-workers 1");

        assertThat(wrong.code()).isEqualTo(ExitCode.USAGE);
        assertThat(wrong.err())
                .containsOnlyOnce("Tardis does not know the key in TARDIS_API_KEY: HTTP 401")
                .contains("The API key is missing or invalid.", "the same command goes on")
                .doesNotContain("failed", "TD.mistyped");
        assertThat(wrong.out()).isEmpty();
        assertThat(tardis.fileRequests()).hasSize(asked + 1);
        assertThat(rows(BTC + "/trades", "side")).as("what was fetched before").isNotEmpty();
        day("missing-tick-reports " + PERPETUALS + " --data-types trades");
        assertThat(rows("ALL:REPORT:TICKS/tick_report:missing", "state"))
                .as("nothing is known of a file that was not looked at")
                .containsExactly("missing");

        Run defining = ticks("instruments --exchanges deribit --start-date 2024-03-05 --end-date 2024-03-05");
        assertThat(defining.code()).isEqualTo(ExitCode.USAGE);
        assertThat(defining.err()).contains("Tardis does not know the key in TARDIS_API_KEY");
    }

    @Test
    void aPlanThatDoesNotCoverAFileIsToldOfThatFileAndTheOthersAreFetched() {
        define("binance-futures");
        tardis.fail("liquidations/2024/03/05/BTCUSDT", Fault.notCovered(), 1);

        Run download = day("download " + PERPETUALS + " --data-types trades liquidations");

        assertThat(download.code()).isEqualTo(ExitCode.FAILED);
        assertThat(download.out()).contains("3 fetched", "1 failed");
        assertThat(download.err()).contains("liquidations", "does not include access");
    }

    @Test
    void countsOfARunArePostedWhereTheyAreWanted() throws IOException {
        define("binance-futures");
        List<String> posted = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/metrics", exchange -> {
            posted.add(exchange.getRequestMethod() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(posted.size() > 2 ? 500 : 202, -1);
            exchange.close();
        });
        collector.start();
        String address = "http://127.0.0.1:" + collector.getAddress().getPort() + "/metrics";
        environment.put("METRICS_ENDPOINT", address);
        String download = "download " + PERPETUALS + " --data-types trades liquidations";
        try {
            environment.put("ENABLE_MONITORING", "false");
            day(download + " --max-instruments 1");
            assertThat(posted).isEmpty();

            environment.put("ENABLE_MONITORING", "true");
            tardis.fail("liquidations/2024/03/05/ETHUSDT", Fault.notCovered(), 1);
            assertThat(day(download).code()).isEqualTo(ExitCode.FAILED);
            assertThat(posted)
                    .singleElement()
                    .satisfies(text -> assertThat(text)
                            .startsWith("POST # HELP candlewick_ticks_units ")
                            .contains(
                                    "# TYPE candlewick_ticks_units gauge\n",
                                    "\ncandlewick_ticks_units{mode=\"download\",dataset=\"trades\",outcome=\"committed\"} 1\n",
                                    "\ncandlewick_ticks_units{mode=\"download\",dataset=\"liquidations\",outcome=\"failed\"} 1\n",
                                    "\ncandlewick_ticks_instrument_days{mode=\"download\",state=\"present\"} 3\n",
                                    "\ncandlewick_ticks_exit_status{mode=\"download\"} 1\n",
                                    "\ncandlewick_ticks_finished_timestamp_seconds{mode=\"download\"} 1"));

            environment.put("TARDIS_API_KEY", "TD.mistyped");
            day(download + " --shard-index 0 --total-shards 2 --force");
            assertThat(posted.get(1)).contains("candlewick_ticks_exit_status{mode=\"download\",shard=\"0 of 2\"} 2\n");
            environment.put("TARDIS_API_KEY", KEY);
            Run unheard = day(download);
            assertThat(unheard.code()).as("the job did its work").isEqualTo(ExitCode.DONE);
            assertThat(unheard.err()).contains("The run's counts did not reach " + address, "HTTP 500");
        } finally {
            collector.stop(0);
        }
        Path file = directory.resolve("candlewick.prom");
        environment.put("METRICS_ENDPOINT", file.toString());
        day("missing-tick-reports " + PERPETUALS);
        assertThat(Files.readString(file))
                .contains("candlewick_ticks_exit_status{mode=\"missing-tick-reports\"} 3")
                .doesNotContain("candlewick_ticks_units{");
        environment.put("METRICS_ENDPOINT", "http://user:word@localhost/metrics");
        usage("check-gaps", "METRICS_ENDPOINT cannot carry a user or password");
        environment.remove("METRICS_ENDPOINT");
        usage("check-gaps", "ENABLE_MONITORING needs METRICS_ENDPOINT");
    }

    @Test
    void countsOfModesAndSharesAreGroupsOfTheirOwnAtAGateway() throws IOException {
        List<String> paths = new CopyOnWriteArrayList<>();
        HttpServer gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/", exchange -> {
            paths.add(exchange.getRequestURI().getRawPath());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        gateway.start();
        String address = "HTTP://127.0.0.1:" + gateway.getAddress().getPort();
        try {
            environment.put("METRICS_ENDPOINT", address + "/metrics/job/candlewick/");
            day("check-gaps --exchanges deribit");
            day("check-gaps --exchanges deribit --shard-index 1 --total-shards 3");
            environment.put("METRICS_ENDPOINT", address + "/metrics/job/candlewick/mode/nightly");
            day("check-gaps --exchanges deribit");
            environment.put("METRICS_ENDPOINT", address + "/write");
            day("check-gaps --exchanges deribit");
        } finally {
            gateway.stop(0);
        }
        assertThat(paths)
                .containsExactly(
                        "/metrics/job/candlewick/mode/check-gaps",
                        "/metrics/job/candlewick/mode/check-gaps/shard/1%20of%203",
                        "/metrics/job/candlewick/mode/nightly",
                        "/write");
    }

    @Test
    void aPlaceForCountsThatCannotBeMeantIsRefusedBeforeTheRun() {
        Map.of(
                        "http://localhost:99999/metrics",
                        "a port that is no number from 1 to 65535",
                        "http://localhost:0/metrics",
                        "a port that is no number from 1 to 65535",
                        "http://localhost:99999999999/metrics",
                        "a port that is no number from 1 to 65535",
                        "http://push_gateway:9091/metrics",
                        "a host with '_' in its name",
                        "http:///metrics",
                        "names no host after its //",
                        "localhost:9091/metrics",
                        "an address begins with http:// or https://",
                        "ftp://localhost/metrics",
                        "begins with http://, https:// or file:",
                        "user:word@localhost:9091/metrics",
                        "an address begins with http:// or https://",
                        directory + "/nowhere/run.prom",
                        "in a directory that is not there",
                        directory.toString(),
                        "is a directory")
                .forEach((place, message) -> {
                    environment.put("METRICS_ENDPOINT", place);
                    Run refused = day("check-gaps --exchanges deribit");
                    assertThat(refused.code()).as(place).isEqualTo(ExitCode.USAGE);
                    assertThat(refused.err()).contains(message).doesNotContain("word");
                });
    }

    @Test
    void thatNobodyTakesTheCountsIsToldByItsKind() throws IOException {
        environment.put("METRICS_ENDPOINT", "http://127.0.0.1:1/metrics");
        Run refused = day("check-gaps --exchanges deribit");
        assertThat(refused.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(refused.err()).contains("did not reach", "ConnectException").doesNotContain("null");

        Path counts = Files.createDirectories(directory.resolve("counts"));
        environment.put("METRICS_ENDPOINT", counts.resolve("run.prom").toUri().toString());
        day("check-gaps --exchanges deribit");
        day("check-gaps --exchanges deribit");
        try (Stream<Path> left = Files.list(counts)) {
            assertThat(left).containsExactly(counts.resolve("run.prom"));
        }
    }

    @Test
    void aRunThatWasStoppedTellsItsCountsAndStaysStopped() throws IOException {
        List<String> posted = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        define("binance-futures");
        environment.put(
                "METRICS_ENDPOINT", "http://127.0.0.1:" + collector.getAddress().getPort() + "/counts");
        try {
            Thread.currentThread().interrupt();
            Run stopped = day("download " + PERPETUALS + " --data-types trades");
            assertThat(Thread.interrupted()).as("still stopped").isTrue();
            assertThat(stopped.code()).as(stopped.err()).isEqualTo(ExitCode.INTERRUPTED);
        } finally {
            collector.stop(0);
        }
        assertThat(posted)
                .singleElement()
                .satisfies(text -> assertThat(text).contains("candlewick_ticks_exit_status{mode=\"download\"} 130"));
    }

    @Test
    void aVariableThatIsExportedWithoutAValueHidesNothing() throws IOException {
        define("binance-futures");
        Path env = Files.writeString(
                directory.resolve("blank.env"),
                "TARDIS_API_KEY=" + KEY + "\nDOWNLOAD_VENUES=binance-futures\nMAX_CONCURRENT_REQUESTS=\n");
        Path config =
                Files.writeString(directory.resolve("blank.yaml"), "environment:\n  MAX_CONCURRENT_REQUESTS: none\n");
        environment.put("TARDIS_API_KEY", " ");
        environment.put("DOWNLOAD_VENUES", "");
        String download =
                "download --instrument-types perpetual --max-instruments 1 --data-types trades --env-file " + env;

        Run run = day(download);

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        usage(download + " --config-file " + config, "MAX_CONCURRENT_REQUESTS needs a whole number");
    }

    @Test
    void variablesThatNothingIsMadeOfAreSaidAndTheOthersHold() {
        environment.putAll(Map.of(
                "BATCH_SIZE", "1000",
                "USE_SECRET_MANAGER", "true",
                "LOG_DESTINATION", "local",
                "CACHE_TTL", "0",
                "RATE_LIMIT_PER_VM", "1000000"));
        Run defined = day("instruments --exchanges deribit");
        assertThat(defined.err())
                .containsOnlyOnce("Not used: ")
                .contains("BATCH_SIZE (rows go", "USE_SECRET_MANAGER (hand the secret over in TARDIS_API_KEY)")
                .doesNotContain("LOG_DESTINATION");
        environment.remove("BATCH_SIZE");
        environment.remove("USE_SECRET_MANAGER");
        for (String word : List.of("true", "Yes", "on", "1")) {
            environment.put("ENABLE_CACHING", word);
            environment.put("MEMORY_EFFICIENT", word);
            assertThat(day("instruments --exchanges deribit").err()).doesNotContain("Not used");
        }
        environment.put("ENABLE_CACHING", "0");
        environment.put("MEMORY_EFFICIENT", "false");
        assertThat(day("instruments --exchanges deribit").err())
                .contains("ENABLE_CACHING (files and", "MEMORY_EFFICIENT (memory is bounded always)");
        environment.remove("ENABLE_CACHING");
        environment.remove("MEMORY_EFFICIENT");
        int asked = tardis.requests().size();
        day("instruments --exchanges deribit --force --log-level ERROR");
        assertThat(tardis.requests()).as("nothing is kept").hasSizeGreaterThan(asked);

        environment.put("CACHE_TTL", "3600");
        day("instruments --exchanges deribit --force");
        asked = tardis.requests().size();
        assertThat(day("instruments --exchanges deribit --force --log-level ERROR")
                        .err())
                .isEmpty();
        assertThat(tardis.requests()).as("kept for an hour").hasSize(asked);

        environment.put("RATE_LIMIT_PER_VM", "100");
        usage("check-gaps", "RATE_LIMIT_PER_VM needs a whole number of 1440 or more");
        environment.remove("RATE_LIMIT_PER_VM");
        environment.put("TARDIS_MAX_RETRIES", "many");
        Run retries = day("instruments --exchanges deribit --force");
        assertThat(retries.code()).isEqualTo(ExitCode.USAGE);
        assertThat(retries.err()).contains("TARDIS_MAX_RETRIES needs a whole number from 0 to 30");
    }

    @Test
    void rowsThatWaitForAFeedAreMadeWithoutItWhenThatIsAccepted() {
        define("binance-futures");
        String one = PERPETUALS + " --max-instruments 1 --timeframes 1h --accept-boundary ";
        day("download " + PERPETUALS + " --max-instruments 1 --data-types trades");
        day("download " + PERPETUALS + " --data-types liquidations");
        tardis.fail("book_snapshot_5/2024/03/05/BTCUSDT", Fault.notCovered(), 1);
        define("binance-futures", "2024-03-04", "2024-03-04");
        ticks("download " + PERPETUALS
                + " --max-instruments 1 --data-types book_snapshot_5 --start-date 2024-03-04 --end-date 2024-03-04");

        Run waiting = day("candle-processing " + one);
        assertThat(waiting.code()).as(waiting.out()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(waiting.out()).contains("--accept-missing-feeds");

        Run made = day("candle-processing " + one + "--accept-missing-feeds");
        assertThat(made.code()).as(made.out() + made.err()).isEqualTo(ExitCode.DONE);
        assertThat(rows(BTC + "/features:hft:1h", "timestamp")).hasSize(24);
    }

    @Test
    void candlesThatWereMadeBeforeAFeedCameAreMadeAnewWithIt() {
        define("binance-futures");
        String one = PERPETUALS + " --max-instruments 1 ";
        String make = "candle-processing " + one + "--timeframes 1m 1h --accept-boundary";
        String indicators = "mft-processing " + one + "--timeframes 1h";
        day("download " + one + "--data-types trades");
        assertThat(day(make).out()).containsPattern("1,4[0-9]{2} rows made");
        assertThat(day(indicators).out()).contains("24 rows made");
        String spreads = "spread_bps";
        assertThat(rows(BTC + "/features:hft:1m", spreads)).containsOnly("");

        day("download " + one + "--data-types book_snapshot_5");
        Run anew = day(make);

        assertThat(anew.code()).as(anew.out() + anew.err()).isEqualTo(ExitCode.DONE);
        assertThat(rows(BTC + "/features:hft:1m", spreads)).anyMatch(cell -> !cell.isEmpty());
        assertThat(rows(BTC + "/features:hft:1h", spreads)).hasSize(24).anyMatch(cell -> !cell.isEmpty());
        day(indicators);
        for (String again : List.of(make, indicators)) {
            Run nothing = day(again + " --log-level INFO");
            assertThat(nothing.out()).contains(": 0 rows made");
            assertThat(nothing.err()).doesNotContain("features:");
        }
    }

    @Test
    void candlesThatWereMadeWithoutAFeedThatWasWaitedForAreMadeAnewWithIt() {
        define("binance-futures", "2024-03-04", "2024-03-05");
        String one = PERPETUALS + " --max-instruments 1 ";
        String make = "candle-processing " + one + "--timeframes 1h --accept-boundary --accept-missing-feeds";
        day("download " + one + "--data-types trades");
        ticks("download " + one + "--data-types book_snapshot_5 --start-date 2024-03-04 --end-date 2024-03-04");
        assertThat(day(make).out()).contains("24 rows made");
        assertThat(day(make).out()).contains(": 0 rows made");

        day("download " + one + "--data-types book_snapshot_5");
        day(make);

        assertThat(rows(BTC + "/features:hft:1h", "spread_bps")).hasSize(24).anyMatch(cell -> !cell.isEmpty());
        assertThat(day(make).out()).contains(": 0 rows made");
    }

    @Test
    void candlesThatTheLibraryMadeBeforeAFeedCameAreMadeAnewOnce() {
        define("binance-futures");
        String one = PERPETUALS + " --max-instruments 1 ";
        String make = "candle-processing " + one + "--timeframes 1h --accept-boundary";
        day("download " + one + "--data-types trades");
        try (Store store = Addresses.store(store(), Map.of())) {
            HftSettings settings = HftSettings.builder().acceptingBoundaries().build();
            Backfiller.from(HftFeatures.over(store, settings))
                    .to(store)
                    .build()
                    .fill(Series.parse(BTC + "/features:hft:1h"), TimeRange.day(DAY));
        }
        assertThat(day(make).out()).contains(": 0 rows made");
        day("download " + one + "--data-types liquidations");

        assertThat(day(make).out()).contains(": 24 rows made");
        assertThat(day(make).out()).contains(": 0 rows made");
    }

    @Test
    void whatFailedBeforeIsStillKnownAfterARunWithAWrongKey() {
        define("binance-futures");
        String download = "download " + PERPETUALS + " --data-types trades";
        tardis.fail("trades/2024/03/05/ETHUSDT", Fault.notCovered(), 1);
        day(download);
        environment.put("TARDIS_API_KEY", "TD.mistyped");

        assertThat(day(download).code()).isEqualTo(ExitCode.USAGE);

        day("missing-tick-reports " + PERPETUALS + " --data-types trades");
        assertThat(rows("ALL:REPORT:TICKS/tick_report:missing", "state")).containsExactly("refused");
    }

    @Test
    void lockedMissingAbsentAndQuietAreDifferentThings() {
        define("binance-futures");
        tardis.withdraw("/binance-futures/liquidations/2024/03/05/BTCUSDT.csv.gz");
        tardis.fail("liquidations/2024/03/05/ETHUSDT", Fault.headerOnly(), 1);
        assertThat(day("download " + PERPETUALS + " --data-types liquidations").code())
                .isEqualTo(ExitCode.DONE);
        tardis.fail("trades/2024/03/05", Fault.keyLocked(Duration.ofHours(2)), 1);
        Run locked = day("download " + PERPETUALS + " --max-instruments 1 --data-types trades");
        assertThat(locked.code()).isEqualTo(ExitCode.FAILED);

        day("missing-tick-reports " + PERPETUALS + " --data-types trades liquidations book_snapshot_25");

        Map<String, String> states = new TreeMap<>();
        List<String> keys = rows("ALL:REPORT:TICKS/tick_report:missing", "instrument_key");
        List<String> types = rows("ALL:REPORT:TICKS/tick_report:missing", "data_type");
        List<String> found = rows("ALL:REPORT:TICKS/tick_report:missing", "state");
        for (int i = 0; i < keys.size(); i++) {
            states.put(keys.get(i).replaceAll(".*:(...)-.*", "$1") + " " + types.get(i), found.get(i));
        }
        assertThat(states)
                .containsEntry("BTC liquidations", "absent")
                .containsEntry("ETH liquidations", "empty")
                .containsEntry("BTC trades", "locked")
                .containsEntry("ETH trades", "missing")
                .containsEntry("BTC book_snapshot_25", "missing");
    }

    @Test
    void whatTardisDoesNotOfferIsNeitherAskedForNorMissing() {
        define("deribit");

        Run download =
                day("download --venues deribit --instrument-types option --data-types book_ticker options_chain");

        assertThat(download.code()).isEqualTo(ExitCode.DONE);
        assertThat(download.out()).contains("1 fetched", "1 of 1 instrument-days settled");
        assertThat(download.out()).containsPattern("DERIBIT +book_ticker +0 +0 +6 +0 +-");
        assertThat(tardis.fileRequests())
                .extracting(ServedRequest::path)
                .containsExactly("/v1/deribit/options_chain/2024/03/05/OPTIONS.csv.gz");
    }

    @Test
    void workersShareTheInstrumentsOutWithoutRestAndWithoutDoubles() {
        define("binance-futures deribit");
        List<String> shared = new ArrayList<>();
        for (int index = 0; index < 3; index++) {
            environment.put("JOB_COMPLETION_INDEX", String.valueOf(index));
            day("missing-tick-reports --total-shards 3");
            String part = "ALL:REPORT:TICKS-" + index + "-OF-3/tick_report:missing";
            List<String> keys = rows(part, "instrument_key");
            List<String> types = rows(part, "data_type");
            for (int i = 0; i < keys.size(); i++) {
                shared.add(keys.get(i) + " " + types.get(i));
            }
        }
        environment.remove("JOB_COMPLETION_INDEX");
        day("missing-tick-reports");
        List<String> keys = rows("ALL:REPORT:TICKS/tick_report:missing", "instrument_key");
        List<String> types = rows("ALL:REPORT:TICKS/tick_report:missing", "data_type");
        List<String> whole = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            whole.add(keys.get(i) + " " + types.get(i));
        }
        assertThat(whole).hasSize(33);
        assertThat(shared).containsExactlyInAnyOrderElementsOf(whole);
        environment.put("BATCH_TASK_INDEX", "1");
        environment.put("BATCH_TASK_COUNT", "3");
        assertThat(day("missing-tick-reports --format json").out())
                .isEqualTo(day("missing-tick-reports --format json --shard-index 1 --total-shards 3")
                        .out());
    }

    @Test
    @Tag("slow")
    void thePipelineMakesCandlesWithFeaturesAndAsksForNothingTwice() {
        String pipeline = "full-pipeline-ticks --exchanges binance-futures --instrument-types perpetual"
                + " --max-instruments 1 --timeframes 1m 1h 24h --accept-boundary";

        Run first = day(pipeline);

        assertThat(first.code()).as(first.out() + first.err()).isEqualTo(ExitCode.DONE);
        assertThat(first.out())
                .contains(
                        "check-gaps:",
                        "instruments:",
                        "missing-tick-reports:",
                        "download: 4 fetched",
                        "candle-processing: 1,4",
                        "validate: 4 of 4 instrument-days settled, 100.00 %");
        String key = "BINANCE-FUTURES%3APERPETUAL%3ABTC-USDT%40LIN.parquet";
        assertThat(files())
                .contains(
                        "processed_candles/by_date/day-2024-03-05/timeframe-1m/" + key,
                        "processed_candles/by_date/day-2024-03-05/timeframe-24h/" + key);
        int asked = tardis.requests().size();

        Run second = day(pipeline);

        assertThat(second.code()).isEqualTo(ExitCode.DONE);
        assertThat(second.out()).contains("download: 0 fetched", "candle-processing: 0 rows");
        assertThat(tardis.requests()).hasSize(asked);
        Run mft = day("mft-processing " + PERPETUALS + " --max-instruments 1 --timeframes 1m");
        assertThat(mft.code()).as(mft.out() + mft.err()).isEqualTo(ExitCode.DONE);
        assertThat(mft.out()).containsPattern("mft-processing: 1,4[0-9]{2} rows made of 1 instrument-days");
        assertThat(files()).contains("mft_features/by_date/day-2024-03-05/timeframe-1m/" + key);
        assertThat(Run.of(environment, "verify", "--store", store()).code()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void rowsAtMidnightWaitForTheNextDayAndAreMadeWhenItIsThere() {
        define("binance-futures", "2024-03-05", "2024-03-06");
        String one = PERPETUALS + " --max-instruments 1 --data-types trades ";
        day("download " + one);
        Run first = day("candle-processing " + one + "--timeframes 1h");
        assertThat(first.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(first.out()).contains("22 rows", "wait for ticks");

        String next = one + "--start-date 2024-03-06 --end-date 2024-03-06 ";
        ticks("download " + next);
        ticks("candle-processing " + next + "--timeframes 1h");

        // All but the first hour of the first day and the last of the second, whose neighbours nobody has.
        assertThat(rows(BTC + "/features:hft:1h", "timestamp", TimeRange.of("2024-03-05", "2024-03-07")))
                .hasSize(46)
                .contains("2024-03-05T23:00:00Z", "2024-03-06T00:00:00Z");
    }

    @Test
    @Tag("slow")
    void whatOptionsSayStandsInTheCandlesOfTheirUnderlying() {
        define("deribit");
        day("download --venues deribit --data-types trades options_chain");

        Run made = day("candle-processing --venues deribit --instrument-types perpetual --timeframes 1h 4h"
                + " --from-ticks --accept-boundary");

        assertThat(made.out()).as(made.err()).contains("rows made of 2 instrument-days");
        assertThat(rows("DERIBIT:UNDERLYING:BTC/features:options:1h", "atm_mark_iv"))
                .isNotEmpty();
        String perpetual = "DERIBIT:PERPETUAL:BTC-USD@INV/features:hft:";
        assertThat(rows(perpetual + "1h", "atm_mark_iv")).anyMatch(cell -> !cell.isEmpty());
        assertThat(rows(perpetual + "1h", "skew_25d_put_call_ratio")).anyMatch(cell -> !cell.isEmpty());
        assertThat(rows(perpetual + "4h", "atm_mark_iv")).anyMatch(cell -> !cell.isEmpty());
    }

    @Test
    void forcedCandlesAreThoseOfTheDaysThatWereNamed() {
        define("binance-futures", "2024-03-05", "2024-03-06");
        String one = PERPETUALS + " --max-instruments 1 --data-types trades ";
        String both = one + "--start-date 2024-03-05 --end-date 2024-03-06 ";
        String make = "candle-processing --timeframes 1h --accept-boundary ";
        ticks("download " + both);
        assertThat(ticks(make + both).out()).contains("48 rows");

        Run forced = ticks(make + "--force -v " + one + "--start-date 2024-03-06 --end-date 2024-03-06");

        assertThat(forced.code()).as(forced.out() + forced.err()).isEqualTo(ExitCode.DONE);
        assertThat(forced.err())
                .as("units that were worked on")
                .contains("2024-03-06")
                .doesNotContain("features:hft:1h 2024-03-05");
    }

    @Test
    @Tag("slow")
    void candlesGoToATableForEachTimeframe() throws Exception {
        Map<String, String> cloud = CloudServers.environment();
        String place = CloudServers.freshDataset();
        environment.putAll(cloud);
        day("full-pipeline-ticks --exchanges binance-futures --instrument-types perpetual --max-instruments 1"
                + " --data-types trades --timeframes 1h --accept-boundary");
        String upload = "bigquery-upload " + PERPETUALS + " --max-instruments 1 --timeframes 1h --bigquery " + place;

        Run uploaded = day(upload);

        assertThat(uploaded.code()).as(uploaded.out() + uploaded.err()).isEqualTo(ExitCode.DONE);
        assertThat(uploaded.out()).contains("24 rows in 1 units");
        assertThat(day(upload).out()).contains("0 rows in 0 units");
        String tables = environment.get("BIGQUERY_ENDPOINT") + "/bigquery/v2/projects/local-project/datasets/"
                + place.substring(place.indexOf('.') + 1) + "/tables/candles_hft_1hour";
        assertThat(got(tables).replaceAll("\\s", ""))
                .contains(
                        "\"timePartitioning\":{",
                        "\"field\":\"timestamp_out\"",
                        "\"type\":\"DAY\"",
                        "\"clustering\":{\"fields\":[\"exchange\",\"symbol\"]}");
        assertThat(Run.of(
                                environment,
                                "ticks",
                                "bigquery-upload",
                                "--start-date",
                                DAY,
                                "--end-date",
                                DAY,
                                "--format",
                                "json",
                                "--timeframes",
                                "1h",
                                "--bigquery",
                                place,
                                "--data",
                                store())
                        .out())
                .isEqualTo("{\"mode\":\"bigquery-upload\",\"rows\":0,\"units\":0,\"series\":1,\"to\":\"" + place
                        + "\",\"failed\":0}\n");
        Run nowhere = day("bigquery-upload " + PERPETUALS);
        assertThat(nowhere.code()).isEqualTo(ExitCode.USAGE);
        assertThat(nowhere.err()).contains("bigquery-upload needs a place", "GCP_CREDENTIALS_PATH");
    }

    @Test
    void validationCountsWhatIsThereAndComparesWithWhatBinancePublishes() {
        day("full-pipeline-ticks --exchanges binance-futures --instrument-types perpetual --data-types trades"
                + " --timeframes 1h --accept-boundary");
        Run json = day("validate --format json " + PERPETUALS + " --data-types trades liquidations");
        assertThat(json.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(json.out())
                .startsWith("{\"mode\":\"validate\",\"expected\":4,\"settled\":2,\"percent\":50.00,\"present\":2,")
                .contains(
                        "\"data_type\":\"trades\",\"expected\":2,\"settled\":2,\"percent\":100.00",
                        "\"findings\":[],\"ranges\":[",
                        "{\"column\":\"price\",\"least\":",
                        "\"cross_check\":[]}");
        Run nothing = day("validate " + PERPETUALS + " --data-types options_chain");
        assertThat(nothing.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(nothing.out()).contains("Nothing is expected", "--data-types");

        SyntheticMarket market = SyntheticMarket.seeded(1)
                .usdMargined("BTCUSDT", "BTC", "USDT", Instant.parse("2023-01-01T00:00:00Z"))
                .build();
        try (BinanceSimulator binance =
                BinanceSimulator.builder().market(market).start()) {
            environment.putAll(binance.environment());
            Run check = day("validate --cross-check --max-instruments 1 " + PERPETUALS + " --data-types trades");
            assertThat(check.code()).as(check.out() + check.err()).isEqualTo(ExitCode.DIFFERENT);
            assertThat(check.out())
                    .contains(
                            "Cross-check: " + BTC + "/candles:1m",
                            "prices:",
                            "volume:",
                            "Without the day's last minute")
                    .doesNotContain("T23:59:00Z is only in");
        }
    }

    @Test
    @Tag("slow")
    void theDailyRunIsOneCommandForYesterday() {
        Run daily = ticks("daily --exchanges binance-futures --instrument-types perpetual --max-instruments 1"
                + " --data-types trades --timeframes 1h --accept-boundary");

        assertThat(daily.code()).as(daily.out() + daily.err()).isEqualTo(ExitCode.DONE);
        assertThat(daily.out())
                .contains(
                        "instruments: binance-futures",
                        "download: 1 fetched",
                        "candle-processing: 24 rows",
                        "mft-processing: 24 rows",
                        "available-tick-reports: 1 of 1");
        assertThat(daily.err()).contains("No BigQuery to upload to");
        assertThat(files()).anyMatch(file -> file.contains("day-" + today.minusDays(1)));
    }

    @Test
    @Tag("slow")
    void theDailyRunUploadsItsCandlesBetweenMakingThemAndTheirIndicators() {
        environment.putAll(CloudServers.environment());
        String daily = "daily --exchanges binance-futures --instrument-types perpetual --max-instruments 1"
                + " --data-types trades --timeframes 1h --accept-boundary --bigquery " + CloudServers.freshDataset();

        Run first = ticks(daily);

        assertThat(first.code()).as(first.out() + first.err()).isEqualTo(ExitCode.DONE);
        assertThat(first.out())
                .containsSubsequence(
                        "instruments: binance-futures",
                        "missing-tick-reports: 0 of 1",
                        "download: 1 fetched",
                        "candle-processing: 24 rows",
                        "bigquery-upload: 24 rows in 1 units of 1 series to ",
                        "mft-processing: 24 rows",
                        "available-tick-reports: 1 of 1");
        Run second = ticks(daily);
        assertThat(second.code()).isEqualTo(ExitCode.DONE);
        assertThat(second.out())
                .containsSubsequence(
                        "download: 0 fetched",
                        "candle-processing: 0 rows",
                        "bigquery-upload: 0 rows",
                        "mft-processing: 0");
    }

    @Test
    void daysThatAreNotPublishedYetAreNeitherFailuresNorThere() {
        String days = " --start-date " + today + " --end-date " + today;
        Run instruments = ticks("instruments --exchanges binance-futures" + days);
        assertThat(instruments.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(instruments.out()).contains("not over yet");
        Run report = ticks("missing-tick-reports " + PERPETUALS + days);
        assertThat(report.code()).isEqualTo(ExitCode.FAILED);
        assertThat(report.err())
                .contains(
                        "There are no definitions of instruments of BINANCE-FUTURES on " + today,
                        "candlewick ticks instruments --start-date " + today);
    }

    @Test
    void forcedDownloadsReplaceWhatIsThere() throws IOException {
        define("binance-futures");
        String one = PERPETUALS + " --max-instruments 1 --data-types trades";
        day("download " + one);
        String path = "/binance-futures/trades/2024/03/05/BTCUSDT.csv.gz";
        String[] lines = tardis.published(path).orElseThrow().split("\n", -1);
        tardis.publish(path, lines[0] + "\n" + lines[1] + "\n");
        assertThat(day("download " + one).out()).contains("0 fetched");

        Run forced = day("download --force " + one);

        assertThat(forced.code()).as(forced.out() + forced.err()).isEqualTo(ExitCode.DONE);
        assertThat(rows(BTC + "/trades", "side")).hasSize(1);
    }

    @Test
    void withoutAKeyItSaysWhichAndWhere() {
        define("binance-futures", "2024-03-01", "2024-03-05");
        environment.remove("TARDIS_API_KEY");
        Run instruments = day("instruments --exchanges deribit");
        assertThat(instruments.code()).isEqualTo(ExitCode.USAGE);
        assertThat(instruments.err()).contains("TARDIS_API_KEY is not set", "--env-file");
        assertThat(day("download " + PERPETUALS).err()).contains("TARDIS_API_KEY is not set");

        Run free = ticks("download --max-instruments 1 --data-types trades " + PERPETUALS
                + " --start-date 2024-03-01 --end-date 2024-03-01");
        assertThat(free.code()).as("the first day of a month is free").isEqualTo(ExitCode.DONE);
    }

    @Test
    void settingsComeFromFlagsThenTheEnvironmentThenTheirFiles() throws IOException {
        Path env = Files.writeString(directory.resolve("env.production"), """
                # for Tardis
                export TARDIS_API_KEY='%s'
                DOWNLOAD_DATA_TYPES=liquidations
                DOWNLOAD_VENUES="binance-futures" # one
                """.formatted(KEY));
        Path config = Files.writeString(directory.resolve("production.yaml"), """
                data_types: [derivative_ticker]
                instrument-types: [perpetual]
                max-instruments: 1
                exchanges: [deribit, binance-futures]
                """);
        environment.remove("TARDIS_API_KEY");
        String files = " --env-file " + env + " --config-file " + config;
        assertThat(day("instruments" + files).out()).contains("deribit", "binance-futures");

        assertThat(day("missing-tick-reports" + files).out())
                .contains("BINANCE-FUTURES  liquidations", "0 of 1")
                .doesNotContain("DERIBIT");
        environment.put("DOWNLOAD_DATA_TYPES", "trades");
        assertThat(day("missing-tick-reports" + files).out()).contains("BINANCE-FUTURES  trades");
        assertThat(day("missing-tick-reports --data-types quotes --venues deribit" + files)
                        .out())
                .contains("DERIBIT  quotes");

        Files.writeString(config, "datatypes: [trades]\n");
        Run wrong = day("missing-tick-reports" + files);
        assertThat(wrong.code()).isEqualTo(ExitCode.USAGE);
        assertThat(wrong.err()).contains("has a setting 'datatypes'", "did you mean 'data-types'?");
        Map.of(
                        "mode: download\n", "has a setting 'mode'",
                        "env-file: other.env\n", "has a setting 'env-file'",
                        "environment: [A]\n", "'environment'",
                        "environment: {A: [1, 2]}\n", "The variable 'A'",
                        "force: maybe\n", "'force' in the configuration file is true or false, not 'maybe'",
                        "max-workers: 1\nmax_workers: 2\n", "'max-workers' twice")
                .forEach((text, message) -> {
                    write(config, text);
                    Run ignored = day("missing-tick-reports" + files);
                    assertThat(ignored.code()).as(text).isEqualTo(ExitCode.USAGE);
                    assertThat(ignored.err()).contains(message);
                });
        write(config, "verbose: yes\nforce: no\n");
        assertThat(day("missing-tick-reports" + files).err()).contains(" stored, ");
        Files.writeString(config, "a: [b\nc: {");
        assertThat(day("missing-tick-reports" + files).err()).contains("is no YAML: line");
        Files.writeString(env, "TARDIS_API_KEY " + KEY + "\n");
        assertThat(day("missing-tick-reports" + files).err())
                .contains("Line 1 of", "is not NAME=value")
                .doesNotContain(KEY);
    }

    @Test
    void whatCannotBeMeantIsSaidBeforeAnythingIsTouched() {
        usage("download --start-date 2023/05/23 --end-date 2023-05-25", "Invalid date '2023/05/23': use YYYY-MM-DD");
        usage("download --start-date 2023-02-30 --end-date 2023-05-25", "Invalid date '2023-02-30': use YYYY-MM-DD");
        usage("download --start-date 2023-05-25 --end-date 2023-05-23", "--end-date 2023-05-23 is before");
        usage("download --start-date 2023-05-25", "Both days are needed");
        usage("download", "candlewick ticks download needs --start-date DATE and --end-date DATE");
        usage("donwload --start-date 2023-05-25 --end-date 2023-05-25", "did you mean 'download'?");
        usage("download --log-level LOUD", "There is no log level 'LOUD'; there are DEBUG");
        usage("download --instrument-types swaption", "'swaption' is no type of instrument");
        usage("download --data-types candles", "'candles' is no data type");
        usage("download --shard-index 1", "--shard-index needs --total-shards N");
        usage("download --shard-index 3 --total-shards 3", "There is no shard 3 of 3");
        usage("download --total-shards 3", "JOB_COMPLETION_INDEX");
        usage("download --max-workers many", "--max-workers needs a whole number");
        usage("download --env-file nowhere.env", "There is no file nowhere.env for --env-file");
        usage("download --vpin-volume -1", "--vpin-volume is an amount above 0");
        usage("download --timeframes 7m", "7m do not fill a day evenly");
        usage("download --timeframes 1M", "--timeframes 1M cannot be made");
        usage("download --vpin-volume 0.0000000000001", "at most 12 places");
        environment.put("MAX_PARALLEL_UPLOADS", "none");
        usage("download", "MAX_PARALLEL_UPLOADS needs a whole number");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void theModeMayStandBehindItsNameAndVerboseIsALetter() {
        define("binance-futures");
        Run run = ticks("--mode missing-tick-reports --start-date 2024-03-05 --end-date 2024-03-05 --venues"
                + " binance-futures -v");

        assertThat(run.code()).isEqualTo(ExitCode.DONE_WITH_GAPS);
        assertThat(run.err()).contains("2024-03-05: 0 of 12 stored, 12 open");
        assertThat(Run.of(environment, "ticks", "--help").out())
                .contains("full-pipeline-ticks", "--end-date is worked on too");
    }

    @Test
    @Tag("slow")
    void theDemoInJsonPrintsAnObjectForEachStepAndNothingElse() throws IOException {
        Run demo = Run.of(Map.of(), "ticks", "demo", "--format", "json");

        assertThat(demo.code()).as(demo.out() + demo.err()).isEqualTo(ExitCode.DONE);
        JsonMapper json = new JsonMapper();
        List<String> modes = new ArrayList<>();
        for (String line : demo.lines()) {
            modes.add(json.readTree(line).path("mode").asText());
        }
        assertThat(modes)
                .containsExactly(
                        "check-gaps",
                        "instruments",
                        "missing-tick-reports",
                        "download",
                        "download",
                        "candle-processing",
                        "mft-processing",
                        "validate");
        String first = demo.err().lines().findFirst().orElseThrow();
        delete(Path.of(first.substring("DIR=".length())));
    }

    @Test
    @Tag("slow")
    void theDemoNeedsNeitherNetworkNorKey() throws IOException {
        Run demo = Run.of(Map.of(), "ticks", "demo");

        assertThat(demo.code()).as(demo.out() + demo.err()).isEqualTo(ExitCode.DONE);
        assertThat(demo.out()).contains("instrument-days settled, 100.00 %", "Requests: 0.", "Rows: nothing found.");
        delete(Path.of(demo.lines().get(0).substring("DIR=".length())));
    }

    private static void delete(Path made) throws IOException {
        try (Stream<Path> paths = Files.walk(made)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void whatIsTypedOfExchangesOrVenuesIsNotNarrowedByTheEnvironment() {
        environment.put("DOWNLOAD_VENUES", "binance-futures");
        environment.put("INSTRUMENT_EXCHANGES", "okex");

        Run instruments = day("instruments --exchanges deribit --format json");
        assertThat(instruments.out())
                .startsWith("{\"mode\":\"instruments\",\"exchanges\":[{\"exchange\":\"deribit\",\"known\":8,")
                .hasLineCount(1);
        assertThat(day("missing-tick-reports --exchanges deribit").out())
                .contains("DERIBIT")
                .doesNotContain("BINANCE");
        assertThat(day("check-gaps --venues deribit").code()).isEqualTo(ExitCode.DONE);
        Run candles = day("candle-processing --exchanges deribit --format json");
        assertThat(candles.out())
                .startsWith("{\"mode\":\"candle-processing\",\"rows\":0,")
                .hasLineCount(1);
    }

    @Test
    void whatWentWrongIsToldOnceWhateverTheLogLevel() {
        define("binance-futures");
        for (String level : List.of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")) {
            tardis.fail("trades/2024/03/05/ETHUSDT", Fault.notCovered(), 1);
            Run failing = day("download --force --data-types trades --log-level " + level + " " + PERPETUALS);
            assertThat(failing.code()).isEqualTo(ExitCode.FAILED);
            assertThat(failing.err().lines().filter(line -> line.contains("does not include access")))
                    .as(level)
                    .hasSize(level.equals("CRITICAL") ? 0 : 1);
        }
    }

    @Test
    void aShareOfWhichNothingFallsToAWorkerIsSaidToBeOne() {
        define("binance-futures");
        List<String> said = new ArrayList<>();
        for (int index = 0; index < 8; index++) {
            said.add(day("download --max-instruments 1 --data-types trades --shard-index " + index
                            + " --total-shards 8 " + PERPETUALS)
                    .out());
        }
        assertThat(said)
                .filteredOn(out -> out.contains("Nothing of what is asked for falls to share"))
                .hasSize(7);
    }

    @Test
    void anExchangeThatTardisDoesNotHaveIsSaidWithWhereThoseAreThatItHas() {
        Run nowhere = day("instruments --exchanges nowhere");

        assertThat(nowhere.code()).isEqualTo(ExitCode.FAILED);
        assertThat(nowhere.err())
                .contains("/exchanges/nowhere", "Tardis has nothing of that name", "/exchanges lists what it has")
                .doesNotContain("..");
    }

    @Test
    void missingDefinitionsAreAskedForOverAllTheDaysThatWereNamed() {
        Run none = ticks("download --venues deribit --start-date 2024-03-05 --end-date 2024-03-09");

        assertThat(none.err())
                .contains(
                        "candlewick ticks instruments --start-date 2024-03-05 --end-date 2024-03-09 --exchanges deribit'")
                .doesNotContain("once the day is over");
        assertThat(ticks("download --venues deribit --start-date " + today + " --end-date " + today)
                        .err())
                .contains("once the day is over");
    }

    @Test
    void aTypedShardIsOneOfTheCountInTheEnvironment() {
        define("binance-futures");
        environment.put("TOTAL_SHARDS", "3");

        assertThat(day("missing-tick-reports --format json --shard-index 1").out())
                .isEqualTo(day("missing-tick-reports --format json --shard-index 1 --total-shards 3")
                        .out());
    }

    private static String got(String address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address)).build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .body();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException unwritable) {
            throw new java.io.UncheckedIOException(unwritable);
        }
    }

    private void usage(String words, String message) {
        Run run = ticks(words);
        assertThat(run.code()).as(words).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(message);
    }

    private void define(String exchanges) {
        define(exchanges, DAY, DAY);
    }

    private void define(String exchanges, String first, String last) {
        Run run = ticks("instruments --exchanges " + exchanges + " --start-date " + first + " --end-date " + last);
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(ExitCode.DONE);
    }

    private Run day(String words) {
        return ticks(words + " --start-date " + DAY + " --end-date " + DAY);
    }

    private Run ticks(String words) {
        List<String> all = new ArrayList<>(List.of("ticks"));
        all.addAll(List.of(words.split(" +")));
        all.addAll(List.of("--data", store()));
        return Run.of(environment, all.toArray(String[]::new));
    }

    private String store() {
        return "parquet:" + directory.resolve("data");
    }

    private List<String> rows(String series, String column) {
        return rows(series, column, TimeRange.day(DAY));
    }

    private List<String> rows(String series, String column, TimeRange range) {
        List<String> cells = new ArrayList<>();
        try (Store store = Addresses.store(store(), Map.of());
                Batches batches = store.read(Series.parse(series), range)) {
            for (Batch batch : batches) {
                for (int row = 0; row < batch.rows(); row++) {
                    cells.add(batch.column(column).text(row));
                }
            }
        }
        return cells;
    }

    /** Files of the store but its own, relative to its root. */
    private List<String> files() {
        Path root = directory.resolve("data");
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(file -> !file.startsWith("_"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
