package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Estimate;
import dev.candlewick.GapReason;
import dev.candlewick.MarketDataException;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.source.binance.simulator.ArchiveFaults;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.RequestKind;
import dev.candlewick.source.binance.simulator.SyntheticInstrument;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import dev.candlewick.source.binance.simulator.TradeFaults;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Funding against a venue in this process; metrics, bands, best offers and liquidations from files made by hand. */
final class EventsTest {

    private static final Instant NOW = Instant.parse("2025-03-12T15:07:30Z");
    private static final String UM = "BINANCE-FUTURES:PERPETUAL:BTC-USDT/";
    private static final String SOL = "BINANCE-FUTURES:PERPETUAL:SOL-USDT/";

    @TempDir
    private Path files;

    @SuppressWarnings("NullAway.Init") // JUnit calls open first
    private BinanceSimulator venue;

    @SuppressWarnings("NullAway.Init")
    private Source source;

    @BeforeEach
    void open() {
        Instant listed = Instant.parse("2025-01-10T05:00:00Z");
        venue = BinanceSimulator.builder()
                .market(SyntheticMarket.seeded(42)
                        .usdMargined("BTCUSDT", "BTC", "USDT", listed)
                        .usdMargined("SOLUSDT", "SOL", "USDT", listed)
                        .add(SyntheticInstrument.usdMargined("BTCUSDT_250627", "BTC", "USDT", listed)
                                .deliveredAt(Instant.parse("2025-06-27T08:00:00Z")))
                        .build())
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .archiveFiles(files)
                .start();
        source = BinanceSource.builder(Market.USD_MARGINED)
                .fromEnvironment(venue.environment())
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();
    }

    @AfterEach
    void shut() {
        source.close();
        venue.close();
    }

    @Test
    void fundingOfAnyIntervalComesFromTheArchiveThenFromRest() {
        TickReading reading =
                TickReading.of(source, SOL + "funding", TimeRange.of("2025-02-01", "2025-03-12T15:00:00Z"));
        assertThat(reading.rows()).hasSize(28 * 6 + 11 * 6 + 4);
        assertThat(reading.reasons()).isEmpty();
        assertThat(reading.rows().get(0).get(1)).isEqualTo("4");
        assertThat(reading.rows().get(28 * 6).get(1)).isEmpty();
        assertThat(reading.rows().get(28 * 6).get(3)).isNotEmpty();
        assertThat(venue.requests().count(RequestKind.FUNDING)).isEqualTo(1);
    }

    @Test
    void restGivesTheEventsThatTheFileLacksAndNoOthers() {
        venue.misbehave(TradeFaults.missingRows(200, 230).onPath("fundingRate"));
        TickReading reading = TickReading.of(source, UM + "funding", TimeRange.month("2025-02"));
        assertThat(reading.rows()).hasSize(84);
        assertThat(reading.reasons()).isEmpty();
        assertThat(reading.rows().stream().filter(row -> row.get(1).isEmpty()))
                .isNotEmpty()
                .hasSizeLessThan(5);
        assertThat(reading.notes()).contains("REST filled events");
    }

