package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.candle.TradeCandles;
import dev.candlewick.source.binance.simulator.ArchiveFaults;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.MarketType;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.PublishedCandle;
import dev.candlewick.source.binance.simulator.RequestKind;
import dev.candlewick.source.binance.simulator.ServedRequest;
import dev.candlewick.source.binance.simulator.SyntheticInstrument;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import dev.candlewick.source.binance.simulator.TradeFaults;
import dev.candlewick.spi.UnitLedger;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trades and aggregated trades against a venue in this process. */
final class TradesTest {

    private static final Instant NOW = Instant.parse("2025-03-12T15:07:30Z");
    private static final Instant LISTED = Instant.parse("2025-02-20T05:00:00Z");
    private static final String SPOT = "BINANCE:SPOT_PAIR:BTC-USDT/";
    private static final String UM = "BINANCE-FUTURES:PERPETUAL:BTC-USDT/";
    private static final TimeRange DAY = TimeRange.day("2025-03-05");
    private static final String DAY_FILE = "daily/.*2025-03-05";
    private static BinanceSimulator venue;
    private static List<TickReading> wholeDay = List.of();

    private Source spot;
    private Source futures;

    @BeforeAll
    static void open() {
        SyntheticMarket market = SyntheticMarket.seeded(42)
                .add(SyntheticInstrument.spot("BTCUSDT", "BTC", "USDT", LISTED).activity(3, "0.02"))
                .add(SyntheticInstrument.usdMargined("BTCUSDT", "BTC", "USDT", LISTED)
                        .activity(3, "0.02"))
                .coinMargined("BTCUSD_PERP", "BTC", LISTED)
                .build();
        venue = BinanceSimulator.builder()
                .market(market)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .start();
    }

    @AfterAll
    static void shut() {
        venue.close();
    }

    @BeforeEach
    void start() {
        venue.requests().clear();
        spot = builder(Market.SPOT).build();
        futures = builder(Market.USD_MARGINED).build();
    }

    @AfterEach
    void end() {
        venue.behave();
        spot.close();
        futures.close();
    }

