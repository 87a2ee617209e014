package dev.candlewick.source.tardis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.source.tardis.simulator.Fault;
import dev.candlewick.source.tardis.simulator.ServedRequest;
import dev.candlewick.source.tardis.simulator.TardisSimulator;
import dev.candlewick.spi.UnitLedger;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SimulatedTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One conversation for each row of the table of statuses, and for what networks do to files. */
@Timeout(60)
final class ConversationsTest {

    private static final String KEY = "tk-cAnArY-0123456789";
    private static final Series SERIES = Series.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN/trades");
    private static final TimeRange DAY = TimeRange.day("2024-01-02");
    private static final String FILE = "/binance-futures/trades/2024/01/02/BTCUSDT.csv.gz";
    private static final String LOCAL = "binance-futures_trades_2024-01-02_BTCUSDT.csv.gz";

    private final TardisSimulator tardis = TardisSimulator.builder()
            .key(KEY)
            .spot("binance", "GONEUSDT", "GONE", "USDT", at("2024-02-01"), at("2024-03-01"))
            .incident(
                    "deribit",
                    at("2024-01-02").plusSeconds(36_000),
                    at("2024-01-02").plusSeconds(43_200),
                    "resolved",
                    "no data")
            .start();

    private final SimulatedTime time = new SimulatedTime("2025-07-02T12:00:00Z");

    @TempDir
    private Path cache;

    @AfterEach
    void stop() {
        tardis.close();
    }

    private static Instant at(String date) {
        return Instant.parse(date + "T00:00:00Z");
    }

    private TardisSource.Builder opening() {
        return Opening.source(tardis.baseUrl(), cache, time).apiKey(KEY);
    }

    private record Reading(List<List<String>> rows, Provenance provenance) {
        Gap gap() {
            assertThat(provenance.gaps()).hasSize(1);
            return provenance.gaps().get(0);
        }
    }

    private Reading read(Series series, TimeRange range) {
        try (TardisSource source = opening().build();
                Batches batches = source.read(series, range)) {
            List<Batch> all = new ArrayList<>();
            batches.forEach(all::add);
            return new Reading(Rows.of(all), batches.provenance());
        }
    }

