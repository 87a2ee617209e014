package dev.candlewick.source.binance.simulator;

import static dev.candlewick.source.binance.simulator.Visitor.BTC_JANUARY;
import static dev.candlewick.source.binance.simulator.Visitor.get;
import static dev.candlewick.source.binance.simulator.Visitor.lines;
import static dev.candlewick.source.binance.simulator.Visitor.millis;
import static dev.candlewick.source.binance.simulator.Visitor.text;
import static dev.candlewick.source.binance.simulator.Visitor.unzip;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchiveTest {
    private static final String BTC_1H = "data/spot/monthly/klines/BTCUSDT/1h/";

    private final MovableClock clock = new MovableClock("2026-11-20T10:30:20Z");
    private final BinanceSimulator venue = BinanceSimulator.builder()
            .market(SyntheticMarket.ofEverything(42))
            .clock(clock)
            .start();

    @AfterEach
    void close() {
        venue.close();
    }

    private HttpResponse<byte[]> file(String key) throws IOException {
        return get(venue.archiveUrl(), "/" + key);
    }

    @Test
    void aZipHoldsOneMemberOfItsNameWithTheTruth() throws IOException {
        HttpResponse<byte[]> zip = file(BTC_JANUARY);
        List<PublishedCandle> truth = venue.candles(
                MarketType.SPOT, "BTCUSDT", "1h", millis("2024-01-01T00:00:00Z"), millis("2024-02-01T00:00:00Z"));

        assertThat(unzip(zip.body())).containsOnlyKeys("BTCUSDT-1h-2024-01.csv");
        List<String> lines = lines(zip);
        assertThat(lines).hasSize(744).hasSameSizeAs(truth);
        for (int row = 0; row < lines.size(); row++) {
            String[] fields = lines.get(row).split(",", -1);
            assertThat(fields).hasSize(12);
            assertThat(fields[0]).isEqualTo(String.valueOf(truth.get(row).openMillis()));
            assertThat(new BigDecimal(fields[4])).isEqualTo(truth.get(row).close());
            assertThat(new BigDecimal(fields[7])).isEqualTo(truth.get(row).quoteVolume());
        }
        assertThat(venue.archivedCandles(BTC_JANUARY)).isEqualTo(truth);
    }

    @Test
    void theChecksumIsThatOfTheZip() throws IOException {
        String hash = ZipBytes.sha256(file(BTC_JANUARY).body());

        assertThat(text(file(BTC_JANUARY + ".CHECKSUM"))).isEqualTo(hash + "  BTCUSDT-1h-2024-01.zip");
    }

    @Test
    void checksumFilesOfFuturesEndWithALineFeed() throws IOException {
        assertThat(text(file("data/futures/cm/daily/klines/BTCUSD_PERP/1h/BTCUSD_PERP-1h-2024-01-05.zip.CHECKSUM")))
                .endsWith("  BTCUSD_PERP-1h-2024-01-05.zip\n");
    }

    @Test
    void twoVenuesServeTheSameBytes() throws IOException {
        try (BinanceSimulator other = BinanceSimulator.builder()
                .market(SyntheticMarket.ofEverything(42))
                .clock(clock)
                .start()) {
            assertThat(get(other.archiveUrl(), "/" + BTC_JANUARY).body())
                    .isEqualTo(file(BTC_JANUARY).body());
        }
    }

    @Test
    void spotSwitchesToMicrosecondsWithTheYear2025() throws IOException {
        assertThat(lines(file(BTC_1H + "BTCUSDT-1h-2024-12.zip")).get(0))
                .startsWith("1733011200000,")
                .contains("999,");
        String first = lines(file(BTC_1H + "BTCUSDT-1h-2025-01.zip")).get(0);
        assertThat(first).startsWith("1735689600000000,").contains(",1735693199999999,");
        assertThat(lines(file("data/futures/um/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2025-01.zip"))
                        .get(1))
                .startsWith("1735689600000,");
    }

    @Test
    void futuresFilesGainAHeader() throws IOException {
        assertThat(lines(file("data/futures/um/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2022-04.zip"))
                        .get(0))
                .startsWith("1648771200000,");
        assertThat(lines(file("data/futures/um/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2022-05.zip"))
                        .get(0))
                .isEqualTo(KlineText.HEADER);
    }

    @Test
    void monthsAreWrittenDifferentlyThanInTheApi() throws IOException {
        assertThat(lines(file("data/spot/monthly/klines/BTCUSDT/1mo/BTCUSDT-1mo-2024-02.zip")))
                .hasSize(1);
        assertThat(file("data/spot/monthly/klines/BTCUSDT/1M/BTCUSDT-1M-2024-02.zip")
                        .statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "spot/daily/klines/BTCUSDT/1m/BTCUSDT-1m-2026-11-20.zip", // today
        "spot/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2026-11.zip", // this month
        "spot/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2017-07.zip", // before the listing
        "spot/daily/klines/BTCUSDT/1w/BTCUSDT-1w-2024-01-01.zip", // monthly only
        "futures/um/daily/klines/BTCUSDT/1s/BTCUSDT-1s-2024-01-01.zip", // spot only
        "spot/daily/klines/FTTUSDT/1m/FTTUSDT-1m-2024-02-21.zip", // after the end
        "spot/daily/klines/BTCUSDT/1m/BTCUSDT-1m-2024-02-30.zip", // no such day
        "spot/daily/klines/NOPE/1m/NOPE-1m-2024-02-01.zip"
    })
    void whatWasNotPublishedIs404(String key) throws IOException {
        assertThat(file("data/" + key).statusCode()).isEqualTo(404);
        assertThat(file("data/" + key + ".CHECKSUM").statusCode()).isEqualTo(404);
    }

    @Test
    void filesAppearSomeTimeAfterTheirPeriod() throws IOException {
        String day = "data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2026-11-20.zip";
        String month = BTC_1H + "BTCUSDT-1h-2026-11.zip";

        clock.advance(Duration.ofHours(14)); // 00:30 of the next day
        assertThat(file(day).statusCode()).isEqualTo(404);
        clock.advance(Duration.ofHours(1));
        assertThat(file(day).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofDays(10)); // December 1st
        assertThat(file(month).statusCode()).isEqualTo(404);
        clock.advance(Duration.ofDays(3));
        assertThat(file(month).statusCode()).isEqualTo(200);
    }

    @Test
    void aRepublishedFileHasOtherRowsAndAnotherChecksumAndOthersHaveNot() throws IOException {
        String before = text(file(BTC_JANUARY + ".CHECKSUM"));
        String etag = file(BTC_JANUARY).headers().firstValue("ETag").orElseThrow();
        venue.republish(BTC_JANUARY);
        HttpResponse<byte[]> after = file(BTC_JANUARY);

        assertThat(text(file(BTC_JANUARY + ".CHECKSUM")))
                .isNotEqualTo(before)
                .startsWith(ZipBytes.sha256(after.body()));
        assertThat(after.headers().firstValue("ETag")).isNotEqualTo(Optional.of(etag));
        assertThat(after.headers().firstValue("Last-Modified")).contains("Fri, 20 Nov 2026 10:30:20 GMT");
        PublishedCandle old = venue.candles(
                        MarketType.SPOT,
                        "BTCUSDT",
                        "1h",
                        millis("2024-01-01T00:00:00Z"),
                        millis("2024-01-01T01:00:00Z"))
                .get(0);
        assertThat(venue.archivedCandles(BTC_JANUARY).get(0).volume())
                .isEqualTo(old.volume().add(new BigDecimal("0.00001")));
        assertThat(venue.archivedCandles(BTC_1H + "BTCUSDT-1h-2024-02.zip"))
                .isEqualTo(venue.candles(
                        MarketType.SPOT,
                        "BTCUSDT",
                        "1h",
                        millis("2024-02-01T00:00:00Z"),
                        millis("2024-03-01T00:00:00Z")));
    }

    @Test
    void aKnownETagIsAnsweredWith304() throws IOException {
        String etag = file(BTC_JANUARY).headers().firstValue("ETag").orElseThrow();

        assertThat(get(venue.archiveUrl(), "/" + BTC_JANUARY, "If-None-Match", etag)
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void anUncompressedArchiveHoldsTheSameLines() throws IOException {
        try (BinanceSimulator quick = BinanceSimulator.builder()
                .market(SyntheticMarket.ofEverything(42))
                .clock(clock)
                .uncompressedArchive()
                .start()) {
            HttpResponse<byte[]> zip = get(quick.archiveUrl(), "/" + BTC_JANUARY);
            assertThat(zip.body().length).isGreaterThan(2 * file(BTC_JANUARY).body().length);
            assertThat(lines(zip)).isEqualTo(lines(file(BTC_JANUARY)));
        }
    }

    @Test
    void theListingPagesThroughAllKeysInOrderWithExactSizes() throws IOException {
        List<String> keys = new ArrayList<>();
        String marker = "";
        int pages = 0;
        for (boolean truncated = true; truncated; pages++) {
            String page =
                    text(get(venue.archiveUrl(), "/?delimiter=/&max-keys=7&prefix=" + BTC_1H + "&marker=" + marker));
            List<String> found = all(page, "<Key>([^<]+)</Key>");
            assertThat(found).hasSizeLessThanOrEqualTo(7);
            keys.addAll(found);
            truncated = page.contains("<IsTruncated>true</IsTruncated>");
            marker = keys.get(keys.size() - 1);
            assertThat(page.contains("<NextMarker>" + marker + "</NextMarker>")).isEqualTo(truncated);
        }

        assertThat(pages).isEqualTo(32); // 111 months, two keys each
        assertThat(keys).hasSize(222).isSorted().doesNotHaveDuplicates();
        assertThat(keys.get(0)).isEqualTo(BTC_1H + "BTCUSDT-1h-2017-08.zip");
        assertThat(keys).endsWith(BTC_1H + "BTCUSDT-1h-2026-10.zip.CHECKSUM");
        String last = text(get(venue.archiveUrl(), "/?prefix=" + BTC_JANUARY));
        assertThat(all(last, "<Size>([0-9]+)</Size>"))
                .containsExactly(
                        String.valueOf(file(BTC_JANUARY).body().length),
                        String.valueOf(file(BTC_JANUARY + ".CHECKSUM").body().length));
    }

    @Test
    void theListingRollsFoldersUp() throws IOException {
        String page = text(get(venue.archiveUrl(), "/data.binance.vision?delimiter=/&prefix=data/spot/daily/klines/"));

        assertThat(all(page, "<CommonPrefixes><Prefix>([^<]+)<"))
                .contains("data/spot/daily/klines/BTCUSDT/", "data/spot/daily/klines/币安人生USDT/")
                .contains("data/spot/daily/klines/BCCUSDT/")
                .isSorted();
        assertThat(all(page, "<Key>([^<]+)</Key>")).isEmpty();
        String second = text(get(
                venue.archiveUrl(),
                "/?delimiter=/&prefix=data/spot/daily/klines/&max-keys=2&marker=data/spot/daily/klines/BCCUSDT/"));
        assertThat(all(second, "<CommonPrefixes><Prefix>([^<]+)<"))
                .containsExactly("data/spot/daily/klines/BTCUSDT/", "data/spot/daily/klines/ETHUSDT/");
    }

    @Test
    void theListingNeverAnswersMoreThanAThousandEntries() throws IOException {
        String page =
                text(get(venue.archiveUrl(), "/?delimiter=/&max-keys=9999&prefix=data/spot/daily/klines/ALGOUSDT/1d/"));

        assertThat(all(page, "<Key>([^<]+)</Key>")).hasSize(1000);
        assertThat(page).contains("<IsTruncated>true</IsTruncated>");
    }

    @Test
    void thePageOfTheArchiveNamesItsBucket() throws IOException {
        assertThat(text(get(venue.archiveUrl(), "/")))
                .contains("var BUCKET_URL = '" + venue.archiveUrl() + "/data.binance.vision'");
    }

    @Test
    void filesOnDiskComeBeforeSyntheticOnesAndAreListed(@TempDir Path root) throws IOException {
        Path zip = root.resolve(BTC_JANUARY);
        Path funding = root.resolve("data/futures/um/monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-2026-04.zip");
        Files.createDirectories(zip.getParent());
        Files.createDirectories(funding.getParent());
        Files.writeString(zip, "recorded");
        Files.writeString(funding, "recorded too");
        try (BinanceSimulator recorded = BinanceSimulator.builder()
                .market(SyntheticMarket.ofEverything(42))
                .clock(clock)
                .archiveFiles(root)
                .start()) {
            assertThat(text(get(recorded.archiveUrl(), "/" + BTC_JANUARY))).isEqualTo("recorded");
            assertThat(text(get(recorded.archiveUrl(), "/?prefix=data/futures/um/monthly/fundingRate/")))
                    .contains("BTCUSDT-fundingRate-2026-04.zip", "<Size>12</Size>");
            assertThat(get(recorded.archiveUrl(), "/data/../../../../etc/passwd")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void recordedCandlesAreServedByRestAndArchive(@TempDir Path directory) throws IOException {
        Path csv = directory.resolve("BTCUSDT-1h-2025-01.csv");
        Files.write(csv, lines(file(BTC_1H + "BTCUSDT-1h-2025-01.zip")).subList(0, 48));
        try (BinanceSimulator recorded = BinanceSimulator.builder()
                .market(SyntheticMarket.ofEverything(7))
                .clock(clock)
                .recorded(MarketType.SPOT, "BTCUSDT", "1h", RecordedCandles.read(csv))
                .start()) {
            assertThat(Visitor.rows(get(recorded.apiUrl(), "/api/v3/klines?symbol=BTCUSDT&interval=1h")))
                    .hasSize(48)
                    .usingRecursiveComparison()
                    .isEqualTo(Visitor.rows(get(
                            venue.apiUrl(),
                            "/api/v3/klines?symbol=BTCUSDT&interval=1h&limit=48&startTime="
                                    + millis("2025-01-01T00:00:00Z"))));
            assertThat(lines(get(recorded.archiveUrl(), "/" + BTC_1H + "BTCUSDT-1h-2025-01.zip")))
                    .isEqualTo(Files.readAllLines(csv));
        }
    }

    private static List<String> all(String page, String regex) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(regex).matcher(page);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
