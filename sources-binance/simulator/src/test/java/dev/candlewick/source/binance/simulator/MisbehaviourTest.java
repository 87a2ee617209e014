package dev.candlewick.source.binance.simulator;

import static dev.candlewick.source.binance.simulator.Visitor.BTC_JANUARY;
import static dev.candlewick.source.binance.simulator.Visitor.get;
import static dev.candlewick.source.binance.simulator.Visitor.lines;
import static dev.candlewick.source.binance.simulator.Visitor.millis;
import static dev.candlewick.source.binance.simulator.Visitor.openTimes;
import static dev.candlewick.source.binance.simulator.Visitor.text;
import static dev.candlewick.source.binance.simulator.Visitor.unzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MisbehaviourTest {
    private static final String PING = "/api/v3/ping";
    private static final String HOURS =
            "/api/v3/klines?symbol=BTCUSDT&interval=1h&limit=20&startTime=" + millis("2024-01-01T00:00:00Z");

    private final MovableClock clock = new MovableClock("2026-11-20T10:30:20Z");
    private final BinanceSimulator venue = BinanceSimulator.builder()
            .market(SyntheticMarket.ofEverything(42))
            .clock(clock)
            .start();

    @AfterEach
    void close() {
        venue.close();
    }

    private HttpResponse<byte[]> rest(String target) throws IOException {
        return get(venue.apiUrl(), target);
    }

    private HttpResponse<byte[]> zip() throws IOException {
        return get(venue.archiveUrl(), "/" + BTC_JANUARY);
    }

    private String checksum() throws IOException {
        return text(get(venue.archiveUrl(), "/" + BTC_JANUARY + ".CHECKSUM"));
    }

    private void assertChecksumAgrees() throws IOException {
        assertThat(checksum()).startsWith(ZipBytes.sha256(zip().body()));
    }

    @Test
    void itHappensAsOftenAsItShouldWhereItShould() throws IOException {
        ActiveMisbehaviour fault = venue.misbehave(
                Misbehaviour.serverError(503).forSymbol("BTCUSDT").afterFirst(1).times(2));

        assertThat(rest(PING).statusCode()).isEqualTo(200);
        assertThat(rest(HOURS).statusCode()).isEqualTo(200);
        assertThat(rest(HOURS).statusCode()).isEqualTo(503);
        assertThat(rest(HOURS).body()).isEmpty();
        assertThat(rest(HOURS).statusCode()).isEqualTo(200);
        assertThat(fault.occurrences()).isEqualTo(2);
    }

    @Test
    void itEndsWhenClosed() throws IOException {
        try (ActiveMisbehaviour fault = venue.misbehave(Misbehaviour.serverErrorPage(502))) {
            assertThat(text(rest(PING))).contains("<html>");
            assertThat(fault.occurrences()).isEqualTo(1);
        }
        assertThat(rest(PING).statusCode()).isEqualTo(200);
    }

    @Test
    void toldToWaitTheVenueRemembersForHowLong() throws IOException {
        venue.misbehave(Misbehaviour.tooManyRequests(Duration.ofSeconds(5)).times(1));

        assertThat(rest(PING).headers().firstValue("Retry-After")).contains("5");
        assertThat(rest(PING).statusCode()).isEqualTo(429);
        assertThat(venue.requests().unwelcome()).hasSize(1);
        clock.advance(Duration.ofSeconds(5));
        assertThat(rest(PING).statusCode()).isEqualTo(200);
        assertThat(venue.requests().unwelcome()).hasSize(1);
    }

    @Test
    void theEndOfAWaitCanBeADateOrMissing() throws IOException {
        venue.misbehave(
                Misbehaviour.tooManyRequestsUntilDate(Duration.ofSeconds(5)).times(1));
        assertThat(rest(PING).headers().firstValue("Retry-After")).contains("Fri, 20 Nov 2026 10:30:25 GMT");
        clock.advance(Duration.ofSeconds(6));
        venue.misbehave(Misbehaviour.tooManyRequestsWithoutRetryAfter().times(1));
        assertThat(rest(PING).headers().firstValue("Retry-After")).isEmpty();
        assertThat(rest(PING).statusCode()).isEqualTo(200);
    }

    @Test
    void aBanHoldsForThePoolAndNotForOthers() throws IOException {
        venue.misbehave(Misbehaviour.banned(Duration.ofMinutes(10))
                .onHost(VenueHost.FAPI)
                .times(1));

        assertThat(get(venue.fapiUrl(), "/fapi/v1/ping").headers().firstValue("Retry-After"))
                .contains("600");
        assertThat(get(venue.dapiUrl(), "/dapi/v1/ping").statusCode()).isEqualTo(418);
        assertThat(rest(PING).statusCode()).isEqualTo(200);
        assertThat(venue.requests().unwelcome())
                .singleElement()
                .extracting(ServedRequest::standing)
                .isEqualTo(Standing.BANNED);
    }

    @Test
    void firewallsAndBordersAnswerInTheirOwnWay() throws IOException {
        venue.misbehave(Misbehaviour.forbidden().times(1));
        assertThat(text(rest(PING))).contains("403 Forbidden");
        venue.misbehave(Misbehaviour.restrictedLocation().times(1));
        HttpResponse<byte[]> border = rest(PING);
        assertThat(border.statusCode()).isEqualTo(451);
        assertThat(text(border)).startsWith("{\"code\":0,");
        venue.misbehave(Misbehaviour.htmlInsteadOfData().times(1));
        assertThat(text(rest(PING))).startsWith("<html>");
        venue.misbehave(Misbehaviour.errorBody(200, -1000, "unknown").times(1));
        assertThat(text(rest(PING))).isEqualTo("{\"code\":-1000,\"msg\":\"unknown\"}");
    }

    @Test
    void aCutConnectionDeliversExactlySoManyBytes() throws IOException {
        venue.misbehave(Misbehaviour.cutAfter(100));

        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), venue.apiUrl().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("GET " + HOURS + " HTTP/1.1\r\nHost: venue\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).hasSize(100);
        }
        assertThatThrownBy(() -> rest(HOURS)).isInstanceOf(IOException.class);
    }

    @Test
    @Timeout(30)
    void aBlackHoleNeverAnswersAndDoesNotHoldUpClosing() throws IOException {
        venue.misbehave(Misbehaviour.blackHole());

        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), venue.apiUrl().getPort())) {
            socket.setSoTimeout(300);
            OutputStream out = socket.getOutputStream();
            out.write(("GET " + PING + " HTTP/1.1\r\nHost: venue\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
            while (venue.requests().count() == 0) {
                Thread.onSpinWait();
            }
            assertThat(venue.requests().all())
                    .singleElement()
                    .extracting(ServedRequest::status)
                    .isEqualTo(0);
            long before = System.nanoTime();
            venue.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void dribbledBodiesArriveWhole() throws IOException {
        venue.misbehave(Misbehaviour.dribble(64, Duration.ofMillis(1)).times(1));

        assertThat(openTimes(rest(HOURS))).hasSize(20);
    }

    @Test
    void pagesComeOutOfOrderTwiceShortOrFromElsewhere() throws IOException {
        List<Long> good = openTimes(rest(HOURS));

        venue.misbehave(CandleFaults.reversedRows().times(1));
        assertThat(openTimes(rest(HOURS)))
                .isSortedAccordingTo((a, b) -> Long.compare(b, a))
                .hasSize(20);
        venue.misbehave(CandleFaults.unsortedRows().times(1));
        assertThat(openTimes(rest(HOURS))).isNotEqualTo(good).containsExactlyInAnyOrderElementsOf(good);
        venue.misbehave(CandleFaults.duplicatedRows().times(1));
        assertThat(openTimes(rest(HOURS))).hasSize(22).containsOnlyOnceElementsOf(good.subList(1, 10));
        venue.misbehave(CandleFaults.shortPages(7).times(1));
        assertThat(openTimes(rest(HOURS))).isEqualTo(good.subList(0, 7));
        venue.misbehave(CandleFaults.emptyPage().times(1));
        assertThat(text(rest(HOURS))).isEqualTo("[]");
        venue.misbehave(CandleFaults.rowsOutsideTheRange().times(1));
        assertThat(openTimes(rest(HOURS))).hasSize(22).startsWith(good.get(0) - 3_600_000);
        try (ActiveMisbehaviour stuck = venue.misbehave(CandleFaults.repeatedPage())) {
            assertThat(openTimes(rest(HOURS))).isEqualTo(good);
            assertThat(openTimes(rest("/api/v3/klines?symbol=BTCUSDT&interval=1h")))
                    .isEqualTo(good);
            assertThat(stuck.occurrences()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(RowDefect.class)
    void aDefectSpoilsOneRowOfAFileWhoseChecksumAgrees(RowDefect defect) throws IOException {
        List<String> good = lines(zip());
        venue.misbehave(CandleFaults.defectiveRow(defect, 5));
        List<String> bad = lines(zip());

        assertThat(bad).hasSameSizeAs(good);
        assertThat(bad.get(5)).isNotEqualTo(good.get(5));
        assertThat(bad.subList(6, 744)).isEqualTo(good.subList(6, 744));
        assertChecksumAgrees();
    }

    @Test
    void offGridRowsAreShifted() throws IOException {
        List<Long> good = openTimes(rest(HOURS));
        venue.misbehave(CandleFaults.offGridRows(2, 4, Duration.ofMillis(14_789)));

        List<Long> shifted = openTimes(rest(HOURS));
        assertThat(shifted.get(2)).isEqualTo(good.get(2) + 14_789);
        assertThat(shifted.get(4)).isEqualTo(good.get(4));
    }

    @Test
    void damageOnTheWayContradictsTheChecksum() throws IOException {
        byte[] good = zip().body();
        String checksum = checksum();

        venue.misbehave(ArchiveFaults.truncatedZip().times(1));
        assertThat(zip().body()).hasSize(good.length / 2);
        venue.misbehave(ArchiveFaults.corruptZip().times(1));
        assertThat(zip().body()).hasSameSizeAs(good).isNotEqualTo(good);
        assertThat(checksum()).isEqualTo(checksum);
        venue.misbehave(ArchiveFaults.staleChecksum().times(1));
        assertThat(checksum()).isNotEqualTo(checksum).endsWith("  BTCUSDT-1h-2024-01.zip");
        assertThat(checksum()).isEqualTo(checksum);
        assertThat(zip().body()).isEqualTo(good);
    }

    @Test
    void aCorruptZipWithMatchingChecksumFailsOnlyItsOwnTest() throws IOException {
        venue.misbehave(ArchiveFaults.corruptZipWithMatchingChecksum());

        assertChecksumAgrees();
        byte[] bytes = zip().body();
        assertThatThrownBy(() -> {
                    ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes));
                    in.getNextEntry();
                    in.readAllBytes();
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void zipsCanHoldWhatTheyShouldNot() throws IOException {
        try (ActiveMisbehaviour fault = venue.misbehave(ArchiveFaults.extraMember())) {
            assertThat(unzip(zip().body()).keySet())
                    .containsExactly("__MACOSX/._BTCUSDT-1h-2024-01.csv", "BTCUSDT-1h-2024-01.csv");
            assertChecksumAgrees();
            assertThat(fault.occurrences()).isEqualTo(2);
        }
        try (ActiveMisbehaviour fault = venue.misbehave(ArchiveFaults.wrongMemberName())) {
            assertThat(unzip(zip().body())).containsOnlyKeys("OTHER-BTCUSDT-1h-2024-01.csv");
            assertThat(fault.occurrences()).isEqualTo(1);
        }
        try (ActiveMisbehaviour fault = venue.misbehave(ArchiveFaults.emptyZip())) {
            assertThat(unzip(zip().body())).isEmpty();
            assertThat(fault.occurrences()).isEqualTo(1);
        }
        try (ActiveMisbehaviour fault = venue.misbehave(ArchiveFaults.zipBomb(50_000_000))) {
            assertThat(zip().body()).hasSizeLessThan(1_000_000);
            assertThat(fault.occurrences()).isEqualTo(1);
        }
    }

    @Test
    void anArchiveHoleIsInRestButNotInArchiveNorListing() throws IOException {
        venue.misbehave(ArchiveFaults.missingFile().forSymbol("BTCUSDT").forPeriod("2024-01"));

        assertThat(zip().statusCode()).isEqualTo(404);
        assertThat(get(venue.archiveUrl(), "/" + BTC_JANUARY + ".CHECKSUM").statusCode())
                .isEqualTo(404);
        assertThat(text(get(venue.archiveUrl(), "/?prefix=data/spot/monthly/klines/BTCUSDT/1h/")))
                .contains("BTCUSDT-1h-2024-02.zip")
                .doesNotContain("BTCUSDT-1h-2024-01.zip");
        assertThat(openTimes(rest(HOURS))).hasSize(20);
    }

    @Test
    void aMissingDayLeavesTheRestOfTheMonth() throws IOException {
        venue.misbehave(ArchiveFaults.missingDay(LocalDate.of(2024, 1, 10)));

        assertThat(lines(zip())).hasSize(720).noneMatch(line -> line.startsWith(millis("2024-01-10T05:00:00Z") + ","));
        assertChecksumAgrees();
    }

    @Test
    void aMissingChecksumLeavesTheZip() throws IOException {
        venue.misbehave(ArchiveFaults.missingChecksum());

        assertThat(get(venue.archiveUrl(), "/" + BTC_JANUARY + ".CHECKSUM").statusCode())
                .isEqualTo(404);
        assertThat(zip().statusCode()).isEqualTo(200);
    }

    @Test
    void unitsAndHeadersFollowNoRule() throws IOException {
        try (ActiveMisbehaviour fault = venue.misbehave(ArchiveFaults.timesInMicros())) {
            assertThat(lines(zip()).get(0)).startsWith("1704067200000000,");
            assertThat(fault.occurrences()).isEqualTo(1);
        }
        try (ActiveMisbehaviour fault = venue.misbehave(ArchiveFaults.mixedTimes())) {
            assertThat(lines(zip()).get(371)).matches("[0-9]{13},.*");
            assertThat(lines(zip()).get(372)).matches("[0-9]{16},.*,[0-9]{10}999999,.*");
            assertThat(fault.occurrences()).isEqualTo(2);
        }
        try (ActiveMisbehaviour fault = venue.misbehave(ArchiveFaults.headerRow())) {
            assertThat(lines(zip())).hasSize(745).startsWith(KlineText.HEADER);
            assertThat(fault.occurrences()).isEqualTo(1);
        }
        try (ActiveMisbehaviour fault = venue.misbehave(ArchiveFaults.byteOrderMark())) {
            assertThat(lines(zip()).get(0)).startsWith("\uFEFF1704067200000");
            assertThat(fault.occurrences()).isEqualTo(1);
        }
    }

    @Test
    void aStaleListingMissesWhatIsServed() throws IOException {
        venue.misbehave(Misbehaviour.staleListing(Instant.parse("2024-01-15T00:00:00Z")));

        assertThat(text(get(venue.archiveUrl(), "/?prefix=data/spot/monthly/klines/BTCUSDT/1h/")))
                .contains("BTCUSDT-1h-2023-12.zip")
                .doesNotContain("BTCUSDT-1h-2024-01.zip");
        assertThat(zip().statusCode()).isEqualTo(200);
    }

    @Test
    void anUnavailableListingLeavesTheFiles() throws IOException {
        venue.misbehave(Misbehaviour.listingUnavailable());

        assertThat(get(venue.archiveUrl(), "/?prefix=data/").statusCode()).isEqualTo(503);
        assertThat(zip().statusCode()).isEqualTo(200);
    }
}