    @Test
    void theTradesOfADayAddUpToItsCandlesInEveryField() {
        for (boolean aggregated : List.of(false, true)) {
            TickReading reading = TickReading.of(spot, SPOT + (aggregated ? "agg_trades" : "trades"), DAY);
            assertThat(reading.reasons()).isEmpty();
            assertThat(candles(reading.rows(), aggregated)).isEqualTo(candles(MarketType.SPOT, DAY));
        }
        assertThat(venue.requests().count(RequestKind.TRADES))
                .as("two questions for each reading: with which numbers do the day and the next one begin?")
                .isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trades", "agg_trades"})
    void anEstimateCountsTheLooksBeyondTheEndsOfTheRange(String dataset) {
        requireEstimate(spot, SPOT + dataset, TimeRange.of("2025-03-04", "2025-03-07"));
        requireEstimate(spot, SPOT + dataset, TimeRange.of("2025-03-04T07:00:00Z", "2025-03-05T09:00:00Z"));
        requireEstimate(futures, UM + dataset, TimeRange.of("2025-03-04", "2025-03-07"));
        requireEstimate(futures, UM + dataset, TimeRange.of("2025-03-04T07:00:00Z", "2025-03-05T09:00:00Z"));
    }

    private static void requireEstimate(Source source, String series, TimeRange range) {
        Estimate estimate = source.estimate(Series.parse(series), range);
        venue.requests().clear();
        TickReading.of(source, series, range);
        Map<String, Long> asked = new TreeMap<>();
        for (ServedRequest request : venue.requests().all()) {
            if (request.kind() == RequestKind.TRADES) {
                asked.merge("rest", 1L, Long::sum);
            } else if (request.kind() != RequestKind.EXCHANGE_INFO) {
                asked.merge("archive-daily", 1L, Long::sum);
            }
        }
        assertThat(estimate.requests()).as(series + " of " + range).isEqualTo(asked);
    }

    @Test
    void aSingleDayOfSpotThatBeginsTooLateOrEndsTooEarlyIsSeenAndFilled() {
        TickReading whole = wholeDay();
        venue.misbehave(TradeFaults.missingRows(0, 40).onPath(DAY_FILE));
        venue.misbehave(TradeFaults.missingRows(950, 1_000).onPath(DAY_FILE));
        TickReading reading = TickReading.of(spot, SPOT + "trades", DAY);
        assertThat(reading.rows()).isEqualTo(whole.rows());
        assertThat(reading.reasons()).isEmpty();
        venue.misbehave(Misbehaviour.restrictedLocation());
        assertThat(TickReading.of(spot, SPOT + "trades", DAY).rows())
                .hasSizeLessThan(whole.rows().size());
    }

    @Test
    void candlesMadeOfTradesAreThoseOfTheVenue() {
        for (String market : List.of(SPOT, UM)) {
            Source source = market.equals(SPOT) ? spot : futures;
            Reading made = Reading.of(TradeCandles.over(source), market + "candles:1m", DAY);
            Reading published = Reading.of(source, market + "candles:1m", DAY);
            List<List<String>> traded = published.rows().stream()
                    .filter(candle -> !candle.get(8).equals("0"))
                    .toList();
            assertThat(made.rows()).isNotEmpty();
            assertThat(withoutClose(made.rows())).isEqualTo(withoutClose(traded));
            Source ofAggregates =
                    TradeCandles.from(source).madeOf(Dataset.AGG_TRADES).build();
            assertThat(Reading.of(ofAggregates, market + "candles:1m", DAY).rows())
                    .isEqualTo(made.rows());
        }
    }

    /** The close time is a fact of the clock; spot counts it in microseconds. */
    private static List<List<String>> withoutClose(List<List<String>> candles) {
        return candles.stream()
                .map(candle -> {
                    List<String> fields = new ArrayList<>(candle);
                    fields.remove(6);
                    return fields;
                })
                .toList();
    }

    @Test
    void aDirectoryLaidOutAsTheArchiveIsReadTheSame(@TempDir Path root) throws IOException {
        String place = "data/futures/um/daily/trades/BTCUSDT/BTCUSDT-trades-2025-03-05.zip";
        Path file = root.resolve(place);
        Files.createDirectories(file.getParent());
        try (InputStream zip = venue.archiveUrl().resolve("/" + place).toURL().openStream()) {
            Files.copy(zip, file);
        }
        try (Source directory = ArchiveDirectorySource.of(root)) {
            TickReading reading = TickReading.of(directory, UM + "trades", TimeRange.of("2025-03-05", "2025-03-07"));
            assertThat(reading.rows())
                    .isEqualTo(TickReading.of(futures, UM + "trades", DAY).rows());
            assertThat(reading.notes()).contains("directory-daily", "no checksum lies beside it");
            assertThat(reading.provenance().gaps()).isEmpty();
        }
    }

    @Test
    void aFileThatWasPublishedAnewOrSinceIsNoticed() {
        BinanceSource source = (BinanceSource) futures;
        LedgerEntry entry = entry(TickReading.of(source, UM + "agg_trades", DAY).provenance());
        assertThat(source.changed(entry)).isEmpty();
        try (var hole = venue.misbehave(ArchiveFaults.missingFile().onPath("/aggTrades/"))) {
            LedgerEntry without =
                    entry(TickReading.of(source, UM + "agg_trades", DAY).provenance());
            assertThat(source.changed(without)).isEmpty();
            hole.close();
            assertThat(source.changed(without))
                    .hasValueSatisfying(why -> assertThat(why).contains("published since"));
        }
        venue.misbehave(TradeFaults.missingRows(0, 10).onPath(DAY_FILE));
        assertThat(source.changed(entry))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("BTCUSDT-aggTrades-2025-03-05.zip was published anew", "→"));
    }

