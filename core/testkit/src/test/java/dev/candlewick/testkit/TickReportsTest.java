package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.instrument.Shard;
import dev.candlewick.tick.DataType;
import dev.candlewick.tick.ExpectedTicks;
import dev.candlewick.tick.TickCoverage;
import dev.candlewick.tick.TickExpectation;
import dev.candlewick.tick.TickReport;
import dev.candlewick.tick.TickReports;
import dev.candlewick.tick.TickState;
import dev.candlewick.tick.TickStatus;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of the ticks that ought to be there a store has (S4.3, S4.8, S4.32). */
class TickReportsTest {

    private static final LocalDate DAY = LocalDate.of(2024, 3, 5);
    private static final TimeRange RANGE = TimeRange.day(DAY, ZoneOffset.UTC);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-03-06T08:00:00Z"), ZoneOffset.UTC);

    private final Store store = MemoryStore.create(CLOCK);
    private final TickReports reports = TickReports.over(store, CLOCK);

    @Test
    void everyReasonForADayWithoutRowsIsAStateOfItsOwn() {
        store("A", 3, List.of());
        store("B", 0, List.of(gap(GapReason.CONFIRMED_EMPTY)));
        store("C", 0, List.of(gap(GapReason.ARCHIVE_HOLE)));
        store("D", 0, List.of(gap(GapReason.NOT_YET_PUBLISHED)));
        store("E", 0, List.of(gap(GapReason.QUARANTINED)));
        List<ExpectedTicks> expected = new ArrayList<>();
        for (String name : List.of("A", "B", "C", "D", "E", "F")) {
            expected.add(ExpectedTicks.of(trades(name), DAY));
        }
        expected.add(new ExpectedTicks(trades("G"), DAY, "recorded are quotes"));

        TickReport report = reports.of(DAY, expected);

        assertThat(report.statuses())
                .extracting(TickStatus::state)
                .containsExactly(
                        TickState.PRESENT,
                        TickState.EMPTY,
                        TickState.ABSENT,
                        TickState.UNPUBLISHED,
                        TickState.QUARANTINED,
                        TickState.MISSING,
                        TickState.NOT_OFFERED);
        assertThat(report.open()).extracting(TickStatus::state).allMatch(state -> !state.isSettled());
        assertThat(report.available()).hasSize(1);
        TickCoverage coverage = report.coverage().get(0);
        assertThat(coverage.expected()).isEqualTo(6);
        assertThat(coverage.settled()).isEqualTo(3);
        assertThat(coverage).hasToString("TEST trades: 3 of 6 settled, 50.00 %; 2 present, 33.33 %");
    }

    @Test
    void aDayOfWhichAPartIsOpenIsMissingThoughRowsAreThere() {
        TimeRange half = TimeRange.of(RANGE.start(), RANGE.start().plusSeconds(43_200));
        store.write(Batches.of(trades("A"), half, List.of(batch("A", 2)), provenance(half, 2, List.of())));

        TickStatus status = TickStatus.of(store, ExpectedTicks.of(trades("A"), DAY));

        assertThat(status.state()).isEqualTo(TickState.MISSING);
        assertThat(status.rows()).isEqualTo(2);
    }

    @Test
    void anIncidentWithinADayDoesNotMakeItAbsent() {
        Gap incident = new Gap(
                TimeRange.of(RANGE.start(), RANGE.start().plusSeconds(60)),
                GapReason.VENUE_OUTAGE,
                "reported",
                CLOCK.instant(),
                Gap.NEVER);
        store("A", 3, List.of(incident));

        assertThat(TickStatus.of(store, ExpectedTicks.of(trades("A"), DAY)).state())
                .isEqualTo(TickState.PRESENT);
    }

