package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Estimate;
import dev.candlewick.GapReason;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.http.GeoBlocked;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.source.binance.simulator.ArchiveFaults;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.MarketType;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.RequestKind;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import dev.candlewick.source.binance.simulator.VenueHost;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which way candles come, and that one way that fails does not stop the other. */
final class RoutesTest {

    private static final Instant NOW = Instant.parse("2025-03-12T15:07:30Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final String BTC = "BINANCE:SPOT_PAIR:BTC-USDT/candles:";

    private BinanceSimulator venue;
    private BinanceSource source;

    @BeforeEach
    void open() {
        SyntheticMarket market = SyntheticMarket.seeded(11)
                .spot("BTCUSDT", "BTC", "USDT", Instant.parse("2023-06-15T00:00:00Z"))
                .build();
        venue = BinanceSimulator.builder().market(market).clock(CLOCK).start();
        source = source();
    }

    @AfterEach
    void close() {
        source.close();
        venue.close();
    }

    @ParameterizedTest
    @CsvSource({
        // a few days of a past month: their files; more of them: the month's
        "1m, 2024-05-07, 2024-05-09, archive-daily, 4",
        "1m, 2024-05-07, 2024-05-10, archive-monthly, 2",
        "1h, 2024-05-07T03:00:00Z, 2024-05-07T04:00:00Z, archive-daily, 2",
        "6h, 2024-05-01, 2024-06-01, archive-monthly, 2",
        "1s, 2024-05-07, 2024-05-10, archive-daily, 6",
        // a month whose file is not there yet
        "1m, 2025-03-01, 2025-03-12, archive-daily, 22",
        // today, and long candles
        "1m, 2025-03-12, 2025-03-12T12:00:00Z, rest, 1",
        "8h, 2024-01-01, 2025-01-01, rest, 2",
        "1d, 2024-01-01, 2025-01-01, rest, 2",
    })
    void thePastComesFromTheArchive(String interval, String start, String end, String route, long requests) {
        TimeRange range = TimeRange.of(start, end);
        Estimate estimate = source.estimate(Series.parse(BTC + interval), range);
        assertThat(estimate.requests()).isEqualTo(Map.of(route, requests));
        Reading reading = Reading.of(source, BTC + interval, range);
        assertThat(reading.rows()).isEqualTo(truth(interval, range));
        long asked = venue.requests().count() - venue.requests().count(RequestKind.TIME);
        assertThat(asked).isEqualTo(requests);
    }

    static Stream<Misbehaviour> restTroubles() {
        return Stream.of(
                Misbehaviour.restrictedLocation(),
                Misbehaviour.forbidden(),
                Misbehaviour.answer(404, "application/json", "{}"),
                Misbehaviour.serverError(500),
                Misbehaviour.cutAfter(0),
                Misbehaviour.htmlInsteadOfData(),
                Misbehaviour.emptyBody());
    }

    @ParameterizedTest
    @MethodSource("restTroubles")
    void theArchiveServesWhatItHasWhenRestDoesNot(Misbehaviour trouble) {
        venue.misbehave(trouble.onHost(VenueHost.API));
        venue.misbehave(ArchiveFaults.missingDay(LocalDate.parse("2024-07-09")));
        TimeRange range = TimeRange.of("2024-07-01", "2024-08-01");
        Reading reading = Reading.of(source, BTC + "15m", range);
        assertThat(reading.opens()).hasSize(30 * 96);
        assertThat(reading.provenance().gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.range()).isEqualTo(TimeRange.day("2024-07-09"));
            assertThat(gap.reason()).isEqualTo(GapReason.ARCHIVE_HOLE);
            assertThat(gap.recheckAt()).isEqualTo(NOW.plus(Duration.ofDays(1)));
            assertThat(gap.evidence())
                    .contains("BTCUSDT-15m-2024-07.zip", "BTCUSDT-15m-2024-07-09.zip", "REST gave no usable answer");
        });
    }

    @ParameterizedTest
    @MethodSource("restTroubles")
    void recentDaysComeFromTheirFilesWhenRestDoesNotServe(Misbehaviour trouble) {
        venue.misbehave(trouble.onHost(VenueHost.API));
        TimeRange range = TimeRange.of("2025-03-08", "2025-03-12");
        assertThat(Reading.of(source, BTC + "15m", range).rows()).isEqualTo(truth("15m", range));
    }

    @Test
    void aDayOfWhichTheArchiveHasNoFileIsAHoleOfTheArchiveWhenRestDoesNotServe() {
        venue.misbehave(Misbehaviour.restrictedLocation());
        venue.misbehave(ArchiveFaults.missingFile().forPeriod("2024-07"));
        venue.misbehave(ArchiveFaults.missingFile().forPeriod("2024-07-09"));
        Reading reading = Reading.of(source, BTC + "15m", TimeRange.month("2024-07"));
        assertThat(reading.opens()).hasSize(30 * 96);
        assertThat(reading.reasons()).containsExactly(GapReason.ARCHIVE_HOLE);
    }

    @Test
    void monthsBeforeTheFirstFileAreHolesOfTheArchiveWhenRestDoesNotServe() {
        venue.misbehave(Misbehaviour.restrictedLocation());
        Reading reading = Reading.of(source, BTC + "15m", TimeRange.of("2023-05-01", "2023-07-01"));
        assertThat(reading.opens()).hasSize(16 * 96);
        assertThat(reading.reasons()).containsOnly(GapReason.ARCHIVE_HOLE);
    }

    @Test
    void theRecentEdgeWithoutRestIsRefusedWithWhatToDo() {
        venue.misbehave(Misbehaviour.restrictedLocation());
        assertThatThrownBy(() ->
                        Reading.of(source, BTC + "1m", TimeRange.of("2025-03-12T10:00:00Z", "2025-03-12T11:00:00Z")))
                .isInstanceOf(GeoBlocked.class)
                .hasMessageContaining("451")
                .hasMessageContaining("data-api.binance.vision");
    }

    static Stream<Misbehaviour> archiveTroubles() {
        return Stream.of(
                Misbehaviour.restrictedLocation(),
                Misbehaviour.forbidden(),
                Misbehaviour.serverError(503),
                Misbehaviour.cutAfter(0));
    }

    @ParameterizedTest
    @MethodSource("archiveTroubles")
    void restServesWhenTheArchiveCannotBeAsked(Misbehaviour trouble) {
        venue.misbehave(trouble.onHost(VenueHost.ARCHIVE));
        TimeRange range = TimeRange.month("2024-07");
        Reading reading = Reading.of(source, BTC + "15m", range);
        assertThat(reading.rows()).isEqualTo(truth("15m", range));
        assertThat(reading.reasons()).isEmpty();
    }

    @Test
    void neitherRouteIsAnErrorAndNeverEmpty() {
        for (Misbehaviour rest : List.of(Misbehaviour.restrictedLocation(), Misbehaviour.serverError(500))) {
            try (var api = venue.misbehave(rest.onHost(VenueHost.API));
                    var files = venue.misbehave(Misbehaviour.serverError(503).onHost(VenueHost.ARCHIVE));
                    BinanceSource fresh = source()) {
                assertThatThrownBy(() -> Reading.of(fresh, BTC + "15m", TimeRange.month("2024-07")))
                        .isInstanceOfAny(Unavailable.class, HttpRefused.class)
                        .satisfies(error -> assertThat(error.getSuppressed()).hasSize(1));
            }
        }
    }

    @Test
    void lookUpsThatFailDoNotFailAReading() {
        venue.misbehave(Misbehaviour.answer(404, "application/json", "{}").onKind(RequestKind.EXCHANGE_INFO));
        venue.misbehave(Misbehaviour.answer(404, "application/json", "{}").onKind(RequestKind.TIME));
        venue.misbehave(Misbehaviour.answer(404, "application/json", "{}").onKind(RequestKind.LISTING));
        TimeRange range = TimeRange.of("2025-03-10", "2025-03-12T15:00:00Z");
        Reading reading = Reading.of(source, BTC + "15m", range);
        assertThat(reading.rows()).isEqualTo(truth("15m", range));
    }

    @ParameterizedTest
    @CsvSource({"PT-24H", "PT-5M", "PT5M", "PT24H"})
    void anOpenCandleIsNeverGivenHoweverWrongTheClocksAre(Duration ahead) {
        venue.clockAhead(ahead);
        for (boolean timeServed : new boolean[] {true, false}) {
            if (!timeServed) {
                venue.misbehave(
                        Misbehaviour.answer(404, "application/json", "{}").onKind(RequestKind.TIME));
            }
            try (BinanceSource fresh = source()) {
                Reading reading = Reading.of(fresh, BTC + "5m", TimeRange.of("2025-03-11", "2025-03-14"));
                long now = Epoch.micros(venue.now());
                assertThat(reading.opens())
                        .isNotEmpty()
                        .allSatisfy(open -> assertThat(open + 300_000_000L).isLessThanOrEqualTo(now));
            }
        }
    }

    private List<List<String>> truth(String interval, TimeRange range) {
        return Reading.plain(venue.candles(
                MarketType.SPOT,
                "BTCUSDT",
                interval,
                range.start().toEpochMilli(),
                range.end().toEpochMilli()));
    }

    private BinanceSource source() {
        return BinanceSource.builder(Market.SPOT)
                .fromEnvironment(venue.environment())
                .clock(CLOCK)
                .transport(Transports.withoutPauses())
                .build();
    }
}
