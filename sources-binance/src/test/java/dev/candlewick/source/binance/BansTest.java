package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.http.BanFiles;
import dev.candlewick.http.HttpTransport;
import dev.candlewick.http.RateBudget;
import dev.candlewick.http.RateLimit;
import dev.candlewick.source.binance.simulator.ArchiveFaults;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.MarketType;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.RequestKind;
import dev.candlewick.source.binance.simulator.ServedRequest;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import dev.candlewick.source.binance.simulator.WeightPool;
import dev.candlewick.testkit.SimulatedTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A backfill from REST alone against a venue that tells it to go away; time is the venue's and moves by sleeping. */
final class BansTest {

    private static final Instant LISTED = Instant.parse("2024-01-01T00:00:00Z");
    private static final TimeRange RANGE = TimeRange.of("2024-06-01", "2024-06-26");
    private static final String BTC = "BINANCE:SPOT_PAIR:BTC-USDT/candles:1m";
    private static final int PAGES = 36;

    @TempDir
    Path state;

    private final SimulatedTime time = new SimulatedTime("2025-03-12T15:07:30.250Z");
    private BinanceSimulator venue;

    @BeforeEach
    void open() {
        SyntheticMarket market = SyntheticMarket.seeded(5)
                .spot("BTCUSDT", "BTC", "USDT", LISTED)
                .usdMargined("BTCUSDT", "BTC", "USDT", LISTED)
                .coinMargined("BTCUSD_PERP", "BTC", LISTED)
                .build();
        venue = BinanceSimulator.builder().market(market).clock(time).start();
        venue.misbehave(ArchiveFaults.missingFile());
    }

    @AfterEach
    void close() {
        venue.close();
    }

    static Stream<Misbehaviour> stops() {
        return Stream.of(
                Misbehaviour.banned(Duration.ofMinutes(7)),
                Misbehaviour.bannedWithoutRetryAfter(Duration.ofHours(2)),
                Misbehaviour.tooManyRequests(Duration.ofSeconds(40)),
                Misbehaviour.tooManyRequestsUntilDate(Duration.ofSeconds(90)),
                Misbehaviour.tooManyRequestsWithoutRetryAfter());
    }

    @ParameterizedTest
    @MethodSource("stops")
    void aStopInTheMiddleCostsOneCallAndNothingElse(Misbehaviour stop) {
        venue.misbehave(stop.onKind(RequestKind.KLINES).afterFirst(20).times(1));
        try (HttpTransport http = transport();
                BinanceSource source = source(Market.SPOT, http, budget("spot", 6_000))) {
            Reading reading = Reading.of(source, BTC, RANGE);
            assertThat(reading.rows())
                    .isEqualTo(Reading.plain(venue.candles(
                            MarketType.SPOT,
                            "BTCUSDT",
                            "1m",
                            RANGE.start().toEpochMilli(),
                            RANGE.end().toEpochMilli())));
            assertThat(reading.reasons()).isEmpty();
        }
        assertThat(venue.requests().unwelcome()).isEmpty();
        assertThat(venue.requests().count(RequestKind.KLINES)).isEqualTo(PAGES + 1);
        assertThat(venue.requests().count()).isEqualTo(PAGES + 1);
        ServedRequest stopped = venue.requests().of(RequestKind.KLINES).get(20);
        assertThat(stopped.status()).isIn(418, 429);
    }

    @Test
    void theWeightStaysBelowALimitThatIsLowerThanKnown() {
        venue.weightLimit(WeightPool.SPOT, 200);
        venue.foreignTraffic(WeightPool.SPOT, 40);
        try (HttpTransport http = transport();
                BinanceSource source = source(Market.SPOT, http, budget("spot", 6_000))) {
            TimeRange months = TimeRange.of("2024-06-01", "2024-08-01");
            assertThat(Reading.of(source, BTC, months).opens()).hasSize(61 * 1_440);
        }
        assertThat(venue.requests().unwelcome()).isEmpty();
        assertThat(venue.requests().all())
                .allSatisfy(request -> assertThat(request.status()).isEqualTo(200));
        assertThat(venue.requests().weightByMinute(WeightPool.SPOT).values())
                .allSatisfy(weight -> assertThat(weight).isLessThanOrEqualTo(160));
    }

