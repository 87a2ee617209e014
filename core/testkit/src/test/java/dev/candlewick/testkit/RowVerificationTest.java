package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batches;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.VerifyReport.Kind;
import dev.candlewick.VerifyReport.Unit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store gets from {@link Store#verify(Series)}: no false alarm beside writers, no damage that hides the rest. */
class RowVerificationTest {

    private static final Series HOURS = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
    private static final TimeRange MARCH = TimeRange.month("2024-03");

    private final Store memory = MemoryStore.create();

    @BeforeEach
    void fill() {
        memory.write(new SyntheticSource().read(HOURS, TimeRange.of("2024-01-01", "2024-07-01")));
    }

    @Test
    void aUnitThatIsReplacedWhileItIsReadIsReadAgain() {
        VerifyReport report = new BusyStore(memory, 6).verify(HOURS);

        assertThat(report.findings()).isEmpty();
        assertThat(report.units()).isEqualTo(6);
        assertThat(report.rows()).isEqualTo(182 * 24);
    }

    @Test
    void aUnitThatNeverHoldsStillIsNotCalledDamaged() {
        VerifyReport report = new BusyStore(memory, Integer.MAX_VALUE).verify(HOURS);

        assertThat(report.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Kind.CHANGING))
                .satisfies(finding -> assertThat(finding.message()).contains("2024-03", "changing while it was read"));
        assertThat(report.isSound()).isTrue();
        assertThat(report.refetch()).isEmpty();
    }

    @Test
    void aUnitThatIsForgottenWhileItIsReadIsNotMissed() {
        Store forgetful = new ForwardingStore(memory) {
            @Override
            public Batches read(Series series, TimeRange range) {
                if (range.equals(MARCH)) {
                    memory.forget(series, range);
                }
                return super.read(series, range);
            }
        };

        VerifyReport report = forgetful.verify(HOURS);

        assertThat(report.findings()).isEmpty();
        assertThat(report.units()).isEqualTo(5);
    }

    @Test
    void damagedLedgerEntriesAreNamedAndTheOtherUnitsProven() {
        Set<TimeRange> damaged = Set.of(TimeRange.month("2024-01"), MARCH);

        VerifyReport report = new LameStore(memory, damaged).verify(HOURS);

        assertThat(report.refetch())
                .containsExactly(new Unit(HOURS, TimeRange.month("2024-01")), new Unit(HOURS, MARCH));
        assertThat(report.findings())
                .allSatisfy(finding -> assertThat(finding.kind()).isEqualTo(Kind.RECEIPT_DAMAGED));
        assertThat(report.isSound()).isFalse();
        assertThat(report.units()).isEqualTo(6);
        assertThat(report.rows()).isEqualTo((182 - 31 - 31) * 24);
    }

    @Test
    void damagedEntriesOfDaysAndYearsAreFoundToo() {
        Series seconds = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "30s");
        Series days = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1d");
        TimeRange leapDay = TimeRange.day("2024-02-29");
        TimeRange lastYear = TimeRange.year(9999);

        assertThat(new LameStore(memory, Set.of(leapDay)).verify(seconds).refetch())
                .containsExactly(new Unit(seconds, leapDay));
        assertThat(new LameStore(memory, Set.of(lastYear)).verify(days).refetch())
                .containsExactly(new Unit(days, lastYear));
    }

    @Test
    void aLedgerThatIsDamagedAsAWholeIsOneFindingAndAskedTwice() {
        int[] questions = new int[1];
        Store broken = new ForwardingStore(memory) {
            @Override
            public List<LedgerEntry> ledger(Series series, TimeRange range) {
                questions[0]++;
                throw new Corrupt("The ledger is no ledger");
            }
        };

        VerifyReport report = broken.verify(HOURS);

        assertThat(report.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.units()).isEmpty());
        assertThat(report.findings().get(0).message()).contains("The ledger is no ledger");
        assertThat(questions[0]).isEqualTo(2);
    }

    /** A store in which somebody replaces March whenever it is about to be read. */
    private static final class BusyStore extends ForwardingStore {
        private final int most;
        private int replaced;

        BusyStore(Store store, int most) {
            super(store);
            this.most = most;
        }

        @Override
        public Batches read(Series series, TimeRange range) {
            if (range.equals(MARCH) && replaced < most) {
                replaced++;
                store().write(Batches.of(
                        series, MARCH, SyntheticCandles.batches(series, MARCH, replaced), Provenance.none()));
            }
            return super.read(series, range);
        }
    }

    /** A store that cannot read its ledger where it is damaged. */
    private static final class LameStore extends ForwardingStore {
        private final Set<TimeRange> damaged;

        LameStore(Store store, Set<TimeRange> damaged) {
            super(store);
            this.damaged = damaged;
        }

        @Override
        public List<LedgerEntry> ledger(Series series, TimeRange range) {
            damaged.stream().filter(range::overlaps).findFirst().ifPresent(unit -> {
                throw new Corrupt("The entry of " + unit + " cannot be read");
            });
            return super.ledger(series, range);
        }
    }
}