    @Test
    void coverageIsAHundredOnlyWhenAllIsThere() {
        List<TickStatus> statuses = new ArrayList<>();
        for (int i = 0; i < 99_999; i++) {
            statuses.add(new TickStatus(ExpectedTicks.of(trades("A"), DAY), TickState.PRESENT, 1, ""));
        }
        statuses.add(new TickStatus(ExpectedTicks.of(trades("A"), DAY), TickState.MISSING, 0, ""));
        assertThat(TickCoverage.of(statuses).get(0).percent()).hasValue(new BigDecimal("99.99"));

        statuses.remove(statuses.size() - 1);
        assertThat(TickCoverage.of(statuses).get(0).percent()).hasValue(new BigDecimal("100.00"));
        List<TickStatus> none =
                List.of(new TickStatus(new ExpectedTicks(trades("A"), DAY, "no"), TickState.NOT_OFFERED, 0, "no"));
        assertThat(TickCoverage.of(none).get(0).percent()).isEmpty();
    }

    @Test
    void whatFailedLastIsToldUntilItIsThere() {
        ExpectedTicks locked = ExpectedTicks.of(trades("A"), DAY);
        ExpectedTicks refused = ExpectedTicks.of(trades("B"), DAY);
        reports.keepFailed(
                DAY,
                List.of(locked, refused),
                List.of(
                        TickStatus.failed(
                                locked,
                                new Unavailable(
                                        "come back", null, CLOCK.instant().plusSeconds(900))),
                        TickStatus.failed(refused, new Refused("not in your plan"))));

        assertThat(reports.of(DAY, List.of(locked, refused)).statuses())
                .extracting(TickStatus::state, TickStatus::evidence)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(TickState.LOCKED, "come back"),
                        org.assertj.core.api.Assertions.tuple(TickState.REFUSED, "not in your plan"));

