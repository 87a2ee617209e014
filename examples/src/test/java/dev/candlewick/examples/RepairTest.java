package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batches;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.VerifyReport.Finding;
import dev.candlewick.VerifyReport.Kind;
import dev.candlewick.VerifyReport.Unit;
import dev.candlewick.testkit.ForwardingStore;
import dev.candlewick.testkit.MemoryStore;
import dev.candlewick.testkit.SyntheticCandles;
import dev.candlewick.testkit.SyntheticSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code verify --repair} deletes for good in some stores, so it deletes nothing that has been replaced meanwhile. */
class RepairTest {

    private static final Series HOURS = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
    private static final Unit MARCH = new Unit(HOURS, TimeRange.month("2024-03"));
    private static final Unit APRIL = new Unit(HOURS, TimeRange.month("2024-04"));

    private final Store memory = MemoryStore.create();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeEach
    void fill() {
        memory.write(new SyntheticSource().read(HOURS, TimeRange.of("2024-03-01", "2024-05-01")));
    }

    @Test
    void whatIsDamagedStillIsDroppedAndTheStoresOwnWordsAreSaid() {
        repair(new Suspicious(memory, Set.of(MARCH), Set.of()));

        assertThat(units()).containsExactly(APRIL.range());
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("Dropped " + MARCH + ":", "Left as it is: " + APRIL + " has been replaced")
                .doesNotContain("Set aside");
    }

    @Test
    void aUnitThatIsReplacedWhileItIsProvenAgainIsLeft() {
        repair(new Suspicious(memory, Set.of(MARCH, APRIL), Set.of(MARCH)));

        assertThat(units()).containsExactly(MARCH.range());
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("Left as it is: " + MARCH + " is being written", "Dropped " + APRIL);
    }

    private List<TimeRange> units() {
        return memory.ledger(HOURS, TimeRange.year(2024)).stream()
                .map(LedgerEntry::unit)
                .toList();
    }

    private void repair(Store store) {
        Repair.of(
                store,
                List.of(MARCH, APRIL),
                new Console(
                        new ByteArrayInputStream(new byte[0]),
                        said,
                        new PrintStream(said, true, StandardCharsets.UTF_8),
                        Map.of(),
                        Clock.systemUTC(),
                        Terminal.none()));
    }

    /** A store that finds some units damaged, and some of them replaced right after. */
    private static final class Suspicious extends ForwardingStore {

        private final Set<Unit> damaged;
        private final Set<Unit> replaced;

        Suspicious(Store store, Set<Unit> damaged, Set<Unit> replaced) {
            super(store);
            this.damaged = damaged;
            this.replaced = replaced;
        }

        @Override
        public VerifyReport verify(Series series) {
            replaced.forEach(unit -> store().write(Batches.of(
                    series, unit.range(), SyntheticCandles.batches(series, unit.range(), 1), Provenance.none())));
            return new VerifyReport(
                    2,
                    0,
                    0,
                    damaged.stream()
                            .map(unit -> new Finding(Kind.LEDGER_DIFFERS, name(), List.of(unit), "damaged"))
                            .toList());
        }
    }
}
