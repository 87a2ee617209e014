package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Refused;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.source.binance.simulator.ArchiveFaults;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.CandleFaults;
import dev.candlewick.source.binance.simulator.MarketType;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.RequestKind;
import dev.candlewick.source.binance.simulator.RowDefect;
import dev.candlewick.source.binance.simulator.SyntheticInstrument;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The source against a venue in this process. */
final class VenueTest {

    private static final Instant NOW = Instant.parse("2025-03-12T15:07:30Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Instant LISTED = Instant.parse("2022-11-10T05:00:00Z");
    private static final String BTC = "BINANCE:SPOT_PAIR:BTC-USDT/candles:";
    private static BinanceSimulator venue;

    private Source source;

    @BeforeAll
    static void open() {
        Instant death = Instant.parse("2024-05-14T04:00:00Z");
        SyntheticMarket market = SyntheticMarket.seeded(42)
                .spot("BTCUSDT", "BTC", "USDT", LISTED)
                .spot("ETHUSDT", "ETH", "USDT", LISTED)
                .spot("币安人生USDT", "币安人生", "USDT", LISTED)
                .usdMargined("BTCUSDT", "BTC", "USDT", LISTED)
                .add(SyntheticInstrument.usdMargined("FTTUSDT", "FTT", "USDT", LISTED)
                        .delistedWithFlatTailAt(death))
                .add(SyntheticInstrument.spot("BCCUSDT", "BCC", "USDT", LISTED).delistedAt(death))
                .coinMargined("BTCUSD_PERP", "BTC", LISTED)
                .outage(Instant.parse("2023-03-24T12:40:00Z"), Instant.parse("2023-03-24T14:00:00Z"))
                .outage(Instant.parse("2025-03-12T04:00:00Z"), Instant.parse("2025-03-12T05:00:00Z"))
                .build();
        venue = BinanceSimulator.builder().market(market).clock(CLOCK).start();
    }

    @AfterAll
    static void shut() {
        venue.close();
    }

    @BeforeEach
    void start() {
        venue.requests().clear();
        source = source(Market.SPOT);
    }

    @AfterEach
    void end() {
        venue.behave();
        source.close();
    }

    @Test
    void wholeMonthsComeFromTheArchiveExactly() {
        Reading reading = read(BTC + "5m", "2024-12-01", "2025-02-01");
        assertThat(reading.rows()).isEqualTo(truth(MarketType.SPOT, "BTCUSDT", "5m", "2024-12-01", "2025-02-01"));
        assertThat(reading.reasons()).isEmpty();
        assertThat(venue.requests().count(RequestKind.KLINES)).isZero();
        assertThat(venue.requests().count()).isEqualTo(4);
        assertThat(reading.provenance().answers())
                .extracting("note")
                .satisfiesExactly(
                        first -> assertThat(first).asString().contains("times in ms"),
                        second -> assertThat(second).asString().contains("times in µs"));
    }

    @Test
    void theRecentEdgeComesFromRestAndEndsWithTheLastClosedCandle() {
        Reading reading = read(BTC + "1m", "2025-03-11", "2025-03-13");
        List<List<String>> truth = truth(MarketType.SPOT, "BTCUSDT", "1m", "2025-03-11", "2025-03-12T15:07:00Z");
        assertThat(reading.rows()).isEqualTo(truth);
        assertThat(reading.reasons()).containsExactly(GapReason.CONFIRMED_EMPTY, GapReason.NOT_YET_PUBLISHED);
        Gap open = reading.provenance().gaps().get(1);
        assertThat(open.range()).isEqualTo(TimeRange.of("2025-03-12T15:07:00Z", "2025-03-13"));
        assertThat(open.recheckAt()).isEqualTo(Instant.parse("2025-03-12T15:08:00Z"));
    }

    @Test
    void theVenuesClockDecidesWhatIsClosed() {
        venue.clockAhead(Duration.ofMinutes(-5));
        try {
            Reading reading = read(BTC + "1m", "2025-03-12T14:00:00Z", "2025-03-12T15:07:00Z");
            assertThat(reading.opens()).hasSize(62);
        } finally {
            venue.clockAhead(Duration.ZERO);
        }
    }

    @Test
    void theOutageOfMarch2023IsOneGapWithItsRecord() {
        Reading reading = read(BTC + "1m", "2023-03-01", "2023-04-01");
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.VENUE_OUTAGE);
            assertThat(gap.range()).isEqualTo(TimeRange.of("2023-03-24T12:40:00Z", "2023-03-24T14:00:00Z"));
            assertThat(gap.evidence()).contains("BTCUSDT-1m-2023-03.zip", "/api/v3/klines", "2023-03-24");
            assertThat(gap.recheckAt()).isEqualTo(Gap.NEVER);
        });
        assertThat(reading.opens()).hasSize(31 * 1_440 - 80);
        assertThat(venue.requests().count(RequestKind.KLINES)).isEqualTo(1);
    }

    @Test
    void coinMarginedPagesAreComplete() {
        try (Source cm = source(Market.COIN_MARGINED)) {
            Reading reading = Reading.of(
                    cm,
                    "BINANCE-DELIVERY:PERPETUAL:BTC-USD/candles:1m",
                    TimeRange.of("2025-03-11T22:00:00Z", "2025-03-12T15:00:00Z"));
            assertThat(reading.rows())
                    .isEqualTo(truth(
                            MarketType.COIN_MARGINED,
                            "BTCUSD_PERP",
                            "1m",
                            "2025-03-11T22:00:00Z",
                            "2025-03-12T15:00:00Z"));
        }
    }

    @Test
    void dailyCandlesOfYearsTakeFewRequests() {
        for (Market market : List.of(Market.SPOT, Market.COIN_MARGINED)) {
            venue.requests().clear();
            String subject =
                    market == Market.SPOT ? "BINANCE:SPOT_PAIR:BTC-USDT" : "BINANCE-DELIVERY:PERPETUAL:BTC-USD@INV";
            try (Source each = source(market)) {
                Reading reading = Reading.of(each, subject + "/candles:1d", TimeRange.of("2023-01-01", "2025-01-01"));
                assertThat(reading.opens()).hasSize(731);
                assertThat(venue.requests().count()).isLessThan(6);
            }
        }
    }

    @Test
    void anySymbolOfAnyScriptIsRead() {
        Reading reading = read("BINANCE:SPOT_PAIR:币安人生-USDT/candles:15m", "2024-02-01", "2024-03-01");
        assertThat(reading.rows()).isEqualTo(truth(MarketType.SPOT, "币安人生USDT", "15m", "2024-02-01", "2024-03-01"));
    }

    @Test
    void whatLiesBeforeTheListingCostsOneQuestion() {
        Reading reading = read(BTC + "1h", "2022-01-01", "2022-12-01");
        assertThat(reading.provenance().gaps()).allSatisfy(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.BEFORE_LISTING);
            assertThat(gap.evidence()).contains("2022-11-10T05:00:00Z");
        });
        assertThat(reading.opens().get(0)).isEqualTo(Epoch.micros(LISTED));
        assertThat(reading.rows()).isEqualTo(truth(MarketType.SPOT, "BTCUSDT", "1h", "2022-01-01", "2022-12-01"));
        assertThat(venue.requests().count(RequestKind.KLINES)).isLessThanOrEqualTo(2);
    }

    @Test
    void flatCandlesOfADeadSymbolAreKeptAndFlagged() {
        try (Source um = source(Market.USD_MARGINED)) {
            Reading reading = Reading.of(
                    um, "BINANCE-FUTURES:PERPETUAL:FTT-USDT/candles:1h", TimeRange.of("2024-05-01", "2024-06-01"));
            assertThat(reading.opens()).hasSize(31 * 24);
            assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
                assertThat(gap.reason()).isEqualTo(GapReason.AFTER_DELISTING);
                assertThat(gap.range()).isEqualTo(TimeRange.of("2024-05-14T04:00:00Z", "2024-06-01"));
                assertThat(gap.evidence()).contains("flat zero-trade candles since 2024-05-14T04:00:00Z");
            });
        }
    }

    @Test
    void whatLiesAfterADelistingIsExplained() {
        Reading reading = read("BINANCE:SPOT_PAIR:BCC-USDT/candles:1h", "2024-05-01", "2024-06-01");
        assertThat(reading.opens()).hasSize(13 * 24 + 4);
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.AFTER_DELISTING);
            assertThat(gap.range()).isEqualTo(TimeRange.of("2024-05-14T04:00:00Z", "2024-06-01"));
        });
    }

    @Test
    void anUnknownSymbolIsRefusedWithNearMatches() {
        assertThatThrownBy(() -> read("BINANCE:SPOT_PAIR:BTCC-USDT/candles:1m", "2024-01-01", "2025-01-01"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("BTCCUSDT")
                .hasMessageContaining("BTCUSDT");
        assertThat(venue.requests().count()).isLessThan(10);
    }

    @Test
    void anUnknownIntervalIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> read(BTC + "10m", "2024-01-01", "2024-01-02"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("15m");
        try (Source um = source(Market.USD_MARGINED)) {
            assertThatThrownBy(() -> Reading.of(
                            um, "BINANCE-FUTURES:PERPETUAL:BTC-USDT/candles:1s", TimeRange.day("2024-01-01")))
                    .isInstanceOf(Refused.class);
            assertThatThrownBy(() -> Reading.of(um, BTC + "1m", TimeRange.day("2024-01-01")))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("binance:spot");
        }
    }

    @Test
    void aMissingDayOfTheArchiveIsFilledFromRest() {
        venue.misbehave(ArchiveFaults.missingDay(LocalDate.parse("2024-07-09")));
        Reading reading = read(BTC + "15m", "2024-07-01", "2024-08-01");
        assertThat(reading.rows()).isEqualTo(truth(MarketType.SPOT, "BTCUSDT", "15m", "2024-07-01", "2024-08-01"));
        assertThat(reading.reasons()).isEmpty();
        assertThat(reading.provenance().answers())
                .anySatisfy(answer -> assertThat(answer.note()).contains("REST filled"));
    }

    @Test
    void aHoleThatOnlyTheArchiveShowsStaysOpenForADay() {
        venue.misbehave(ArchiveFaults.missingDay(LocalDate.parse("2024-07-09")));
        venue.misbehave(Misbehaviour.restrictedLocation());
        Reading reading = read(BTC + "15m", "2024-07-01", "2024-08-01");
        assertThat(reading.opens()).hasSize(30 * 96);
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
            assertThat(gap.recheckAt()).isEqualTo(NOW.plus(Duration.ofDays(1)));
        });
    }

    @Test
    void withoutRestTheArchiveStillServesWhatItHas() {
        venue.misbehave(Misbehaviour.restrictedLocation());
        assertThat(read(BTC + "15m", "2025-02-01", "2025-03-01").opens()).hasSize(28 * 96);
        assertThatThrownBy(() -> read(BTC + "1m", "2025-03-12T10:00:00Z", "2025-03-12T11:00:00Z"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("451");
    }

    @Test
    void aMissingMonthIsReadFromItsDays() {
        venue.misbehave(ArchiveFaults.missingFile().forPeriod("2024-07"));
        Reading reading = read(BTC + "15m", "2024-07-01", "2024-08-01");
        assertThat(reading.rows()).isEqualTo(truth(MarketType.SPOT, "BTCUSDT", "15m", "2024-07-01", "2024-08-01"));
        assertThat(reading.reasons()).isEmpty();
        assertThat(reading.provenance().answers()).hasSize(32);
    }

    static Stream<Misbehaviour> harmlessFiles() {
        return Stream.of(
                ArchiveFaults.truncatedZip().times(1),
                ArchiveFaults.truncatedZip().forPeriod("2024-07"),
                ArchiveFaults.corruptZip(),
                ArchiveFaults.corruptZipWithMatchingChecksum().forPeriod("2024-07"),
                ArchiveFaults.htmlInZip(),
                ArchiveFaults.wrongMemberName(),
                ArchiveFaults.extraMember(),
                ArchiveFaults.emptyZip(),
                ArchiveFaults.zipBomb(50_000_000).forPeriod("2024-07"),
                ArchiveFaults.escapingMemberName(),
                ArchiveFaults.staleChecksum(),
                ArchiveFaults.staleChecksum().times(1),
                ArchiveFaults.checksumOfAnotherName(),
                ArchiveFaults.garbageChecksum(),
                ArchiveFaults.missingChecksum(),
                ArchiveFaults.missingFile(),
                ArchiveFaults.forbiddenInsteadOfMissing(),
                ArchiveFaults.noRows(),
                ArchiveFaults.timesInMillis(),
                ArchiveFaults.timesInMicros(),
                ArchiveFaults.mixedTimes(),
                ArchiveFaults.headerRow(),
                ArchiveFaults.windowsLineEnds(),
                ArchiveFaults.byteOrderMark(),
                ArchiveFaults.noFinalLineEnd(),
                ArchiveFaults.brokenLastLine(),
                CandleFaults.reversedRows(),
                CandleFaults.unsortedRows(),
                CandleFaults.duplicatedRows(),
                CandleFaults.repeatedPage(),
                CandleFaults.shortPages(7).times(40),
                CandleFaults.emptyPage().times(1),
                Misbehaviour.serverError(503).times(1),
                Misbehaviour.cutAfter(300).times(1));
    }

    @ParameterizedTest
    @MethodSource("harmlessFiles")
    void noMisbehaviourChangesACandle(Misbehaviour misbehaviour) {
        venue.misbehave(misbehaviour);
        Reading past = read("BINANCE:SPOT_PAIR:ETH-USDT/candles:1h", "2024-07-01", "2024-08-01");
        assertThat(past.rows()).isEqualTo(truth(MarketType.SPOT, "ETHUSDT", "1h", "2024-07-01", "2024-08-01"));
        assertThat(past.reasons()).isEmpty();
        Reading recent = read("BINANCE:SPOT_PAIR:ETH-USDT/candles:5m", "2025-03-12T06:00:00Z", "2025-03-12T12:00:00Z");
        assertThat(recent.rows())
                .isEqualTo(truth(MarketType.SPOT, "ETHUSDT", "5m", "2025-03-12T06:00:00Z", "2025-03-12T12:00:00Z"));
    }

    @ParameterizedTest
    @MethodSource("defects")
    void aDefectiveRowIsSetAsideAndTheRestGoesOn(RowDefect defect) {
        venue.misbehave(CandleFaults.defectiveRow(defect, 17));
        Reading reading = read("BINANCE:SPOT_PAIR:ETH-USDT/candles:15m", "2024-07-01", "2024-08-01");
        List<List<String>> truth = truth(MarketType.SPOT, "ETHUSDT", "15m", "2024-07-01", "2024-08-01");
        assertThat(truth).containsAll(reading.rows());
        assertThat(reading.rows()).hasSizeGreaterThanOrEqualTo(truth.size() - 1);
        if (reading.rows().size() < truth.size()) {
            assertThat(reading.provenance().quarantined()).isNotEmpty();
            assertThat(reading.provenance().gaps()).hasSize(1);
        }
    }

    static Stream<RowDefect> defects() {
        return Stream.of(RowDefect.values());
    }

    @Test
    void offGridRowsAndShortClosesAreKept() {
        venue.misbehave(CandleFaults.offGridRows(100, 110, Duration.ofMillis(14_789)));
        venue.misbehave(CandleFaults.shortClose(200, Duration.ofSeconds(7)));
        Reading reading = read("BINANCE:SPOT_PAIR:ETH-USDT/candles:15m", "2024-07-01", "2024-08-01");
        assertThat(reading.opens()).hasSize(31 * 96);
        assertThat(reading.reasons()).isEmpty();
        assertThat(reading.provenance().answers().get(0).note()).contains("10 rows open off the grid");
    }

    @Test
    void aPageOfForeignRowsIsNoEmptyAnswer() {
        venue.misbehave(CandleFaults.rowsOutsideTheRange());
        Reading recent = read("BINANCE:SPOT_PAIR:ETH-USDT/candles:5m", "2025-03-12T06:00:00Z", "2025-03-12T12:00:00Z");
        assertThat(recent.opens()).hasSize(72);
    }

    @Test
    void aStaleChecksumIsAcceptedWithEvidenceIfThePolicySaysSo() {
        venue.misbehave(ArchiveFaults.staleChecksum());
        venue.misbehave(Misbehaviour.restrictedLocation());
        try (Source lenient = builder(Market.SPOT)
                .checksumPolicy(ChecksumPolicy.ACCEPT_WITH_EVIDENCE)
                .build()) {
            Reading reading = Reading.of(lenient, BTC + "15m", TimeRange.month("2024-07"));
            assertThat(reading.opens()).hasSize(31 * 96);
            assertThat(reading.provenance().answers().get(0).note())
                    .contains("accepted with evidence", "published checksum");
        }
        assertThatThrownBy(() -> read(BTC + "15m", "2024-07-01", "2024-08-01")).isInstanceOf(Refused.class);
    }

    @Test
    void anErrorNeverBecomesEmpty() {
        for (Misbehaviour each : List.of(
                Misbehaviour.htmlInsteadOfData(),
                Misbehaviour.emptyBody(),
                Misbehaviour.errorBody(400, -1100, "Illegal"))) {
            try (var active = venue.misbehave(each.onKind(RequestKind.KLINES))) {
                assertThatThrownBy(() -> read(BTC + "1m", "2025-03-12T06:00:00Z", "2025-03-12T12:00:00Z"))
                        .isInstanceOf(dev.candlewick.MarketDataException.class)
                        .isNotInstanceOf(Unavailable.class);
                assertThat(active.occurrences()).isPositive();
            }
        }
    }

    @Test
    void estimatesAreWhatReadingAsks() {
        TimeRange range = TimeRange.of("2024-11-01", "2025-03-12T12:00:00Z");
        var estimate = source.estimate(dev.candlewick.Series.parse("BINANCE:SPOT_PAIR:ETH-USDT/candles:1m"), range);
        assertThat(venue.requests().count()).isZero();
        read("BINANCE:SPOT_PAIR:ETH-USDT/candles:1m", "2024-11-01", "2025-03-12T12:00:00Z");
        long files = venue.requests().count(RequestKind.ARCHIVE_FILE)
                + venue.requests().count(RequestKind.ARCHIVE_CHECKSUM);
        assertThat(estimate.requests().values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        - estimate.requests().getOrDefault("rest", 0L))
                .isEqualTo(files);
        assertThat(estimate.rows()).isEqualTo((30L + 31 + 31 + 28 + 11) * 1_440 + 720);
    }

    private Reading read(String series, String start, String end) {
        return Reading.of(source, series, TimeRange.of(start, end));
    }

    private static List<List<String>> truth(
            MarketType market, String symbol, String interval, String start, String end) {
        TimeRange range = TimeRange.of(start, end);
        return Reading.plain(venue.candles(
                market,
                symbol,
                interval,
                range.start().toEpochMilli(),
                range.end().toEpochMilli()));
    }

    private static Source source(Market market) {
        return builder(market).build();
    }

    private static BinanceSource.Builder builder(Market market) {
        return BinanceSource.builder(market)
                .fromEnvironment(venue.environment())
                .clock(CLOCK)
                .transport(Transports.withoutPauses());
    }
}