    private static LedgerEntry entry(Provenance provenance) {
        return new UnitLedger(Series.parse(UM + "agg_trades"), DAY).entry(Optional.empty(), DAY, provenance, NOW);
    }

    @Test
    void theFileIsReadOnceAndItsNumbersAreNamed() {
        TickReading reading = TickReading.of(futures, UM + "trades", DAY);
        assertThat(reading.provenance().answers()).singleElement().satisfies(answer -> {
            assertThat(answer.route()).isEqualTo("archive-daily");
            assertThat(answer.rows()).isEqualTo(reading.rows().size());
            assertThat(answer.note())
                    .isEqualTo(
                            "numbers " + reading.rows().get(0).get(2) + "–"
                                    + reading.rows()
                                            .get(reading.rows().size() - 1)
                                            .get(2)
                                    + "; times in ms; no number before the day is known to tell whether the file is whole there");
            assertThat(answer.version()).hasSize(64);
        });
        assertThat(venue.requests().count())
                .as("the file, its checksum, and the head of the next day's file")
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trades", "agg_trades"})
    void restGivesWhatTheFileOfTheDayWouldHave(String dataset) {
        TickReading archive = TickReading.of(spot, SPOT + dataset, DAY);
        venue.misbehave(ArchiveFaults.missingFile().onPath("/(trades|aggTrades)/"));
        TickReading rest = TickReading.of(spot, SPOT + dataset, DAY);
        assertThat(rest.rows()).isEqualTo(archive.rows());
        assertThat(rest.reasons()).isEmpty();
        assertThat(venue.requests().unwelcome()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"trades", "agg_trades"})
    void numbersThatTheFileLacksComeFromRest(String dataset) {
        TickReading whole = TickReading.of(spot, SPOT + dataset, DAY);
        venue.misbehave(TradeFaults.missingRows(300, 310).onPath(DAY_FILE));
        TickReading filled = TickReading.of(spot, SPOT + dataset, DAY);
        assertThat(filled.rows()).isEqualTo(whole.rows());
        assertThat(filled.reasons()).isEmpty();
        assertThat(filled.notes()).contains("numbers missing: ", "REST filled ");
    }

    @Test
    void aFileWithMoreHolesThanCanBeHeldIsSetAsideAndDoublesNoRow() {
        TickReading whole = TickReading.of(spot, SPOT + "agg_trades", DAY);
        venue.misbehave(TradeFaults.everySecondRowMissing().onPath(DAY_FILE));
        TickReading reading = TickReading.of(spot, SPOT + "agg_trades", DAY);
        assertThat(reading.rows()).hasSizeGreaterThan(2 * IdTrail.MOST_HOLES).isEqualTo(whole.rows());
        assertThat(reading.reasons()).isEmpty();
        assertThat(reading.notes()).contains("set aside: more than 1000 holes");
        TickReading alone = TickReading.of(futures, UM + "agg_trades", DAY);
        assertThat(alone.rows()).isEmpty();
        assertThat(alone.reasons()).containsExactly(GapReason.QUARANTINED);
    }

    @Test
    void aMonthWithOneShreddedDayStillServesItsOtherDays() {
        TimeRange days = TimeRange.of("2025-02-25", "2025-02-27");
        TickReading whole = TickReading.of(futures, UM + "agg_trades", days);
        venue.misbehave(ArchiveFaults.missingFile().onPath("daily/.*aggTrades-2025-02-2[56]"));
        assertThat(TickReading.of(futures, UM + "agg_trades", days).rows()).isEqualTo(whole.rows());
        venue.misbehave(TradeFaults.everySecondRowMissing().onPath("monthly/aggTrades"));
        assertThat(TickReading.of(futures, UM + "agg_trades", days).reasons())
                .containsExactly(GapReason.QUARANTINED, GapReason.QUARANTINED);
    }

    @Test
    void whatRestNoLongerServesIsAGapThatNamesTheNumbers() {
        TickReading whole = TickReading.of(futures, UM + "agg_trades", DAY);
        venue.misbehave(TradeFaults.missingRows(300, 310).onPath(DAY_FILE));
        venue.requests().clear();
        TickReading holey = TickReading.of(futures, UM + "agg_trades", DAY);
        int missing = whole.rows().size() - holey.rows().size();
        assertThat(missing).isPositive();
        assertThat(whole.rows()).containsAll(holey.rows());
        int from = whole.rows().size() * 300 / 1_000;
        String first = whole.rows().get(from).get(1);
        String last = whole.rows().get(from + missing - 1).get(1);
        assertThat(holey.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
            assertThat(gap.evidence()).contains(first + "–" + last, "24 hours");
            assertThat(DAY.contains(gap.range())).isTrue();
            assertThat(gap.recheckAt()).isAfter(NOW);
        });
        assertThat(venue.requests().count(RequestKind.TRADES)).isZero();
    }

