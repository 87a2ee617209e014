package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Answer;
import dev.candlewick.BackfillPlan;
import dev.candlewick.BackfillReport;
import dev.candlewick.Backfiller;
import dev.candlewick.LedgerEntry;
import dev.candlewick.PlannedUnit;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.source.binance.simulator.ArchiveFaults;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.RequestKind;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import dev.candlewick.testkit.MemoryStore;
import dev.candlewick.testkit.SimulatedTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is published anew, or later, replaces exactly its unit, once. */
final class RefreshTest {

    private static final Series SERIES = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
    private static final TimeRange MONTHS = TimeRange.of("2024-02-01", "2024-05-01");
    private static final String MARCH = "data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-03.zip";

    private final SimulatedTime time = new SimulatedTime("2024-06-12T15:07:30Z");
    private final MemoryStore store = MemoryStore.create(time);
    private BinanceSimulator venue;
    private BinanceSource source;
    private Backfiller backfiller;

    @BeforeEach
    void open() {
        SyntheticMarket market = SyntheticMarket.seeded(7)
                .spot("BTCUSDT", "BTC", "USDT", Instant.parse("2023-01-01T00:00:00Z"))
                .build();
        venue = BinanceSimulator.builder().market(market).clock(time).start();
        source = BinanceSource.builder(Market.SPOT)
                .fromEnvironment(venue.environment())
                .clock(time)
                .build();
        backfiller = Backfiller.from(source).to(store).clock(time).build();
    }

    @AfterEach
    void close() {
        source.close();
        venue.close();
    }

    @Test
    void aRepublishedMonthReplacesExactlyItsUnitOnce() {
        backfiller.fill(SERIES, MONTHS);
        List<LedgerEntry> before = store.ledger(SERIES, MONTHS);
        String former = version(before.get(1));
        assertThat(backfiller.refresh(SERIES, MONTHS).isEmpty()).isTrue();
        venue.republish(MARCH);
        venue.requests().clear();

        BackfillPlan plan = backfiller.refresh(SERIES, MONTHS);
        assertThat(plan.units()).singleElement().satisfies(unit -> {
            assertThat(unit.unit()).isEqualTo(TimeRange.month("2024-03"));
            assertThat(unit.reason()).contains("BTCUSDT-1h-2024-03.zip was published anew");
        });
        assertThat(dataRequests()).isZero();
        BackfillReport report = backfiller.run(plan);

        assertThat(report.committed()).isEqualTo(1);
        assertThat(dataRequests()).isEqualTo(1);
        List<LedgerEntry> after = store.ledger(SERIES, MONTHS);
        assertThat(after.get(0)).isEqualTo(before.get(0));
        assertThat(after.get(2)).isEqualTo(before.get(2));
        assertThat(after.get(1).revision()).isEqualTo(2);
        assertThat(after.get(1).answers()).singleElement().satisfies(answer -> {
            assertThat(answer.version()).isNotEqualTo(former);
            assertThat(answer.note()).contains("replaces version " + former);
        });
        assertThat(Reading.of(store, SERIES.toString(), TimeRange.month("2024-03"))
                        .rows())
                .isEqualTo(Reading.plain(venue.archivedCandles(MARCH)));
        assertThat(backfiller.refresh(SERIES, MONTHS).isEmpty()).isTrue();
        assertThat(dataRequests()).isEqualTo(1);
    }

    @Test
    void aRefreshOfAPartReplacesTheWholeUnit() {
        backfiller.fill(SERIES, MONTHS);
        venue.republish(MARCH);
        TimeRange day = TimeRange.day("2024-03-05");
        backfiller.run(backfiller.refresh(SERIES, day));
        assertThat(backfiller.refresh(SERIES, day).isEmpty()).isTrue();
        assertThat(Reading.of(store, SERIES.toString(), TimeRange.month("2024-03"))
                        .rows())
                .isEqualTo(Reading.plain(venue.archivedCandles(MARCH)));
    }

    @Test
    void aUnitReadInTwoPartsOfTwoVersionsIsNoticed() {
        backfiller.fill(SERIES, TimeRange.of("2024-03-01", "2024-03-11"));
        venue.republish(MARCH);
        backfiller.fill(SERIES, TimeRange.of("2024-03-11", "2024-04-01"));
        BackfillPlan plan = backfiller.refresh(SERIES, MONTHS);
        assertThat(plan.units()).hasSize(1);
        backfiller.run(plan);
        assertThat(backfiller.refresh(SERIES, MONTHS).isEmpty()).isTrue();
        assertThat(Reading.of(store, SERIES.toString(), TimeRange.month("2024-03"))
                        .rows())
                .isEqualTo(Reading.plain(venue.archivedCandles(MARCH)));
    }

    @Test
    void whatCameFromRestIsReplacedWhenItsFileIsPublished() {
        TimeRange recent = TimeRange.of("2024-06-12", "2024-06-12T12:00:00Z");
        backfiller.fill(SERIES, recent);
        assertThat(store.ledger(SERIES, recent).get(0).answers())
                .extracting(Answer::route)
                .containsExactly("rest");
        assertThat(backfiller.refresh(SERIES, recent).isEmpty()).isTrue();
        time.sleep(Duration.ofDays(2));

        BackfillPlan plan = backfiller.refresh(SERIES, recent);
        assertThat(plan.units())
                .singleElement()
                .extracting(PlannedUnit::reason)
                .asString()
                .contains("BTCUSDT-1h-2024-06-12.zip was published since");
        backfiller.run(plan);
        assertThat(store.ledger(SERIES, recent).get(0).answers())
                .extracting(Answer::route)
                .containsExactly("archive-daily");
        venue.requests().clear();
        assertThat(backfiller.refresh(SERIES, recent).isEmpty()).isTrue();
        assertThat(dataRequests()).isZero();
    }

    @Test
    void whatTheArchiveLackedIsReadFromItOnceItIsThere() {
        try (var missing = venue.misbehave(ArchiveFaults.missingFile())) {
            backfiller.fill(SERIES, TimeRange.month("2024-03"));
            assertThat(missing.occurrences()).isPositive();
        }
        BackfillPlan plan = backfiller.refresh(SERIES, MONTHS);
        assertThat(plan.units()).hasSize(1);
        backfiller.run(plan);
        assertThat(store.ledger(SERIES, MONTHS).get(0).answers())
                .extracting(Answer::route)
                .containsExactly("archive-monthly");
        assertThat(backfiller.refresh(SERIES, MONTHS).isEmpty()).isTrue();
    }

    @Test
    void aSecondFillAsksForNothing() {
        backfiller.fill(SERIES, MONTHS);
        venue.requests().clear();
        assertThat(backfiller.fill(SERIES, MONTHS).committed()).isZero();
        assertThat(venue.requests().count()).isZero();
    }

    private long dataRequests() {
        return venue.requests().count(RequestKind.ARCHIVE_FILE)
                + venue.requests().count(RequestKind.KLINES);
    }

    private static String version(LedgerEntry entry) {
        return entry.answers().get(0).version();
    }
}