        store("A", 1, List.of());
        reports.keepFailed(DAY, List.of(locked, refused), List.of());
        assertThat(reports.of(DAY, List.of(locked, refused)).statuses())
                .extracting(TickStatus::state)
                .containsExactly(TickState.PRESENT, TickState.MISSING);
    }

    @Test
    void keptReportsAreRowsThatTheNextReportReplacesAndSharesLieBesideEachOther() {
        List<ExpectedTicks> expected = List.of(ExpectedTicks.of(trades("A"), DAY), ExpectedTicks.of(trades("B"), DAY));
        reports.keepMissing(reports.of(DAY, expected));
        assertThat(rows("ALL:REPORT:TICKS/tick_report:missing")).isEqualTo(2);

        store("A", 1, List.of());
        TickReport after = reports.of(DAY, expected);
        reports.keepMissing(after);
        reports.keepAvailable(after);
        assertThat(rows("ALL:REPORT:TICKS/tick_report:missing")).isEqualTo(1);
        assertThat(rows("ALL:REPORT:TICKS/tick_report:available")).isEqualTo(1);

        reports.of(Shard.of(1, 3)).keepMissing(after);
        assertThat(rows("ALL:REPORT:TICKS-1-OF-3/tick_report:missing")).isEqualTo(1);
        assertThatThrownBy(() -> reports.of(DAY.plusDays(1), expected)).hasMessageContaining("cannot be about");
    }

    @Test
    void aNarrowerReportLeavesWhatIsKeptOfOtherSeries() {
        ExpectedTicks a = ExpectedTicks.of(trades("A"), DAY);
        ExpectedTicks b = ExpectedTicks.of(trades("B"), DAY);
        reports.keepMissing(reports.of(DAY, List.of(a, b)));
        reports.keepFailed(DAY, List.of(b), List.of(TickStatus.failed(b, new Refused("not in your plan"))));
        store("A", 1, List.of());

        reports.keepMissing(reports.of(DAY, List.of(a)));
        reports.keepFailed(DAY, List.of(a), List.of());

        assertThat(rows("ALL:REPORT:TICKS/tick_report:missing")).isEqualTo(1);
        assertThat(reports.of(DAY, List.of(a, b)).statuses())
                .extracting(TickStatus::state)
                .containsExactly(TickState.PRESENT, TickState.REFUSED);
    }

    @Test
    void anOutageIsSettledAndNotPresent() {
        store("A", 3, List.of());
        store("B", 0, List.of(gap(GapReason.VENUE_OUTAGE)));
        store("C", 0, List.of(gap(GapReason.CONFIRMED_EMPTY)));
        List<ExpectedTicks> expected = new ArrayList<>();
        List.of("A", "B", "C", "D").forEach(name -> expected.add(ExpectedTicks.of(trades(name), DAY)));

        TickCoverage coverage = reports.of(DAY, expected).coverage().get(0);

        assertThat(coverage.percent()).hasValue(new BigDecimal("75.00"));
        assertThat(coverage.presentPercent()).hasValue(new BigDecimal("50.00"));
    }

    @Test
    void whatIsExpectedFollowsFromTheKindAndFromWhatIsOffered() {
        Instrument spot =
                Instrument.of(InstrumentKey.parse("BINANCE:SPOT_PAIR:BTC-USDT")).build();
        Instrument perpetual = Instrument.of(InstrumentKey.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN"))
                .dataTypes(List.of("trades", "book_snapshot_5"))
                .build();
        Instrument option = Instrument.of(InstrumentKey.parse("DERIBIT:OPTION:BTC-USD@INV-250627-40000-CALL"))
                .build();

        assertThat(TickExpectation.usual().on(DAY, List.of(spot, perpetual, option)))
                .extracting(each -> each.series().subject().kind() + " "
                        + DataType.name(each.series().dataset()) + " " + each.isOffered())
                .containsExactlyInAnyOrder(
                        "SPOT_PAIR trades true",
                        "SPOT_PAIR book_snapshot_5 true",
                        "PERPETUAL trades true",
                        "PERPETUAL book_snapshot_5 true",
                        "PERPETUAL derivative_ticker false",
                        "PERPETUAL liquidations false",
                        "OPTION trades true",
                        "OPTION book_snapshot_5 true",
                        "GROUP options_chain true");
        assertThat(TickExpectation.of(List.of(Dataset.DERIVATIVE_TICKER, Dataset.OPTIONS_CHAIN))
                        .on(DAY, List.of(spot, perpetual)))
                .singleElement()
                .satisfies(each -> assertThat(each.isOffered()).isFalse());
    }

    @Test
    void dataTypesHaveTheNamesOfTheirRecorderAndThoseOfDatasets() {
        for (String name : List.of(
                "trades",
                "incremental_book_L2",
                "book_snapshot_5",
                "book_snapshot_25",
                "quotes",
                "book_ticker",
                "derivative_ticker",
                "liquidations",
                "options_chain")) {
            Dataset dataset = DataType.parse(name);
            assertThat(DataType.name(dataset)).isEqualTo(name);
            assertThat(DataType.parse(dataset.name())).isEqualTo(dataset);
        }
        assertThatThrownBy(() -> DataType.parse("candles"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there are trades, incremental_book_L2");
        assertThat(Arrays.stream(TickState.values()).map(TickState::toString).map(TickState::parse))
                .containsExactly(TickState.values());
    }

    private static Series trades(String name) {
        return new Series(Subject.parse("TEST:SPOT_PAIR:" + name + "-USDT"), Dataset.TRADES);
    }

    private void store(String name, int rows, List<Gap> gaps) {
        List<Batch> batches = rows == 0 ? List.of() : List.of(batch(name, rows));
        store.write(Batches.of(trades(name), RANGE, batches, provenance(RANGE, rows, gaps)));
    }

    private static Batch batch(String name, int rows) {
        BatchBuilder builder = new BatchBuilder(trades(name), rows);
        for (int row = 0; row < rows; row++) {
            Instant at = RANGE.start().plusSeconds(100 + row);
            builder.row(at, at, String.valueOf(row), "buy", BigDecimal.TEN, BigDecimal.ONE);
        }
        return builder.build();
    }

    private static Provenance provenance(TimeRange range, long rows, List<Gap> gaps) {
        Answer answer = new Answer(range, "test", "test", 200, "", "", rows, CLOCK.instant(), "");
        return new Provenance("test", List.of(answer), gaps, List.of());
    }

    private static Gap gap(GapReason reason) {
        return new Gap(RANGE, reason, "shown", CLOCK.instant(), Gap.NEVER);
    }

    private long rows(String series) {
        long rows = 0;
        try (Batches batches = store.read(Series.parse(series), RANGE)) {
            for (Batch batch : batches) {
                rows += batch.rows();
            }
        }
        return rows;
    }
}