    private int published(String path) {
        return (int) tardis.published(path).orElseThrow().lines().count() - 1;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> names = Files.list(cache)) {
            return names.map(each -> each.getFileName().toString())
                    .filter(name -> !name.equals("catalogue"))
                    .sorted()
                    .toList();
        }
    }

    private void readsTheDayAfter(Fault fault, int times) {
        tardis.fail(fault, times);
        assertThat(read(SERIES, DAY).rows()).hasSize(published(FILE));
    }

    private Duration waited() {
        return Duration.between(Instant.parse("2025-07-02T12:00:00Z"), time.instant());
    }

    @Test
    void aFileIsReadWithItsProvenanceAndKept() throws IOException {
        Reading reading = read(SERIES, DAY);
        assertThat(reading.rows()).hasSize(published(FILE));
        assertThat(reading.provenance().gaps()).isEmpty();
        Answer answer = reading.provenance().answers().get(0);
        assertThat(answer.request()).isEqualTo(tardis.baseUrl() + FILE);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.rows()).isEqualTo(reading.rows().size());
        assertThat(answer.checksum()).matches("sha256:[0-9a-f]{64}");
        assertThat(answer.version()).startsWith("\"");
        assertThat(files()).containsExactly(LOCAL, LOCAL + ".sha256");
        assertThat(tardis.fileRequests()).hasSize(1);
        assertThat(tardis.fileRequests().get(0).headers()).containsEntry("accept-encoding", "gzip");
        assertThat(read(SERIES, DAY).rows()).isEqualTo(reading.rows());
        assertThat(tardis.fileRequests()).as("the second read asks nobody").hasSize(1);
    }

    @Test
    void rowsAtTheEdgesOfTheRangeAreKeptWhateverTheVenuesClockSays() {
        String head = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n";
        // The venue's clock is a second ahead: the last row happened on the next day, and arrived on this one.
        tardis.publish(
                FILE,
                head + "binance-futures,BTCUSDT,1704153599999999,1704153600000000,1,buy,1,2\n"
                        + "binance-futures,BTCUSDT,1704240001000000,1704239999999999,2,sell,1e-7,0.1\n");
        Reading reading = read(SERIES, DAY);
        assertThat(reading.rows()).extracting(row -> row.get(2)).containsExactly("1", "2");
        assertThat(reading.rows().get(1).get(4)).isEqualTo("0.0000001");
        assertThat(read(SERIES, TimeRange.ofEpochMicros(DAY.startMicros(), DAY.startMicros() + 1))
                        .rows())
                .hasSize(1);
        assertThat(read(SERIES, TimeRange.ofEpochMicros(DAY.endMicros() - 1, DAY.endMicros()))
                        .rows())
                .hasSize(1);
    }

    @Test
    void withoutAKeyTheFirstOfAMonthIsFreeAndOtherDaysAreRefusedSayingWhatToDo() {
        try (TardisSource source = Opening.source(tardis.baseUrl(), cache, time).build()) {
            assertThat(Rows.of(source, SERIES, TimeRange.day("2024-01-01"))).isNotEmpty();
            assertThatThrownBy(() -> Rows.of(source, SERIES, DAY))
                    .isInstanceOfSatisfying(TardisRefused.class, refused -> {
                        assertThat(refused.status()).isEqualTo(401);
                        assertThat(refused.code()).isEqualTo(13);
                        assertThat(refused.reason()).isEqualTo("The API key is missing or invalid.");
                    })
                    .hasMessageContaining("TARDIS_API_KEY")
                    .hasMessageContaining("binance-futures trades BTCUSDT of 2024-01-02");
        }
        assertThat(tardis.fileRequests())
                .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("authorization"));
    }

    @Test
    void aWrongKeyIsRefusedOnceAndNeverPrinted() {
        tardis.fail(
                new Fault(
                        401,
                        "{\"code\":13,\"message\":\"No such key: " + KEY + "\"}",
                        Map.of(),
                        Fault.Delivery.WHOLE,
                        0,
                        Duration.ZERO),
                9);
        assertThatThrownBy(() -> read(SERIES, DAY))
                .isInstanceOf(TardisRefused.class)
                .satisfies(refused -> {
                    for (Throwable link = refused; link != null; link = link.getCause()) {
                        assertThat(link.toString()).doesNotContain(KEY);
                    }
                    assertThat(((TardisRefused) refused).reason()).isEqualTo("No such key: ***");
                });
        assertThat(tardis.fileRequests()).hasSize(1);
    }

    @Test
    void aKeyThatTardisDoesNotKnowIsNotTriedOnOtherFilesForAMinute() {
        try (TardisSource source = opening().apiKey("another-key").build()) {
            for (String day : List.of("2024-01-02", "2024-01-03", "2024-01-04")) {
                assertThatThrownBy(() -> Rows.of(source, SERIES, TimeRange.day(day)))
                        .isInstanceOfSatisfying(TardisRefused.class, refused -> {
                            assertThat(refused.isKeyUnknown()).isTrue();
                            assertThat(refused.status()).isEqualTo(401);
                        })
                        .hasMessageContaining("Check the key")
                        .hasMessageNotContaining("another-key");
            }
            assertThat(tardis.fileRequests()).hasSize(1);
            time.sleep(Duration.ofMinutes(1));
            assertThatThrownBy(() -> Rows.of(source, SERIES, DAY)).isInstanceOf(TardisRefused.class);
            assertThat(tardis.fileRequests()).hasSize(2);
        }
    }

    @Test
    void whatAPlanDoesNotCoverSaysNothingOfOtherFiles() {
        tardis.fail(Fault.notCovered(), 1);
        try (TardisSource source = opening().build()) {
            assertThatThrownBy(() -> Rows.of(source, SERIES, DAY))
                    .isInstanceOfSatisfying(
                            TardisRefused.class,
                            refused -> assertThat(refused.isKeyUnknown()).isFalse());
            assertThat(Rows.of(source, SERIES, TimeRange.day("2024-01-03"))).isNotEmpty();
        }
    }

    @Test
    void aLockedKeyIsWaitedForAndIsNotMissingData() {
        readsTheDayAfter(Fault.keyLocked(Duration.ofSeconds(893)), 1);
        assertThat(waited()).isBetween(Duration.ofSeconds(893), Duration.ofSeconds(900));
        assertThat(tardis.fileRequests()).extracting(ServedRequest::status).containsExactly(403, 200);
    }

    @Test
    void aKeyLockedForLongerThanThePatienceIsUnavailableAndSaysUntilWhen() {
        tardis.fail(Fault.keyLocked(Duration.ofHours(3)), 1);
        assertThatThrownBy(() -> read(SERIES, DAY))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        unavailable -> assertThat(unavailable.retryAfter())
                                .hasValueSatisfying(until -> assertThat(until)
                                        .isBetween(
                                                Instant.parse("2025-07-02T15:00:00Z"),
                                                Instant.parse("2025-07-02T15:00:05Z"))));
    }

    @Test
    void aPlanThatDoesNotCoverADayIsRefusedWithWhatTardisSaid() {
        tardis.fail(Fault.notCovered(), 9);
        assertThatThrownBy(() -> read(SERIES, DAY))
                .isInstanceOf(TardisRefused.class)
                .hasMessageContaining("403, code 116: Your plan does not include access to this exchange.");
        assertThat(tardis.fileRequests()).hasSize(1);
        assertThat(waited()).isZero();
    }

    @Test
    void aLimitWithoutATimeIsWaitedForAMinuteAtLeast() {
        readsTheDayAfter(Fault.throttled(), 1);
        assertThat(waited()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(70));
    }

    @Test
    void aLimitWithATimeIsWaitedForThatLong() {
        readsTheDayAfter(Fault.throttled(Duration.ofSeconds(99)), 1);
        assertThat(waited()).isBetween(Duration.ofSeconds(99), Duration.ofSeconds(105));
    }

    @Test
    void theServersOwnTroubleWithADateIsRepeated() {
        readsTheDayAfter(Fault.isoDate(), 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void aServerInTroubleIsAskedAgainUnderAnotherAddress(int status) {
        readsTheDayAfter(Fault.serverError(status), 2);
        assertThat(tardis.fileRequests())
                .extracting(ServedRequest::query)
                .containsExactly("", "retryAttempt=1", "retryAttempt=2");
    }

    @Test
    void aBadRequestIsRefused() {
        tardis.fail(
                new Fault(
                        400,
                        "{\"code\":100,\"message\":\"Invalid symbol.\"}",
                        Map.of(),
                        Fault.Delivery.WHOLE,
                        0,
                        Duration.ZERO),
                1);
        assertThatThrownBy(() -> read(SERIES, DAY))
                .isInstanceOf(TardisRefused.class)
                .hasMessageContaining("Invalid symbol.");
    }

    @Test
    void whatIsNotOfferedIsAFactAndNoFailure() {
        tardis.fail(Fault.notSupported("trades", "BTCUSDT"), 1);
        Gap gap = read(SERIES, DAY).gap();
        assertThat(gap.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
        assertThat(gap.evidence()).contains("Tardis does not offer trades", "code 300");
    }

    @Test
    void whatTheCatalogueDoesNotOfferIsAFactToo() {
        Gap gap = read(Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/liquidations"), DAY)
                .gap();
        assertThat(gap.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
        assertThat(gap.evidence()).contains("does not offer liquidations of it, only trades");
    }

    @Test
    void daysBeforeAndAfterAListingAreToldApartAndAskedForOnce() {
        Series gone = Series.parse("BINANCE:SPOT_PAIR:GONE-USDT/trades");
        Reading reading = read(gone, TimeRange.of("2024-01-29", "2024-03-04"));
        assertThat(reading.rows()).isNotEmpty();
        assertThat(reading.provenance().gaps())
                .extracting(Gap::reason)
                .containsExactly(
                        GapReason.BEFORE_LISTING,
                        GapReason.BEFORE_LISTING,
                        GapReason.BEFORE_LISTING,
                        GapReason.AFTER_DELISTING,
                        GapReason.AFTER_DELISTING,
                        GapReason.AFTER_DELISTING);
        assertThat(tardis.fileRequests())
                .as("29 days of February, and the first day that was missing")
                .hasSize(30);
    }

    @Test
    void aDayThatIsNotExportedYetIsToComeAndOneThatIsNotOverIsNotAskedFor() {
        Reading reading = read(SERIES, TimeRange.of("2025-07-01", "2025-07-03"));
        assertThat(reading.provenance().gaps())
                .extracting(Gap::reason)
                .containsOnly(GapReason.NOT_YET_PUBLISHED)
                .hasSize(2);
        assertThat(reading.provenance().gaps().get(0).evidence()).contains("exported until 2025-07-01T00:00:00Z");
        assertThat(reading.provenance().gaps().get(1).recheckAt()).isEqualTo("2025-07-03T06:00:00Z");
        assertThat(tardis.fileRequests()).hasSize(1);
    }

    @Test
    void anUnknownSymbolIsRefusedWithNearMatches() {
        assertThatThrownBy(() -> read(Series.parse("BINANCE-FUTURES:RAW:BTCUSTD/trades"), DAY))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("BTCUSDT");
    }

    @Test
    void aMissingFileOfAListedSymbolIsAHoleOfTheArchiveWhateverTheCatalogueDoes() {
        tardis.withdraw(FILE);
        Gap known = read(SERIES, DAY).gap();
        assertThat(known.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
        assertThat(known.evidence()).contains("404, code 120");
        FileTrees.delete(cache);
        tardis.fail("/exchanges/", Fault.serverError(500), 9);
        Gap unknown = read(SERIES, DAY).gap();
        assertThat(unknown.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
        assertThat(unknown.evidence()).contains("could not be asked why");
    }

    @Test
    void aReportedIncidentExplainsTheSilenceOfItsDay() {
        Reading reading = read(Series.parse("DERIBIT:PERPETUAL:BTC-USD@INV/trades"), DAY);
        assertThat(reading.rows()).isNotEmpty();
        assertThat(reading.provenance().gaps()).isNotEmpty().allSatisfy(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.VENUE_OUTAGE);
            assertThat(gap.evidence()).contains("incident (resolved)", "no data");
            assertThat(gap.recheckAt()).isEqualTo(Gap.NEVER);
            assertThat(TimeRange.of("2024-01-02T10:00:00Z", "2024-01-02T12:00:00Z")
                            .contains(gap.range()))
                    .isTrue();
        });
        assertThat(reading.provenance().gaps().stream()
                        .map(gap -> gap.range().duration())
                        .reduce(Duration.ZERO, Duration::plus))
                .isGreaterThan(Duration.ofMinutes(115));
    }

    @Test
    void anEmptyFileAndOneOfAHeaderOnlyAreEmptyDays() {
        tardis.fail(Fault.empty(), 1);
        Gap empty = read(SERIES, DAY).gap();
        assertThat(empty.reason()).isEqualTo(GapReason.CONFIRMED_EMPTY);
        assertThat(empty.evidence()).contains("nothing at all, 0 bytes");
        FileTrees.delete(cache);
        tardis.fail(Fault.headerOnly(), 1);
        Gap header = read(SERIES, DAY).gap();
        assertThat(header.reason()).isEqualTo(GapReason.CONFIRMED_EMPTY);
        assertThat(header.evidence()).contains("a header and no row");
    }

    @Test
    void plainRowsAndRowsMarkedAsPackedAreTheSameRows() {
        List<List<String>> rows = read(SERIES, DAY).rows();
        for (Fault fault :
                List.of(Fault.plain(), Fault.markedGzip(), Fault.unmeasured(), Fault.drip(999, Duration.ofMillis(1)))) {
            FileTrees.delete(cache);
            tardis.fail(fault, 1);
            assertThat(read(SERIES, DAY).rows()).as(fault.toString()).isEqualTo(rows);
        }
    }

    @Test
    void aDownloadThatBreaksOffGoesOnWhereItWas() throws IOException {
        tardis.fail(Fault.cutAfter(3_000), 3);
        assertThat(read(SERIES, DAY).rows()).hasSize(published(FILE));
        List<ServedRequest> requests = tardis.fileRequests();
        assertThat(requests).hasSize(4);
        assertThat(requests.get(1).headers()).containsKey("if-range");
        long first = from(requests.get(1));
        assertThat(first).isPositive();
        assertThat(from(requests.get(2))).isGreaterThan(first);
        assertThat(requests).extracting(ServedRequest::status).containsExactly(200, 206, 206, 206);
        assertThat(files()).containsExactly(LOCAL, LOCAL + ".sha256");
    }

    private static long from(ServedRequest request) {
        return Long.parseLong(request.headers().get("range").replaceAll("\\D", ""));
    }

    @Test
    void aDownloadStartsAgainWhenTheFileWasReplacedMeanwhile() {
        tardis.fail(Fault.cutAfter(3_000), 1);
        String other = tardis.published(FILE).orElseThrow()
                + "binance-futures,BTCUSDT,1704239999999999,1704239999999999,9,buy,1,1\n";
        try (TardisSource source =
                opening().sleeper(pause -> tardis.publish(FILE, other)).build()) {
            assertThat(Rows.of(source, SERIES, DAY)).hasSize((int) other.lines().count() - 1);
        }
        assertThat(tardis.fileRequests()).extracting(ServedRequest::status).containsExactly(200, 200);
    }

    @Test
    void aBodyCutWhereNobodySaidItsLengthIsNoticedAndFetchedAgain() throws IOException {
        tardis.fail(Fault.unmeasuredCutAfter(3_000), 2);
        assertThat(read(SERIES, DAY).rows()).hasSize(published(FILE));
        assertThat(tardis.fileRequests()).hasSize(3);
        assertThat(files()).containsExactly(LOCAL, LOCAL + ".sha256");
    }

    @Test
    void aDownloadThatNeverGetsFurtherIsUnavailableAndLeavesNothing() throws IOException {
        tardis.fail(Fault.cutAfter(0), 99);
        assertThatThrownBy(() -> read(SERIES, DAY))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("BTCUSDT");
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aRequestIsSentAgainAsOftenAsItIsToldToBe(int retries) {
        tardis.fail(Fault.serverError(503), 99);
        asked(retries);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6})
    void aDownloadThatNeverGetsFurtherIsTriedAsOftenAsItIsToldToBe(int retries) {
        tardis.fail(Fault.cutAfter(0), 99);
        asked(retries);
    }

    private void asked(int retries) {
        Map<String, String> environment = Map.of(
                "TARDIS_API_KEY", KEY,
                "TARDIS_BASE_URL", tardis.baseUrl(),
                "TARDIS_API_URL", tardis.baseUrl(),
                "TARDIS_CACHE_DIR", cache.toString(),
                "TARDIS_MAX_RETRIES", String.valueOf(retries));
        try (TardisSource source = TardisSource.builder()
                .fromEnvironment(environment)
                .clock(time)
                .sleeper(time::sleep)
                .build()) {
            assertThatThrownBy(() -> Rows.of(source, SERIES, DAY)).isInstanceOf(Unavailable.class);
        }
        assertThat(tardis.fileRequests()).hasSize(1 + retries);
    }

    @Test
    @Timeout(20)
    void aServerThatFallsSilentIsGivenUpAfterTheTimeoutOfTheEnvironment() {
        tardis.fail(Fault.drip(1, Duration.ofSeconds(30)), 1);
        Map<String, String> environment = Map.of(
                "TARDIS_API_KEY",
                KEY,
                "TARDIS_BASE_URL",
                tardis.baseUrl(),
                "TARDIS_API_URL",
                tardis.baseUrl(),
                "TARDIS_CACHE_DIR",
                cache.toString(),
                "TARDIS_TIMEOUT",
                "1",
                "TARDIS_MAX_RETRIES",
                "1");
        try (TardisSource source = TardisSource.builder()
                .fromEnvironment(environment)
                .clock(time)
                .sleeper(time::sleep)
                .build()) {
            assertThat(Rows.of(source, SERIES, DAY)).hasSize(published(FILE));
        }
        assertThat(tardis.fileRequests()).as("the silent one and the next").hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"TARDIS_TIMEOUT, 0", "TARDIS_TIMEOUT, soon", "TARDIS_MAX_RETRIES, -1", "TARDIS_MAX_RETRIES, 31"})
    void aSettingThatCannotBeMeantIsRefusedByItsName(String name, String value) {
        assertThatThrownBy(() -> TardisSource.builder().fromEnvironment(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name + " needs a whole number from")
                .hasMessageContaining("'" + value + "'");
    }

    @Test
    void aRedirectIsFollowedOnceAndTheKeyStaysWithItsHost() {
        try (TardisSimulator mirror = TardisSimulator.start()) {
            tardis.fail(Fault.redirect(mirror.baseUrl() + FILE + "?signature=sEcReT"), 1);
            assertThat(read(SERIES, DAY).rows()).hasSize(published(FILE));
            assertThat(tardis.fileRequests().get(0).headers()).containsEntry("authorization", "Bearer " + KEY);
            assertThat(mirror.fileRequests().get(0).headers()).doesNotContainKey("authorization");
            FileTrees.delete(cache);
            tardis.fail(Fault.redirect(mirror.baseUrl() + FILE + "?signature=sEcReT"), 1);
            mirror.fail(Fault.redirect(tardis.baseUrl() + FILE), 1);
            assertThatThrownBy(() -> read(SERIES, DAY))
                    .isInstanceOf(TardisRefused.class)
                    .hasMessageContaining("a second time")
                    .hasMessageNotContaining("sEcReT");
        }
    }

    @Test
    void aSignedAddressIsNeverPrinted() {
        try (TardisSimulator mirror = TardisSimulator.start()) {
            tardis.fail(Fault.redirect(mirror.baseUrl() + FILE + "?signature=sEcReT"), 99);
            mirror.fail(Fault.expired(), 99);
            assertThatThrownBy(() -> read(SERIES, DAY))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("the address that it redirects to answered HTTP 403")
                    .satisfies(refused -> {
                        for (Throwable link = refused; link != null; link = link.getCause()) {
                            assertThat(link.toString()).doesNotContain("sEcReT");
                        }
                    });
        }
    }

    @Test
    void anAddressThatExpiredIsAskedForAnew() {
        try (TardisSimulator mirror = TardisSimulator.start()) {
            tardis.fail(Fault.redirect(mirror.baseUrl() + FILE + "?signature=one"), 1);
            tardis.fail(Fault.redirect(mirror.baseUrl() + FILE + "?signature=two"), 1);
            mirror.fail(Fault.cutAfter(3_000), 1);
            mirror.fail(Fault.expired(), 1);
            assertThat(read(SERIES, DAY).rows()).hasSize(published(FILE));
            assertThat(mirror.fileRequests())
                    .extracting(ServedRequest::query)
                    .containsExactly("signature=one", "signature=two");
        }
        assertThat(tardis.fileRequests()).extracting(ServedRequest::status).containsExactly(302, 302, 206);
    }

    @Test
    void aConnectionThatEndsBeforeTheFirstByteIsNoEmptyDay() {
        readsTheDayAfter(Fault.endsAtOnce(), 2);
        assertThat(tardis.fileRequests()).extracting(ServedRequest::status).containsExactly(302, 302, 200);
    }

    @Test
    void aPartThatNobodyAskedForIsNotTheFile() throws IOException {
        readsTheDayAfter(Fault.partial(3_000), 1);
        assertThat(tardis.fileRequests()).extracting(ServedRequest::status).containsExactly(206, 200);
        assertThat(files()).containsExactly(LOCAL, LOCAL + ".sha256");
    }

    @Test
    void aPartThatIsNotTheWholeRestIsNotJoined() {
        tardis.fail(Fault.cutAfter(3_000), 1);
        readsTheDayAfter(Fault.partial(1_000), 1);
        assertThat(tardis.fileRequests()).extracting(ServedRequest::status).containsExactly(200, 206, 200);
    }

    @Test
    void bytesThatChangedOnDiskAreNotServedUnderTheirOldChecksum() throws IOException {
        read(SERIES, DAY);
        Path copy = cache.resolve(LOCAL);
        byte[] bytes = Files.readAllBytes(copy);
        Files.write(copy, flipped(bytes));
        try (TardisSource source = opening().build()) {
            assertThat(Rows.of(source, SERIES, DAY)).hasSize(published(FILE));
            assertThat(tardis.fileRequests()).hasSize(2);
            assertThat(copy).hasBinaryContent(bytes);
            Files.write(copy, flipped(bytes));
            Files.setLastModifiedTime(copy, FileTime.from(at("2025-07-02")));
            assertThat(Rows.of(source, SERIES, DAY)).hasSize(published(FILE));
        }
        assertThat(tardis.fileRequests()).as("seen within one process too").hasSize(3);
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] damaged = bytes.clone();
        damaged[bytes.length / 2] ^= 0x10;
        return damaged;
    }

    @Test
    void aDamagedFileIsCorruptOnceAndFetchedAnewByTheNextRead() throws IOException {
        read(SERIES, DAY);
        Path copy = cache.resolve(LOCAL);
        Files.write(copy, flipped(Files.readAllBytes(copy)));
        Files.delete(cache.resolve(LOCAL + ".sha256")); // as if somebody else had put it there
        assertThatThrownBy(() -> read(SERIES, DAY)).isInstanceOf(Corrupt.class).hasMessageContaining(LOCAL);
        assertThat(read(SERIES, DAY).rows()).hasSize(published(FILE));
        assertThat(tardis.fileRequests()).hasSize(2);
    }

    @Test
    void aFileCutShortOnDiskIsFetchedAnewAtOnce() throws IOException {
        read(SERIES, DAY);
        Path copy = cache.resolve(LOCAL);
        Files.write(copy, java.util.Arrays.copyOf(Files.readAllBytes(copy), 500));
        assertThat(read(SERIES, DAY).rows()).hasSize(published(FILE));
    }

    @Test
    void aFileThatTardisOwnClientFetchedIsUsed() throws IOException {
        List<List<String>> rows = read(SERIES, DAY).rows();
        Files.delete(cache.resolve(LOCAL + ".sha256"));
        assertThat(read(SERIES, DAY).rows()).isEqualTo(rows);
        assertThat(tardis.fileRequests()).hasSize(1);
    }

    @Test
    void rowsOfAnotherSymbolOrExchangeAreNotTakenForTheFiles() {
        String head = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n";
        tardis.publish(FILE, head + "binance-futures,ETHUSDT,1704153600000000,1704153600000000,1,buy,1,2\n");
        assertThatThrownBy(() -> read(SERIES, DAY)).isInstanceOf(Corrupt.class).hasMessageContaining("'ETHUSDT'");
        tardis.publish(
                FILE,
                head + "binance-futures,BTCUSDT,1704153600000000,1704153600000000,1,buy,1,2\n"
                        + "binance,BTCUSDT,1704153600000001,1704153600000001,2,buy,1,2\n"
                        + "binance-futures,BTCUSDT,1704153600000002,1704153600000002,3,buy,x,2\n"
                        + "binance-futures,BTCUSDT,1704153600000003,1704153600000003,4,buy,1,2\n");
        Reading reading = read(SERIES, DAY);
        assertThat(reading.rows()).extracting(row -> row.get(2)).containsExactly("1", "4");
        assertThat(reading.provenance().quarantined())
                .extracting(row -> row.file() + ":" + row.line() + " " + row.column())
                .as("named as the answer is, or the ledger could not tell what they belong to")
                .containsExactly(tardis.baseUrl() + FILE + ":3 exchange", tardis.baseUrl() + FILE + ":4 price");
    }

    @Test
    void aWrongFirstRowIsSetAsideAsLaterOnesAre() {
        String head = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n";
        String right = "binance-futures,BTCUSDT,1704153600000000,1704153600000000,3,buy,1,2\n";
        for (String wrong : List.of(
                "binance-futures\n",
                right.replace("BTCUSDT", ""),
                right.replace("BTCUSDT", "ETHUSDT"),
                right.replace(",buy", ""))) {
            FileTrees.delete(cache);
            tardis.publish(FILE, head + wrong + right);
            Reading reading = read(SERIES, DAY);
            assertThat(reading.rows()).as(wrong).hasSize(1);
            assertThat(reading.provenance().quarantined())
                    .extracting(row -> row.line())
                    .containsExactly(2L);
        }
        FileTrees.delete(cache);
        tardis.publish(FILE, head + "binance-futures\n");
        assertThat(read(SERIES, DAY).gap().reason()).isEqualTo(GapReason.QUARANTINED);
        FileTrees.delete(cache);
        tardis.publish(FILE, head + right.replace("BTCUSDT", "\"BTCUSDT\""));
        assertThat(read(SERIES, DAY).rows()).hasSize(1);
    }

    @Test
    void aFillOfAnotherPartOfTheDayKeepsWhatWasSetAside() {
        String head = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n";
        tardis.publish(FILE, head + "binance-futures,BTCUSDT,1704153600000000,1704153600000000,3,buy,x,2\n");
        Instant noon = DAY.start().plus(Duration.ofHours(12));
        TimeRange morning = TimeRange.of(DAY.start(), noon);
        LedgerEntry first = new UnitLedger(SERIES, DAY)
                .entry(Optional.empty(), morning, read(SERIES, morning).provenance(), time.instant());
        assertThat(first.quarantined()).hasSize(1);
        Provenance elsewhere = new Provenance("tardis", List.of(), List.of(), List.of());
        LedgerEntry second = new UnitLedger(SERIES, DAY)
                .entry(Optional.of(first), TimeRange.of(noon, DAY.end()), elsewhere, time.instant());
        assertThat(second.quarantined()).isEqualTo(first.quarantined());
    }

    @Test
    void anIncidentOverADayWithoutRowsIsAnOutageAndTheRestOfItIsEmpty() {
        Series series = Series.parse("DERIBIT:PERPETUAL:BTC-USD@INV/trades");
        for (Fault nothing : List.of(Fault.headerOnly(), Fault.empty())) {
            FileTrees.delete(cache);
            tardis.fail(nothing, 1);
            List<Gap> gaps = read(series, DAY).provenance().gaps();
            assertThat(gaps)
                    .extracting(Gap::reason)
                    .containsExactly(GapReason.CONFIRMED_EMPTY, GapReason.VENUE_OUTAGE, GapReason.CONFIRMED_EMPTY);
            assertThat(gaps.get(1).evidence()).contains("incident (resolved)", "no data");
            assertThat(gaps.get(1).range()).isEqualTo(TimeRange.of("2024-01-02T10:00:00Z", "2024-01-02T12:00:00Z"));
        }
    }

    @Test
    void rowsThatArrivedOnAnotherDayAreSetAsideAndDoNotMakeTheDayEmpty() {
        String head = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n";
        String early = "binance-futures,BTCUSDT,1704153599999999,1704153599999999,1,buy,1,2\n";
        String late = "binance-futures,BTCUSDT,1704240000000000,1704240000000000,2,buy,1,2\n";
        String inside = "binance-futures,BTCUSDT,1704153600000000,1704153600000000,3,buy,1,2\n";
        tardis.publish(FILE, head + early + late);
        Reading other = read(SERIES, DAY);
        assertThat(other.rows()).isEmpty();
        assertThat(other.gap().reason()).isEqualTo(GapReason.QUARANTINED);
        assertThat(other.provenance().quarantined()).hasSize(2).allSatisfy(row -> {
            assertThat(row.column()).isEqualTo("local_timestamp");
            assertThat(row.reason()).contains("outside");
        });
        FileTrees.delete(cache);
        tardis.publish(FILE, head + early + inside + late + inside);
        Reading some = read(SERIES, DAY);
        assertThat(some.rows()).hasSize(2);
        assertThat(some.provenance().gaps()).isEmpty();
        assertThat(some.provenance().quarantined())
                .extracting(row -> row.line())
                .containsExactly(2L, 4L);
        assertThat(some.provenance().answers().get(0).note()).isEqualTo("2 rows set aside");
    }

    @Test
    void manyReadersOfOneFileDownloadItOnce() {
        try (TardisSource source = opening().build()) {
            tardis.fail(Fault.drip(2_000, Duration.ofMillis(20)), 1);
            List<CompletableFuture<Integer>> readers = Stream.generate(() -> CompletableFuture.supplyAsync(
                            () -> Rows.of(source, SERIES, DAY).size()))
                    .limit(6)
                    .toList();
            assertThat(readers).allSatisfy(reader -> assertThat(reader.join()).isEqualTo(published(FILE)));
        }
        assertThat(tardis.fileRequests()).hasSize(1);
    }

    @Test
    void closingDuringADownloadEndsItAndLeavesNoFile() throws Exception {
        tardis.fail(Fault.drip(100, Duration.ofMillis(50)), 1);
        try (TardisSource source = opening().build()) {
            Batches batches = source.read(SERIES, DAY);
            CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> batches.forEach(batch -> {}));
            while (files().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            batches.close();
            assertThatThrownBy(() -> reader.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(Cancelled.class);
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void whatOneReadFailedWithTheSameCursorSaysAgain() {
        tardis.fail(Fault.notCovered(), 1);
        try (TardisSource source = opening().build();
                Batches batches = source.read(SERIES, TimeRange.of("2024-01-02", "2024-01-05"))) {
            var iterator = batches.iterator();
            assertThatThrownBy(iterator::hasNext).isInstanceOf(TardisRefused.class);
            assertThatThrownBy(iterator::hasNext).isInstanceOf(TardisRefused.class);
            assertThatThrownBy(batches::provenance).isInstanceOf(IllegalStateException.class);
        }
    }
}