    @Test
    void aMissingEventIsAGapWhereRestCannotBeAsked() {
        venue.misbehave(TradeFaults.missingRows(500, 520).onPath("fundingRate"));
        venue.misbehave(Misbehaviour.restrictedLocation());
        TickReading reading = TickReading.of(source, UM + "funding", TimeRange.month("2025-02"));
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
            assertThat(gap.evidence()).contains("one was due", "451");
            assertThat(gap.range().duration()).isLessThan(Duration.ofHours(17));
        });
    }

    @Test
    void theFileOfAMonthIsFetchedOnceForAllOfItsDays() throws Exception {
        List<List<String>> whole = TickReading.of(source, UM + "funding", TimeRange.month("2025-02"))
                .rows();
        List<List<String>> daily = new ArrayList<>();
        for (TimeRange day : TimeRange.month("2025-02").days(ZoneOffset.UTC)) {
            daily.addAll(TickReading.of(source, UM + "funding", day).rows());
        }
        assertThat(daily).isEqualTo(whole);
        assertThat(venue.requests().count(RequestKind.ARCHIVE_FILE)).isEqualTo(1);
        assertThat(venue.requests().count(RequestKind.ARCHIVE_CHECKSUM)).isEqualTo(1 + 28);
        assertThat(TickReading.of(source, UM + "funding", TimeRange.day("2025-02-03"))
                        .notes())
                .contains("unchanged since by its checksum");
        Callable<TickReading> january =
                () -> TickReading.of(source, UM + "funding", TimeRange.of("2025-01-11", "2025-02-01"));
        venue.requests().clear();
        ExecutorService readers = Executors.newFixedThreadPool(4);
        try {
            for (Future<TickReading> reading : readers.invokeAll(Collections.nCopies(4, january))) {
                assertThat(reading.get().rows()).hasSize(21 * 3);
            }
        } finally {
            readers.shutdownNow();
        }
        assertThat(venue.requests().count(RequestKind.ARCHIVE_FILE))
                .as("readers at the same time wait for the first of them")
                .isEqualTo(1);
    }

    @Test
    void aMonthThatWasPublishedAnewIsFetchedAgain() {
        venue.misbehave(TradeFaults.missingRows(600, 1_000).onPath("fundingRate"));
        venue.misbehave(Misbehaviour.restrictedLocation());
        TimeRange day = TimeRange.day("2025-02-19");
        assertThat(TickReading.of(source, UM + "funding", day).rows()).isEmpty();
        venue.behave();
        TickReading anew = TickReading.of(source, UM + "funding", day);
        assertThat(anew.rows()).hasSize(3);
        assertThat(venue.requests().count(RequestKind.ARCHIVE_FILE)).isEqualTo(2);
        assertThat(anew.notes()).doesNotContain("unchanged since");
    }

    @Test
    void aDatedContractHasNoFunding() {
        TickReading reading =
                TickReading.of(source, "BINANCE-FUTURES:FUTURE:BTC-USDT-250627/funding", TimeRange.month("2025-02"));
        assertThat(reading.rows()).isEmpty();
        assertThat(reading.reasons()).containsExactly(GapReason.CONFIRMED_EMPTY);
    }

    @Test
    void metricsLabelledByTheEndOfTheirPeriodReachIntoTheNextDay() throws IOException {
        metrics("2025-03-04", "2025-03-04T00:05:00Z", 288);
        metrics("2025-03-05", "2025-03-05T00:05:00Z", 288);
        TickReading reading = TickReading.of(source, UM + "metrics", TimeRange.day("2025-03-05"));
        assertThat(reading.rows()).hasSize(288);
        assertThat(reading.rows().get(0).get(0)).isEqualTo("2025-03-05T00:00:00Z");
        assertThat(reading.rows()).allMatch(row -> row.get(1).equals("end"));
        assertThat(reading.reasons()).isEmpty();
        assertThat(reading.provenance().answers()).hasSize(2);
    }

    @Test
    void metricsOutOfOrderTwiceOrMissingAreSaid() throws IOException {
        List<String> lines = metricsLines("2025-03-05T00:00:00Z", 288);
        lines.subList(100, 110).clear();
        lines.add(0, lines.remove(50));
        lines.add(lines.get(20));
        zip("daily/metrics", "BTCUSDT-metrics-2025-03-05", header(TickKind.METRICS), lines);
        TickReading reading = TickReading.of(source, UM + "metrics", TimeRange.day("2025-03-05"));
        assertThat(reading.rows()).hasSize(278);
        assertThat(reading.notes()).contains("sorted by time", "1 repeated rows left out", "an unknown end");
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
            assertThat(gap.range().end()).isEqualTo(Instant.parse("2025-03-05T09:10:00Z"));
        });
    }

    @Test
    void bandsOfBookDepthAreReadInEitherSpelling() throws IOException {
        zip(
                "daily/bookDepth",
                "BTCUSDT-bookDepth-2025-03-05",
                header(TickKind.BOOK_DEPTH),
                List.of(
                        "2025-03-05 00:00:07,-5,7241.30700000,463562891.12345678",
                        "2025-03-05 00:00:07,1.00,1.5,96000",
                        "2025-03-05 00:00:37,-5.00,7240,463000000",
                        "2025-03-05 00:00:37,x,7240,463000000"));
        TickReading reading = TickReading.of(source, UM + "book_depth", TimeRange.day("2025-03-05"));
        assertThat(reading.rows())
                .containsExactly(
                        List.of("2025-03-05T00:00:07Z", "-5", "7241.307", "463562891.12345678"),
                        List.of("2025-03-05T00:00:07Z", "1", "1.5", "96000"),
                        List.of("2025-03-05T00:00:37Z", "-5", "7240", "463000000"));
        assertThat(reading.provenance().quarantined()).singleElement().satisfies(row -> {
            assertThat(row.line()).isEqualTo(5);
            assertThat(row.text()).contains(",x,");
        });
    }

    @Test
    void everyLiquidationIsThereTwiceAndIsTakenOnce() throws IOException {
        String first = "1741132800123,BTCUSDT,SELL,LIMIT,IOC,0.500,80000.10,80100.00,FILLED,0.100,0.500";
        String second = "1741132900000,BTCUSDT,BUY,LIMIT,IOC,1.000,81000.00,80900.00,FILLED,1.000,1.000";
        zip(
                "daily/liquidationSnapshot",
                "BTCUSDT-liquidationSnapshot-2025-03-05",
                header(TickKind.LIQUIDATIONS),
                List.of(first, first, second, second, second, second));
        TickReading reading = TickReading.of(source, UM + "liquidations", TimeRange.day("2025-03-05"));
        assertThat(reading.rows())
                .containsExactly(
                        List.of("2025-03-05T00:00:00.123Z", "2025-03-05T00:00:00.123Z", "", "sell", "80000.1", "0.5"),
                        List.of("2025-03-05T00:01:40Z", "2025-03-05T00:01:40Z", "", "buy", "81000", "1"),
                        List.of("2025-03-05T00:01:40Z", "2025-03-05T00:01:40Z", "", "buy", "81000", "1"));
        assertThat(reading.notes()).contains("every row is there twice and taken once");
    }

    @Test
    void bestOffersAreOrderedByTheVenuesTime() throws IOException {
        zip(
                "daily/bookTicker",
                "BTCUSDT-bookTicker-2025-03-05",
                "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time",
                List.of(
                        "12,25115.90000000,13.09700000,25116.00000000,1.23000000,1741132800009,1741132800015",
                        "11,25115.80000000,1.00000000,25116.00000000,1.23000000,1741132800004,1741132800010",
                        "13,25115.90000000,13.00000000,25116.00000000,1.23000000,1741132800009,1741132800016"));
        TickReading reading = TickReading.of(source, UM + "book_ticker", TimeRange.day("2025-03-05"));
        assertThat(reading.rows())
                .containsExactly(
                        List.of(
                                "2025-03-05T00:00:00.004Z",
                                "2025-03-05T00:00:00.004Z",
                                "1.23",
                                "25116",
                                "25115.8",
                                "1"),
                        List.of(
                                "2025-03-05T00:00:00.009Z",
                                "2025-03-05T00:00:00.009Z",
                                "1.23",
                                "25116",
                                "25115.9",
                                "13.097"),
                        List.of(
                                "2025-03-05T00:00:00.009Z",
                                "2025-03-05T00:00:00.009Z",
                                "1.23",
                                "25116",
                                "25115.9",
                                "13"));
        assertThat(reading.notes()).contains("out of order and are sorted");
    }

    @Test
    void anEstimateOfEventsIsWhatReadingThemAsksOfTheArchive() throws IOException {
        metrics("2025-03-04", "2025-03-04T00:00:00Z", 288);
        metrics("2025-03-05", "2025-03-05T00:00:00Z", 288);
        metrics("2025-03-06", "2025-03-06T00:00:00Z", 288);
        List<String> best = List.of("1,25115.9,13.097,25116,1.23,1741132800009,1741132800015");
        zip(
                "daily/bookTicker",
                "BTCUSDT-bookTicker-2025-03-05",
                "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time",
                best);
        requireEstimate("metrics", TimeRange.of("2025-03-05", "2025-03-07"));
        requireEstimate("metrics", TimeRange.of("2025-03-05T10:00:00Z", "2025-03-05T11:00:00Z"));
        requireEstimate("book_ticker", TimeRange.day("2025-03-05"));
        requireEstimate("funding", TimeRange.of("2025-01-20", "2025-03-01"));
    }

    private void requireEstimate(String dataset, TimeRange range) {
        Estimate estimate = source.estimate(Series.parse(UM + dataset), range);
        venue.requests().clear();
        TickReading.of(source, UM + dataset, range);
        assertThat(estimate.requestCount())
                .as(dataset + " of " + range)
                .isEqualTo(venue.requests().count(RequestKind.ARCHIVE_FILE)
                        + venue.requests().count(RequestKind.ARCHIVE_CHECKSUM));
    }

    @Test
    void aDayWithoutAFileIsAHoleOrNotYetThere() {
        TickReading reading = TickReading.of(source, UM + "metrics", TimeRange.of("2025-03-10", "2025-03-13"));
        assertThat(reading.rows()).isEmpty();
        assertThat(reading.reasons())
                .containsExactly(
                        GapReason.ARCHIVE_HOLE,
                        GapReason.ARCHIVE_HOLE,
                        GapReason.NOT_YET_PUBLISHED,
                        GapReason.NOT_YET_PUBLISHED);
    }

    @Test
    void moreBadRowsThanAFileMayHaveQuarantineItAsAWhole() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < 1_500; row++) {
            lines.add("2025-03-05 00:00:07,-5,x,463562891.12345678");
        }
        lines.add("2025-03-05 00:00:07,1.00,1.5,96000");
        zip("daily/bookDepth", "BTCUSDT-bookDepth-2025-03-05", header(TickKind.BOOK_DEPTH), lines);
        TickReading reading = TickReading.of(source, UM + "book_depth", TimeRange.day("2025-03-05"));
        assertThat(reading.rows()).isEmpty();
        assertThat(reading.reasons()).containsExactly(GapReason.QUARANTINED);
        assertThat(reading.notes()).contains("more than 1000 bad rows", "'x' is no number");
    }

    @Test
    void aFileWithoutOneReadableRowIsQuarantinedNotEmpty() throws IOException {
        List<String> lines = metricsLines("2025-03-05T00:00:00Z", 288);
        lines.replaceAll(line -> line.replace(' ', '/'));
        zip("daily/metrics", "BTCUSDT-metrics-2025-03-05", header(TickKind.METRICS), lines);
        TickReading reading = TickReading.of(source, UM + "metrics", TimeRange.day("2025-03-05"));
        assertThat(reading.rows()).isEmpty();
        assertThat(reading.reasons()).containsExactly(GapReason.QUARANTINED);
        assertThat(reading.notes()).contains("288 rows, none of which can be read");
    }

    @Test
    void aFileOfAnotherDayIsQuarantinedNotEmpty() throws IOException {
        zip(
                "daily/bookDepth",
                "BTCUSDT-bookDepth-2025-03-05",
                header(TickKind.BOOK_DEPTH),
                List.of("2025-03-04 00:00:07,1.00,1.5,96000"));
        TickReading reading = TickReading.of(source, UM + "book_depth", TimeRange.day("2025-03-05"));
        assertThat(reading.reasons()).containsExactly(GapReason.QUARANTINED);
        assertThat(reading.notes()).contains("all of another period");
    }

    @Test
    void aReadingThatFailedDoesNotGoOnBehindTheFailure() {
        venue.misbehave(Misbehaviour.restrictedLocation());
        Series series = Series.parse(UM + "funding");
        try (Batches batches = source.read(series, TimeRange.of("2025-03-02", "2025-03-07"))) {
            Iterator<Batch> rows = batches.iterator();
            Throwable first = catchThrowable(rows::hasNext);
            assertThat(first).isInstanceOf(MarketDataException.class);
            venue.behave();
            assertThat(catchThrowable(rows::hasNext)).isSameAs(first);
            assertThat(catchThrowable(rows::next)).isSameAs(first);
            assertThatThrownBy(batches::provenance).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aDayOfMetricsThatEndsAtNoonOrBeginsThenIsAGapAtThatEnd() throws IOException {
        metrics("2025-03-05", "2025-03-05T00:00:00Z", 144);
        metrics("2025-03-06", "2025-03-06T12:00:00Z", 144);
        TickReading morning = TickReading.of(source, UM + "metrics", TimeRange.day("2025-03-05"));
        assertThat(morning.reasons()).containsExactly(GapReason.ARCHIVE_HOLE);
        assertThat(morning.provenance().gaps().get(0).range())
                .isEqualTo(TimeRange.of("2025-03-05T11:55:00.000001Z", "2025-03-06"));
        TickReading evening = TickReading.of(source, UM + "metrics", TimeRange.day("2025-03-06"));
        assertThat(evening.reasons()).containsExactly(GapReason.ARCHIVE_HOLE);
        assertThat(evening.provenance().gaps().get(0).range())
                .isEqualTo(TimeRange.of("2025-03-06", "2025-03-06T12:00:00Z"));
        TimeRange within = TimeRange.of("2025-03-05T15:00:00Z", "2025-03-05T16:00:00Z");
        assertThat(TickReading.of(source, UM + "metrics", within).provenance().gaps())
                .singleElement()
                .satisfies(gap -> {
                    assertThat(gap.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
                    assertThat(gap.range()).isEqualTo(within);
                });
    }

    @Test
    void eachDayOfAMonthOfFundingThatWasCutShowsItsGap() {
        venue.misbehave(TradeFaults.missingRows(600, 1_000).onPath("fundingRate"));
        venue.misbehave(Misbehaviour.restrictedLocation());
        TickReading before = TickReading.of(source, UM + "funding", TimeRange.day("2025-02-12"));
        assertThat(before.rows()).hasSize(3);
        assertThat(before.reasons()).isEmpty();
        for (String day : List.of("2025-02-19", "2025-02-28")) {
            TickReading lost = TickReading.of(source, UM + "funding", TimeRange.day(day));
            assertThat(lost.rows()).isEmpty();
            assertThat(lost.provenance().gaps()).singleElement().satisfies(gap -> {
                assertThat(gap.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
                assertThat(gap.range()).isEqualTo(TimeRange.day(day));
            });
        }
        venue.behave();
        venue.misbehave(TradeFaults.missingRows(600, 1_000).onPath("fundingRate"));
        TickReading filled = TickReading.of(source, UM + "funding", TimeRange.day("2025-02-19"));
        assertThat(filled.rows()).hasSize(3);
        assertThat(filled.reasons()).isEmpty();
    }

    @Test
    void aMonthOfFundingThatBeginsTooLateIsFilledOrAGap() {
        venue.misbehave(TradeFaults.missingRows(0, 13).onPath("fundingRate"));
        TickReading filled = TickReading.of(source, UM + "funding", TimeRange.month("2025-02"));
        assertThat(filled.rows()).hasSize(84);
        assertThat(filled.reasons()).isEmpty();
        venue.misbehave(Misbehaviour.restrictedLocation());
        TickReading lost = TickReading.of(source, UM + "funding", TimeRange.day("2025-02-01"));
        assertThat(lost.rows()).hasSize(2);
        assertThat(lost.reasons()).containsExactly(GapReason.ARCHIVE_HOLE);
    }

    @Test
    @Timeout(20)
    void aDayOfManyLiquidationsIsHalvedInTimeThatGrowsWithItsRows() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < 40_000; row++) {
            String line = (1741132800000L + row) + ",BTCUSDT,SELL,LIMIT,IOC,0.5,80000.1,80100.0,FILLED,0.1,0.5";
            lines.add(line);
            lines.add(line.replace("0.5", "0.50"));
        }
        zip(
                "daily/liquidationSnapshot",
                "BTCUSDT-liquidationSnapshot-2025-03-05",
                header(TickKind.LIQUIDATIONS),
                lines);
        TickReading reading = TickReading.of(source, UM + "liquidations", TimeRange.day("2025-03-05"));
        assertThat(reading.rows()).hasSize(40_000);
        assertThat(reading.reasons()).isEmpty();
    }

    @Test
    void aDamagedFileIsQuarantined() throws IOException {
        metrics("2025-03-05", "2025-03-05T00:00:00Z", 288);
        venue.misbehave(ArchiveFaults.truncatedZip().onPath("metrics"));
        TickReading reading = TickReading.of(source, UM + "metrics", TimeRange.day("2025-03-05"));
        assertThat(reading.rows()).isEmpty();
        assertThat(reading.reasons()).containsExactly(GapReason.QUARANTINED);
    }

    private void metrics(String day, String first, int rows) throws IOException {
        zip("daily/metrics", "BTCUSDT-metrics-" + day, header(TickKind.METRICS), metricsLines(first, rows));
    }

    private static List<String> metricsLines(String first, int rows) {
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            String time = Instant.parse(first)
                    .plus(Duration.ofMinutes(5L * row))
                    .toString()
                    .replace('T', ' ')
                    .replace("Z", "");
            lines.add(time + ",BTCUSDT,748" + row + ".5000000000000000,1.25,\"\",2.0,0.9,");
        }
        return lines;
    }

    private static String header(TickKind kind) {
        return String.join(",", EventLines.columns(kind));
    }

    private void zip(String folder, String stem, String header, List<String> lines) throws IOException {
        PublishedFile.write(files, folder, stem.substring("BTCUSDT-".length()), header, lines);
    }
}