    @Test
    void theMonthsFileIsTakenWhereItHasMoreOfADay() {
        TimeRange day = TimeRange.day("2025-02-25");
        TickReading whole = TickReading.of(futures, UM + "trades", day);
        venue.misbehave(TradeFaults.missingRows(0, 500).onPath("daily/.*2025-02-25"));
        TickReading reading = TickReading.of(futures, UM + "trades", day);
        assertThat(reading.rows()).isEqualTo(whole.rows());
        venue.misbehave(TradeFaults.missingRows(600, 700).onPath("daily/.*2025-02-25"));
        TickReading compared = TickReading.of(futures, UM + "trades", day);
        assertThat(compared.rows()).isEqualTo(whole.rows());
        assertThat(compared.reasons()).isEmpty();
        assertThat(compared.notes()).contains("the month's are taken");
    }

    @Test
    void aFileThatEndsTooEarlyIsSeenByTheNextDaysFirstNumber() {
        TimeRange days = TimeRange.of("2025-03-04T12:00:00Z", "2025-03-07");
        TickReading whole = TickReading.of(spot, SPOT + "trades", days);
        venue.misbehave(TradeFaults.missingRows(800, 1_000).onPath(DAY_FILE));
        assertThat(TickReading.of(spot, SPOT + "trades", days).rows()).isEqualTo(whole.rows());
        venue.misbehave(TradeFaults.missingRows(0, 100).onPath("daily/.*2025-03-06"));
        TickReading both = TickReading.of(spot, SPOT + "trades", days);
        assertThat(both.rows()).isEqualTo(whole.rows());
        assertThat(both.reasons()).isEmpty();
    }