    @Test
    void aBanOfOneFuturesMarketSilencesTheOther() {
        RateBudget futures = budget("futures", 2_400);
        venue.misbehave(Misbehaviour.banned(Duration.ofMinutes(30)).times(1));
        try (HttpTransport impatient = HttpTransport.builder()
                        .clock(time)
                        .sleeper(time::sleep)
                        .patience(Duration.ofSeconds(5))
                        .build();
                HttpTransport patient = transport();
                BinanceSource um = source(Market.USD_MARGINED, impatient, futures);
                BinanceSource cm = source(Market.COIN_MARGINED, patient, futures)) {
            TimeRange day = TimeRange.day("2024-06-01");
            assertThatThrownBy(() -> Reading.of(um, "BINANCE-FUTURES:PERPETUAL:BTC-USDT/candles:1m", day))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("until");
            assertThat(Reading.of(cm, "BINANCE-DELIVERY:PERPETUAL:BTC-USD/candles:1m", day)
                            .opens())
                    .hasSize(1_440);
        }
        assertThat(venue.requests().unwelcome()).isEmpty();
        assertThat(time.instant()).isAfter("2025-03-12T15:37:30Z");
    }

    @Test
    void bothFuturesMarketsNameOnePool() {
        try (BinanceSource um = BinanceSource.builder(Market.USD_MARGINED)
                        .fromEnvironment(venue.environment())
                        .build();
                BinanceSource cm = BinanceSource.builder(Market.COIN_MARGINED)
                        .fromEnvironment(venue.environment())
                        .build();
                BinanceSource real = BinanceSource.usdMargined();
                BinanceSource delivery = BinanceSource.coinMargined()) {
            assertThat(lane(um, "BINANCE-FUTURES:PERPETUAL:BTC-USDT"))
                    .isEqualTo(lane(cm, "BINANCE-DELIVERY:PERPETUAL:BTC-USD"));
            assertThat(lane(real, "BINANCE-FUTURES:PERPETUAL:BTC-USDT"))
                    .isEqualTo(lane(delivery, "BINANCE-DELIVERY:PERPETUAL:BTC-USD"));
        }
    }

    @Test
    void aProgramStartedAgainDuringABanStaysSilent() {
        venue.misbehave(Misbehaviour.banned(Duration.ofHours(3)).times(1));
        Instant before = time.instant();
        try (HttpTransport impatient = HttpTransport.builder()
                        .clock(time)
                        .sleeper(time::sleep)
                        .patience(Duration.ofSeconds(5))
                        .build();
                BinanceSource source = source(Market.SPOT, impatient, budget("spot", 6_000))) {
            assertThatThrownBy(() -> Reading.of(source, BTC, TimeRange.day("2024-06-01")))
                    .isInstanceOf(Unavailable.class);
        }
        assertThat(venue.requests().of(RequestKind.KLINES)).hasSize(1);
        try (HttpTransport http = transport();
                BinanceSource restarted = source(Market.SPOT, http, budget("spot", 6_000))) {
            assertThat(Reading.of(restarted, BTC, TimeRange.day("2024-06-01")).opens())
                    .hasSize(1_440);
        }
        assertThat(venue.requests().unwelcome()).isEmpty();
        assertThat(venue.requests().of(RequestKind.KLINES))
                .hasSize(3)
                .element(1)
                .satisfies(first -> assertThat(first.at()).isAfterOrEqualTo(before.plus(Duration.ofHours(3))));
    }

    @Test
    void theEndOfABanIsKeptWhereTheEnvironmentSays() throws java.io.IOException {
        venue.misbehave(Misbehaviour.banned(Duration.ofHours(30)).times(1));
        java.util.Map<String, String> environment = new java.util.HashMap<>(venue.environment());
        environment.put("CANDLEWICK_STATE_DIR", state.toString());
        try (BinanceSource source = BinanceSource.builder(Market.SPOT)
                .fromEnvironment(environment)
                .archiveLag(Duration.ofDays(4_000), Duration.ofDays(4_000))
                .clock(time)
                .build()) {
            assertThatThrownBy(() -> Reading.of(source, BTC, TimeRange.day("2024-06-01")))
                    .isInstanceOf(Unavailable.class);
        }
        try (Stream<Path> files = java.nio.file.Files.list(state)) {
            assertThat(files.toList()).hasSize(1);
        }
    }

    private static String lane(BinanceSource source, String subject) {
        return source.estimate(dev.candlewick.Series.parse(subject + "/candles:1m"), TimeRange.day("2024-06-01"))
                .lane();
    }

    private RateBudget budget(String pool, int weight) {
        return RateBudget.pool(pool)
                .limit(RateLimit.weight(weight, Duration.ofMinutes(1)).reportedBy("X-MBX-USED-WEIGHT-1M"))
                .bans(BanFiles.in(state))
                .clock(time)
                .build();
    }

    private HttpTransport transport() {
        return HttpTransport.builder()
                .clock(time)
                .sleeper(time::sleep)
                .patience(Duration.ofDays(4))
                .build();
    }

    private BinanceSource source(Market market, HttpTransport http, RateBudget budget) {
        return BinanceSource.builder(market)
                .fromEnvironment(venue.environment())
                .archiveLag(Duration.ofDays(4_000), Duration.ofDays(4_000))
                .transport(http)
                .budget(budget)
                .clock(time)
                .build();
    }
}
