package dev.candlewick.source.binance;

import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.http.HttpTransport;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.SyntheticInstrument;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import dev.candlewick.testkit.SimulatedTime;
import dev.candlewick.testkit.SourceContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of ticks keeps the contract of sources. */
final class EventsContractTest {

    private static final String UM = "BINANCE-FUTURES:PERPETUAL:BTC-USDT/";
    private static final Instant LISTED = Instant.parse("2025-02-26T05:00:00Z");
    private static final int ATTEMPTS = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit makes it first
    private static Path files;

    /** The 11th and 12th of March in the archive, or what the venue in this process makes up itself. */
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Contract extends SourceContract {

        private final SimulatedTime time = new SimulatedTime("2025-03-14T15:07:30Z");
        private final String dataset;
        private final BinanceSimulator venue;

        Contract(String dataset) {
            this.dataset = dataset;
            this.venue = BinanceSimulator.builder()
                    .market(SyntheticMarket.seeded(8)
                            .add(SyntheticInstrument.usdMargined("BTCUSDT", "BTC", "USDT", LISTED)
                                    .activity(3, "0.02")
                                    .idleMinutesPerThousand(700))
                            .build())
                    .clock(time)
                    .archiveFiles(files)
                    .start();
        }

        /** Puts a file for each of the days. */
        void days(TickKind kind, String header, Function<Instant, List<String>> rows) throws IOException {
            for (TimeRange day : fullRange().days(ZoneOffset.UTC)) {
                LocalDate date = LocalDate.ofInstant(day.start(), ZoneOffset.UTC);
                PublishedFile.write(
                        files, "daily/" + kind.folder(), kind.folder() + "-" + date, header, rows.apply(day.start()));
            }
        }

        /** Rows at even steps through a day. */
        static List<String> steps(Instant day, Duration step, Function<Instant, String> row) {
            List<String> rows = new ArrayList<>();
            for (Instant at = day; at.isBefore(day.plus(Duration.ofDays(1))); at = at.plus(step)) {
                rows.add(row.apply(at));
            }
            return rows;
        }

        static String text(Instant time) {
            return time.toString().replace('T', ' ').replace("Z", "");
        }

        abstract void publish() throws IOException;

        @AfterEach
        void behave() {
            venue.behave();
        }

        @AfterAll
        void shut() {
            venue.close();
        }

        @Override
        protected Source openSource() {
            return BinanceSource.builder(Market.USD_MARGINED)
                    .fromEnvironment(venue.environment())
                    .clock(time)
                    .transport(HttpTransport.builder()
                            .clock(time)
                            .sleeper(time::sleep)
                            .build())
                    .build();
        }

        @Override
        protected Series series() {
            return Series.parse(UM + dataset);
        }

        @Override
        protected Series unservedSeries() {
            return Series.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT/quotes");
        }

        @Override
        protected TimeRange fullRange() {
            return TimeRange.of("2025-03-11", "2025-03-13");
        }

        @Override
        protected TimeRange emptyRange() {
            return TimeRange.of("2025-02-10", "2025-02-12");
        }

        @Override
        protected long requestsSent() {
            return venue.requests().count();
        }

        @Override
        protected void failNextRead() {
            venue.misbehave(Misbehaviour.serverError(503).onPath(failingPath()).times(ATTEMPTS));
        }

        String failingPath() {
            return "2025-03-11";
        }
    }

    @Nested
    final class Trades extends Contract {
        Trades() {
            super("trades");
        }

        @Override
        @BeforeAll
        void publish() {}
    }

    @Nested
    final class Funding extends Contract {
        Funding() {
            super("funding");
        }

        @Override
        @BeforeAll
        void publish() {}

        @Override
        protected TimeRange fullRange() {
            return TimeRange.of("2025-02-27", "2025-03-12");
        }

        @Override
        String failingPath() {
            return "/fapi/v1/fundingRate";
        }
    }

    @Nested
    final class Metrics extends Contract {
        Metrics() {
            super("metrics");
        }

        @Override
        @BeforeAll
        void publish() throws IOException {
            days(
                    TickKind.METRICS,
                    String.join(",", EventLines.columns(TickKind.METRICS)),
                    day -> steps(day, Duration.ofMinutes(5), at -> text(at) + ",BTCUSDT,7480.5,1.25,1.5,2.0,0.9,1"));
        }
    }

    @Nested
    final class BookDepth extends Contract {
        BookDepth() {
            super("book_depth");
        }

        @Override
        @BeforeAll
        void publish() throws IOException {
            days(
                    TickKind.BOOK_DEPTH,
                    String.join(",", EventLines.columns(TickKind.BOOK_DEPTH)),
                    day -> steps(
                            day,
                            Duration.ofMinutes(3),
                            at -> text(at) + ",-5,7241.307,463562891.1\n" + text(at) + ",5,7240.5,463000000"));
        }
    }

    @Nested
    final class BookTicker extends Contract {
        BookTicker() {
            super("book_ticker");
        }

        @Override
        @BeforeAll
        void publish() throws IOException {
            days(
                    TickKind.BOOK_TICKER,
                    "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time",
                    day -> steps(
                            day,
                            Duration.ofSeconds(97),
                            at -> at.getEpochSecond() + ",25115.9,13.097,25116,1.23," + at.toEpochMilli() + ","
                                    + (at.toEpochMilli() + 5)));
        }
    }

    @Nested
    final class Liquidations extends Contract {
        Liquidations() {
            super("liquidations");
        }

        @Override
        @BeforeAll
        void publish() throws IOException {
            days(
                    TickKind.LIQUIDATIONS,
                    String.join(",", EventLines.columns(TickKind.LIQUIDATIONS)),
                    day -> steps(
                            day,
                            Duration.ofMinutes(7),
                            at -> at.toEpochMilli() + ",BTCUSDT,SELL,LIMIT,IOC,0.5,80000.1,80100,FILLED,0.1,0.5"));
        }
    }
}
