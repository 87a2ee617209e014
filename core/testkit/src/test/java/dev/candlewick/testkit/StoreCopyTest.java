package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Answer;
import dev.candlewick.BackfillListener;
import dev.candlewick.BackfillStatus;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.CopyPlan;
import dev.candlewick.CopyReport;
import dev.candlewick.Corrupt;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.PlannedUnit;
import dev.candlewick.Progress;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.StoreCopy;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.WriteResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StoreCopyTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final Series ETH = Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1h");
    private static final TimeRange QUARTER = TimeRange.of("2024-01-01", "2024-04-01");
    private static final TimeRange JANUARY = TimeRange.month("2024-01");
    private static final TimeRange FEBRUARY = TimeRange.month("2024-02");
    private static final Instant PROVEN = Instant.parse("2024-05-01T00:00:00Z");

    private final MemoryStore source = MemoryStore.create();
    private final MemoryStore target = MemoryStore.create();
    private final StoreCopy copy = StoreCopy.from(source).to(target).build();

    @Test
    void everythingThatTheSourceKnowsArrives() {
        write(source, BTC, FEBRUARY, 0);
        write(source, ETH, QUARTER, 0);
        Gap outage = new Gap(JANUARY, GapReason.VENUE_OUTAGE, "status page", PROVEN, PROVEN.plusSeconds(60));
        Answer answer = new Answer(JANUARY, "rest", "https://v/klines", 200, "sha256:ab", "etag", 0, PROVEN, "note");
        QuarantinedRow bad = new QuarantinedRow("https://v/klines", 7, "close", "not a number", "1,2,x");
        source.write(Batches.of(
                BTC, JANUARY, List.of(), new Provenance("v", List.of(answer), List.of(outage), List.of(bad))));
        CopyReport report = copy.copy(source.series());
        assertThat(report.copied()).isEqualTo(5);
        assertThat(report.rows()).isEqualTo(29 * 1_440 + 91 * 24);
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE_WITH_GAPS);
        assertThat(report.gaps()).containsOnlyKeys(BTC);
        for (Series series : source.series()) {
            List<LedgerEntry> copied = target.ledger(series, QUARTER);
            List<LedgerEntry> original = source.ledger(series, QUARTER);
            assertThat(copied).hasSameSizeAs(original);
            for (int i = 0; i < original.size(); i++) {
                assertThat(copied.get(i).sameContent(original.get(i))).isTrue();
                assertThat(copied.get(i).answers()).isEqualTo(original.get(i).answers());
            }
        }
        assertThat(target.ledger(BTC, JANUARY).get(0).quarantined()).containsExactly(bad);
        assertThat(report)
                .asString()
                .contains("Copied, with 1 gap that remains: 43,944 rows in 5 units", outage.toString());
    }

    @Test
    void aSecondCopyReadsNothing() {
        write(source, BTC, QUARTER, 0);
        copy.copy(BTC, QUARTER);
        List<LedgerEntry> before = target.ledger(BTC, QUARTER);
        CopyPlan plan = copy.plan(BTC, QUARTER);
        assertThat(plan.isEmpty()).isTrue();
        assertThat(plan.equal()).isEqualTo(3);
        assertThat(plan).asString().contains("0 units of 1 series to copy", "3 equal already");
        assertThat(copy.run(plan).rows()).isZero();
        assertThat(target.ledger(BTC, QUARTER)).isEqualTo(before);
    }

    @Test
    void whatOnlyTheTargetHasStays() {
        TimeRange morning = TimeRange.of("2024-01-05T06:00:00Z", "2024-01-05T12:00:00Z");
        TimeRange evening = TimeRange.of("2024-01-05T18:00:00Z", "2024-01-06T00:00:00Z");
        TimeRange noon = TimeRange.of("2024-01-05T12:00:00Z", "2024-01-05T13:00:00Z");
        Gap proven = new Gap(noon, GapReason.CONFIRMED_EMPTY, "asked", PROVEN, Gap.NEVER);
        write(source, BTC, morning, 0);
        write(source, BTC, evening, 0);
        write(target, BTC, TimeRange.of("2024-01-05T11:00:00Z", "2024-01-05T15:00:00Z"), 1);
        target.write(Batches.of(BTC, noon, List.of(), new Provenance("v", List.of(), List.of(proven), List.of())));
        write(target, BTC, FEBRUARY, 1);
        CopyReport report = copy.copy(BTC, QUARTER);
        assertThat(report.copied()).isEqualTo(1);
        assertThat(Rows.of(target, BTC, morning)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, morning)));
        assertThat(Rows.of(target, BTC, evening)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, evening)));
        TimeRange kept = TimeRange.of("2024-01-05T13:00:00Z", "2024-01-05T15:00:00Z");
        assertThat(Rows.of(target, BTC, kept)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, kept, 1)));
        assertThat(target.coverage(BTC, noon).gaps()).containsExactly(proven);
        assertThat(Rows.of(target, BTC, FEBRUARY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, FEBRUARY, 1)));
    }

    @Test
    void whatTheSourceKnowsToBeEmptyReplacesRows() {
        Gap gap = new Gap(
                TimeRange.of("2024-01-05T00:00:00Z", "2024-01-06T00:00:00Z"),
                GapReason.CONFIRMED_EMPTY,
                "asked",
                PROVEN,
                Gap.NEVER);
        source.write(Batches.of(BTC, gap.range(), List.of(), new Provenance("v", List.of(), List.of(gap), List.of())));
        write(target, BTC, JANUARY, 0);
        copy.copy(BTC, JANUARY);
        assertThat(Rows.of(target, BTC, gap.range())).isEmpty();
        assertThat(Rows.of(target, BTC, JANUARY)).hasSize(30 * 1_440);
        assertThat(target.coverage(BTC, JANUARY).gaps()).containsExactly(gap);
    }

    @Test
    void manyHolesAreOneWriteWhereTheTargetKnowsNothing() {
        TimeRange day = TimeRange.day("2024-01-05");
        List<TimeRange> minutes = day.split(java.time.Duration.ofMinutes(10));
        for (int i = 0; i < minutes.size(); i += 2) {
            write(source, BTC, minutes.get(i), 0);
        }
        CopyPlan plan = copy.plan(BTC, JANUARY);
        assertThat(plan.units()).hasSize(1);
        assertThat(plan.units().get(0).missing().asList()).containsExactly(JANUARY);
        copy.run(plan);
        assertThat(target.coverage(BTC, JANUARY).gaps())
                .isEqualTo(source.coverage(BTC, JANUARY).gaps());
        assertThat(copy.plan(BTC, JANUARY).isEmpty()).isTrue();
    }

    @Test
    void onlyTheRangeIsCopied() {
        write(source, BTC, QUARTER, 0);
        TimeRange days = TimeRange.of("2024-01-30T12:00:00Z", "2024-02-02T12:00:00Z");
        CopyReport report = copy.copy(BTC, days);
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE);
        assertThat(Rows.of(target, BTC, QUARTER)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, days)));
    }

    @Test
    void eventsThatWereNotReadAreNotClaimed() {
        Series events = everyType().series();
        TimeRange hours = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T06:00:00Z");
        TimeRange later = TimeRange.of("2024-01-01T12:00:00Z", "2024-01-01T18:00:00Z");
        source.write(Batches.of(events, hours, List.of(everyType()), Provenance.none()));
        source.write(Batches.of(events, later, List.of(), Provenance.none()));
        copy.copy(List.of(events));
        TimeRange day = TimeRange.day("2024-01-01");
        assertThat(target.coverage(events, day).gaps())
                .isEqualTo(source.coverage(events, day).gaps());
        assertThat(Rows.hash(target, events, day)).isEqualTo(Rows.hash(source, events, day));
    }

    @Test
    void aFailedUnitStopsNoOther() {
        write(source, BTC, QUARTER, 0);
        Store refusing = new ForwardingStore(target) {
            @Override
            public SinkWriter open(Series series, TimeRange range) {
                if (range.overlaps(FEBRUARY)) {
                    throw new Refused("row 7 does not fit");
                }
                return super.open(series, range);
            }
        };
        CopyReport report =
                StoreCopy.from(source).to(refusing).parallelism(1).build().copy(BTC, QUARTER);
        assertThat(report.status()).isEqualTo(BackfillStatus.FAILED);
        assertThat(report.copied()).isEqualTo(2);
        assertThat(report.failed()).singleElement().asString().contains("2024-02", "row 7 does not fit");
        assertThat(report).asString().contains("Failed in 1 of 3 units; run again to copy them");
        assertThat(target.ledger(BTC, QUARTER)).hasSize(2);
    }

    @Test
    void aDamagedUnitStopsNoOther() {
        write(source, BTC, QUARTER, 0);
        Store damaged = new ForwardingStore(source) {
            @Override
            public List<LedgerEntry> ledger(Series series, TimeRange range) {
                if (range.overlaps(FEBRUARY)) {
                    throw new Corrupt("The entry of 2024-02 is damaged");
                }
                return super.ledger(series, range);
            }
        };
        for (TimeRange range : List.of(QUARTER, TimeRange.of("2000-01-01", "2040-01-01"))) {
            CopyReport report = StoreCopy.from(damaged).to(target).build().copy(BTC, range);
            assertThat(report.failed()).singleElement().asString().contains("The entry of 2024-02 is damaged");
            assertThat(target.ledger(BTC, QUARTER)).hasSize(2);
        }
    }

    @Test
    void aUnitThatChangesWhileItIsReadIsNotWritten() {
        write(source, BTC, JANUARY, 0);
        Store changing = new ForwardingStore(source) {
            @Override
            public Batches read(Series series, TimeRange range) {
                Batches rows = super.read(series, range);
                List<Batch> batches = new ArrayList<>();
                rows.forEach(batches::add);
                return Batches.of(
                        series,
                        range,
                        batches.iterator(),
                        () -> {
                            throw new AssertionError("the ledger speaks for a copy");
                        },
                        () -> {});
            }

            @Override
            public List<LedgerEntry> ledger(Series series, TimeRange range) {
                List<LedgerEntry> before = super.ledger(series, range);
                if (range.equals(JANUARY) && asked.incrementAndGet() == 2) {
                    StoreCopyTest.write(source, BTC, TimeRange.day("2024-01-07"), 3);
                }
                return before;
            }

            private final AtomicInteger asked = new AtomicInteger();
        };
        CopyReport report = StoreCopy.from(changing).to(target).build().copy(BTC, JANUARY);
        assertThat(report.failed())
                .singleElement()
                .asString()
                .contains("while it was being read", "run the copy again");
        assertThat(target.ledger(BTC, JANUARY)).isEmpty();
        assertThat(copy.copy(BTC, JANUARY).status()).isEqualTo(BackfillStatus.COMPLETE);
    }

    @Test
    void whatTheTargetLearnsMeanwhileIsNotOverwritten() {
        TimeRange morning = TimeRange.of("2024-01-05T00:00:00Z", "2024-01-05T12:00:00Z");
        TimeRange evening = TimeRange.of("2024-01-05T12:00:00Z", "2024-01-06T00:00:00Z");
        write(source, BTC, morning, 0);
        CopyPlan plan = copy.plan(BTC, JANUARY);
        write(target, BTC, evening, 1);
        CopyReport report = copy.run(plan);
        assertThat(report.failed())
                .singleElement()
                .satisfies(failed -> assertThat(failed.cause())
                        .isInstanceOf(Unavailable.class)
                        .hasMessageContaining("learned meanwhile"));
        assertThat(Rows.of(target, BTC, JANUARY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, evening, 1)));
        assertThat(copy.copy(BTC, JANUARY).failed()).isEmpty();
        assertThat(Rows.of(target, BTC, JANUARY)).hasSize(1_440);
    }

    @Test
    void anUnknownOutcomeIsSettled() {
        write(source, BTC, QUARTER, 0);
        FaultyStore faulty = FaultyStore.over(target)
                .nextCommit(FaultyStore.Fault.UNCONFIRMED_AFTER)
                .nextCommit(FaultyStore.Fault.UNCONFIRMED_BEFORE);
        CopyReport report =
                StoreCopy.from(source).to(faulty).parallelism(1).build().copy(BTC, QUARTER);
        assertThat(report.status()).isEqualTo(BackfillStatus.COMPLETE);
        assertThat(report.rows()).isEqualTo(91 * 1_440);
    }

    @Test
    void anInterruptedCopyKeepsWhatIsCommittedAndGoesOn() throws Exception {
        write(source, BTC, QUARTER, 0);
        CountDownLatch first = new CountDownLatch(1);
        Store slow = new ForwardingStore(target) {
            @Override
            public SinkWriter open(Series series, TimeRange range) {
                if (range.overlaps(FEBRUARY)) {
                    first.countDown();
                    try {
                        TimeUnit.SECONDS.sleep(60);
                    } catch (InterruptedException stop) {
                        throw new Cancelled("stopped", stop);
                    }
                }
                return super.open(series, range);
            }
        };
        StoreCopy slowly = StoreCopy.from(source).to(slow).parallelism(1).build();
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Thread running = new Thread(() -> {
            try {
                slowly.copy(BTC, QUARTER);
            } catch (Throwable thrown) {
                ended.set(thrown);
            }
        });
        running.start();
        first.await();
        running.interrupt();
        running.join(10_000);
        assertThat(ended.get()).isInstanceOf(Cancelled.class);
        assertThat(target.ledger(BTC, QUARTER)).hasSize(1);
        CopyPlan rest = copy.plan(BTC, QUARTER);
        assertThat(rest.units()).hasSize(2);
        assertThat(rest.equal()).isEqualTo(1);
        assertThat(copy.run(rest).status()).isEqualTo(BackfillStatus.COMPLETE);
    }

    @Test
    void aListenerHearsHowItGoes() {
        write(source, BTC, QUARTER, 0);
        List<String> heard = new ArrayList<>();
        StoreCopy.from(source)
                .to(target)
                .parallelism(1)
                .listener(new BackfillListener() {
                    @Override
                    public void committed(PlannedUnit unit, WriteResult result, Progress progress) {
                        heard.add(unit.label() + " " + progress.unitsDone() + "/" + progress.unitsTotal());
                    }
                })
                .build()
                .copy(BTC, QUARTER);
        assertThat(heard).containsExactly("2024-01 1/3", "2024-02 2/3", "2024-03 3/3");
    }

    @Test
    void aPlanForOtherStoresIsMisuse() {
        CopyPlan plan = new CopyPlan("parquet:a", "memory", new java.util.TreeMap<>(), List.of(), 0, List.of());
        assertThatThrownBy(() -> copy.run(plan))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parquet:a");
    }

    private static Batch everyType() {
        return RandomRows.events(
                new java.util.Random(1), TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T06:00:00Z"), 50);
    }

    private static void write(Store store, Series series, TimeRange range, int edition) {
        store.write(Batches.of(series, range, SyntheticCandles.batches(series, range, edition), Provenance.none()));
    }
}