    @Test
    void aTruncatedDayOfFuturesIsAGapUpToTheNextDay() {
        TimeRange days = TimeRange.of("2025-03-05", "2025-03-07");
        venue.misbehave(TradeFaults.missingRows(800, 1_000).onPath(DAY_FILE));
        TickReading reading = TickReading.of(futures, UM + "agg_trades", days);
        assertThat(reading.reasons()).containsOnly(GapReason.ARCHIVE_HOLE);
        Gap gap = reading.provenance().gaps().get(0);
        assertThat(gap.range().end()).isEqualTo(DAY.end());
        assertThat(gap.range().start()).isAfter(Instant.parse("2025-03-05T12:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"trades", "agg_trades"})
    void aSingleDayOfFuturesWithoutItsSecondHalfIsAGapUpToItsEnd(String dataset) {
        venue.misbehave(TradeFaults.missingRows(500, 1_000).onPath(DAY_FILE));
        TickReading reading = TickReading.of(futures, UM + dataset, DAY);
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
            assertThat(gap.range().end()).isEqualTo(DAY.end());
            assertThat(gap.range().start()).isBefore(Instant.parse("2025-03-05T18:00:00Z"));
            assertThat(gap.evidence()).contains("lacks the numbers");
        });
    }

    @Test
    void aSingleDayOfFuturesWithoutItsFirstHalfIsAGapFromItsStart() {
        venue.misbehave(TradeFaults.missingRows(0, 500).onPath(DAY_FILE));
        TickReading reading = TickReading.of(futures, UM + "trades", DAY);
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
            assertThat(gap.range().start()).isEqualTo(DAY.start());
            assertThat(gap.evidence()).contains("lacks the numbers");
        });
    }

    @Test
    void aHalfDayThatNobodyCanVouchForIsAGapAllTheSame() {
        venue.misbehave(TradeFaults.missingRows(500, 1_000).onPath(DAY_FILE));
        venue.misbehave(ArchiveFaults.missingFile().onPath("daily/.*2025-03-0[46]"));
        TickReading reading = TickReading.of(futures, UM + "trades", DAY);
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
            assertThat(gap.range().end()).isEqualTo(DAY.end());
            assertThat(gap.evidence()).contains("its last row comes early", "no number before or behind");
        });
    }

    static Stream<Misbehaviour> harmless() {
        return Stream.of(
                TradeFaults.repeatedRows().onPath(DAY_FILE),
                TradeFaults.shuffledRows().onPath(DAY_FILE),
                TradeFaults.rowsOfOtherDays().onPath(DAY_FILE),
                ArchiveFaults.truncatedZip().onPath(DAY_FILE),
                ArchiveFaults.corruptZip().onPath(DAY_FILE),
                ArchiveFaults.corruptZipWithMatchingChecksum().onPath(DAY_FILE),
                ArchiveFaults.htmlInZip().onPath(DAY_FILE),
                ArchiveFaults.wrongMemberName().onPath(DAY_FILE),
                ArchiveFaults.extraMember().onPath(DAY_FILE),
                ArchiveFaults.emptyZip().onPath(DAY_FILE),
                ArchiveFaults.zipBomb(8_000_000).onPath(DAY_FILE),
                ArchiveFaults.escapingMemberName().onPath(DAY_FILE),
                ArchiveFaults.staleChecksum().onPath(DAY_FILE),
                ArchiveFaults.garbageChecksum().onPath(DAY_FILE),
                ArchiveFaults.missingChecksum().onPath(DAY_FILE),
                ArchiveFaults.forbiddenInsteadOfMissing().onPath(DAY_FILE),
                ArchiveFaults.windowsLineEnds().onPath(DAY_FILE),
                ArchiveFaults.noFinalLineEnd().onPath(DAY_FILE),
                Misbehaviour.serverError(503).times(1),
                Misbehaviour.cutAfter(300).times(1));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("harmless")
    void noMisbehaviourChangesATrade(Misbehaviour misbehaviour) {
        TickReading whole = wholeDay();
        venue.misbehave(misbehaviour);
        TickReading reading = TickReading.of(spot, SPOT + "trades", DAY);
        assertThat(reading.rows()).isEqualTo(whole.rows());
        assertThat(reading.reasons()).isEmpty();
    }

    @Test
    void whatWasWrongWithAFileIsSaid() {
        try (var twice = venue.misbehave(TradeFaults.repeatedRows().onPath(DAY_FILE))) {
            assertThat(TickReading.of(futures, UM + "trades", DAY).notes()).contains("repeated numbers left out");
        }
        try (var mixed = venue.misbehave(TradeFaults.shuffledRows().onPath(DAY_FILE))) {
            assertThat(TickReading.of(futures, UM + "trades", DAY).notes()).contains("out of order and are sorted");
        }
        try (var foreign = venue.misbehave(TradeFaults.rowsOfOtherDays().onPath(DAY_FILE))) {
            assertThat(TickReading.of(futures, UM + "trades", DAY).notes())
                    .contains("2 rows of another day left out, numbers [");
        }
    }

    @Test
    void todayComesFromRestUpToNow() {
        TickReading reading =
                TickReading.of(spot, SPOT + "agg_trades", TimeRange.of("2025-03-10T18:00:00Z", "2025-03-13"));
        assertThat(reading.reasons()).containsExactly(GapReason.NOT_YET_PUBLISHED);
        assertThat(reading.provenance().gaps().get(0).range().start()).isEqualTo(NOW.minusSeconds(10));
        List<Long> numbers =
                reading.rows().stream().map(row -> Long.valueOf(row.get(1))).toList();
        for (int i = 1; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).isEqualTo(numbers.get(i - 1) + 1);
        }
        assertThat(reading.rows().get(reading.rows().size() - 1).get(0)).startsWith("2025-03-12T15:0");
    }

    @Test
    void futuresWithoutAKeyWaitForTheFileOfTheDay() {
        TickReading none =
                TickReading.of(futures, UM + "trades", TimeRange.of("2025-03-12T10:00:00Z", "2025-03-12T12:00:00Z"));
        assertThat(none.rows()).isEmpty();
        assertThat(none.reasons()).containsExactly(GapReason.NOT_YET_PUBLISHED);
        assertThat(none.provenance().gaps().get(0).evidence()).contains("API key");
        try (Source keyed = builder(Market.USD_MARGINED).apiKey("secret-key").build()) {
            TickReading some =
                    TickReading.of(keyed, UM + "trades", TimeRange.of("2025-03-12T10:00:00Z", "2025-03-12T12:00:00Z"));
            assertThat(some.reasons()).isEmpty();
            assertThat(candles(some.rows(), false))
                    .isEqualTo(candles(
                            MarketType.USD_MARGINED, TimeRange.of("2025-03-12T10:00:00Z", "2025-03-12T12:00:00Z")));
            assertThat(some.notes()).doesNotContain("secret-key");
        }
    }

    @Test
    void aDayOfFuturesThatTheArchiveLacksIsAHole() {
        venue.misbehave(ArchiveFaults.missingFile().onPath("/aggTrades/"));
        TickReading reading = TickReading.of(futures, UM + "agg_trades", DAY);
        assertThat(reading.rows()).isEmpty();
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
            assertThat(gap.range()).isEqualTo(DAY);
            assertThat(gap.evidence()).contains("BTCUSDT-aggTrades-2025-03-05.zip");
        });
    }

    @Test
    void whatLiesBeforeTheListingIsExplainedAndAskedForOnce() {
        TickReading reading = TickReading.of(spot, SPOT + "trades", TimeRange.of("2025-01-20", "2025-02-21"));
        assertThat(reading.rows()).isNotEmpty();
        assertThat(reading.reasons()).containsOnly(GapReason.BEFORE_LISTING);
        assertThat(venue.requests().count()).isLessThan(20);
    }

    @Test
    void anUnknownSymbolIsRefusedWithNearMatches() {
        for (String dataset : List.of("trades", "agg_trades")) {
            assertThatThrownBy(() -> TickReading.of(spot, "BINANCE:SPOT_PAIR:BTCC-USDT/" + dataset, DAY))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("BTCCUSDT")
                    .hasMessageContaining("BTCUSDT");
        }
    }

    @Test
    void anErrorIsNeverAnEmptyDay() {
        venue.misbehave(Misbehaviour.restrictedLocation());
        venue.misbehave(ArchiveFaults.missingFile().onPath("/trades/"));
        assertThatThrownBy(() -> TickReading.of(
                        spot, SPOT + "trades", TimeRange.of("2025-03-12T10:00:00Z", "2025-03-12T12:00:00Z")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("451");
    }

    @Test
    void aReadingThatFailedDoesNotGoOnBehindTheFailure() {
        venue.misbehave(Misbehaviour.restrictedLocation());
        TimeRange today = TimeRange.of("2025-03-12T10:00:00Z", "2025-03-12T12:00:00Z");
        try (Batches batches = spot.read(Series.parse(SPOT + "trades"), today)) {
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
    void contractsOfCoinMarginedAreCounted() {
        try (Source coins = builder(Market.COIN_MARGINED).build()) {
            TimeRange hour = TimeRange.of("2025-03-05T10:00:00Z", "2025-03-05T10:05:00Z");
            TickReading reading = TickReading.of(coins, "BINANCE-DELIVERY:PERPETUAL:BTC-USD/trades", hour);
            List<PublishedCandle> truth = venue.candles(
                    MarketType.COIN_MARGINED,
                    "BTCUSD_PERP",
                    "1m",
                    hour.start().toEpochMilli(),
                    hour.end().toEpochMilli());
            BigDecimal volume = truth.stream().map(PublishedCandle::volume).reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(reading.rows().stream()
                            .map(row -> new BigDecimal(row.get(5)))
                            .reduce(BigDecimal.ZERO, BigDecimal::add))
                    .isEqualByComparingTo(volume);
        }
    }

    private static TickReading wholeDay() {
        if (wholeDay.isEmpty()) {
            try (Source source = builder(Market.SPOT).build()) {
                wholeDay = List.of(TickReading.of(source, SPOT + "trades", DAY));
            }
        }
        return wholeDay.get(0);
    }

    /** The candles of trades, made in the plainest way. */
    private static List<List<String>> candles(List<List<String>> trades, boolean aggregated) {
        List<List<String>> candles = new ArrayList<>();
        for (int from = 0; from < trades.size(); ) {
            Instant minute = minute(trades.get(from));
            int to = from;
            List<BigDecimal> prices = new ArrayList<>();
            BigDecimal volume = BigDecimal.ZERO;
            BigDecimal quote = BigDecimal.ZERO;
            BigDecimal bought = BigDecimal.ZERO;
            long count = 0;
            for (; to < trades.size() && minute(trades.get(to)).equals(minute); to++) {
                List<String> row = trades.get(to);
                int side = aggregated ? 4 : 3;
                BigDecimal price = new BigDecimal(row.get(side + 1));
                BigDecimal amount = new BigDecimal(row.get(side + 2));
                prices.add(price);
                volume = volume.add(amount);
                quote = quote.add(amount.multiply(price));
                bought = row.get(side).equals("buy") ? bought.add(amount) : bought;
                count += aggregated ? Long.parseLong(row.get(3)) - Long.parseLong(row.get(2)) + 1 : 1;
            }
            candles.add(List.of(
                    minute.toString(),
                    plain(prices.get(0)),
                    plain(prices.stream().max(BigDecimal::compareTo).orElseThrow()),
                    plain(prices.stream().min(BigDecimal::compareTo).orElseThrow()),
                    plain(prices.get(prices.size() - 1)),
                    plain(volume),
                    plain(quote),
                    Long.toString(count),
                    plain(bought)));
            from = to;
        }
        return candles;
    }

    private static List<List<String>> candles(MarketType market, TimeRange range) {
        return venue
                .candles(
                        market,
                        "BTCUSDT",
                        "1m",
                        range.start().toEpochMilli(),
                        range.end().toEpochMilli())
                .stream()
                .filter(candle -> candle.trades() > 0)
                .map(candle -> List.of(
                        Instant.ofEpochMilli(candle.openMillis()).toString(),
                        plain(candle.open()),
                        plain(candle.high()),
                        plain(candle.low()),
                        plain(candle.close()),
                        plain(candle.volume()),
                        plain(candle.quoteVolume()),
                        Long.toString(candle.trades()),
                        plain(candle.takerBuyVolume())))
                .toList();
    }

    private static Instant minute(List<String> trade) {
        return Instant.parse(trade.get(0)).truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static BinanceSource.Builder builder(Market market) {
        return BinanceSource.builder(market)
                .fromEnvironment(venue.environment())
                .clock(Clock.fixed(NOW, ZoneOffset.UTC));
    }
}
