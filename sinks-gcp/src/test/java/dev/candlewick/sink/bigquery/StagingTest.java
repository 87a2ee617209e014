package dev.candlewick.sink.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Unavailable;
import dev.candlewick.WriteGroup;
import dev.candlewick.sink.gcp.testing.BigQueryCall;
import dev.candlewick.sink.gcp.testing.BigQueryJobKind;
import org.junit.jupiter.api.Test;

/** Names of staging tables that earlier loads have used up, or left something under. */
class StagingTest extends BigQueryScene {

    @Test
    void theSameRowsAreWrittenAndForgottenAsOftenAsAnybodyLikes() {
        for (int time = 1; time <= 7; time++) {
            write(store, BTC, HOUR, 0);
            assertHolds(store, BTC, HOUR, 0);
            store.forget(BTC, HOUR);
        }
        server.faults().next(2).jobs(BigQueryJobKind.LOAD).fail("backendError", "Error encountered. Try again later.");
        write(store, BTC, HOUR, 0);
        assertHolds(store, BTC, HOUR, 0);
    }

    @Test
    void runsWhileAQuotaIsUsedUpDoNotBlockTheOneAfterwards() {
        write(store, ETH, HOUR, 0);
        server.quotas().loadJobsPerDay(server.quotas().loadJobs(LocalStores.PROJECT));
        for (int run = 1; run <= 7; run++) {
            assertThatThrownBy(() -> write(store, BTC, HOUR, 0))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("quota");
        }
        server.quotas().loadJobsPerDay(100_000);
        server.faults().next(2).jobs(BigQueryJobKind.LOAD).fail("backendError", "Error encountered. Try again later.");
        write(store, BTC, HOUR, 0);
        assertHolds(store, BTC, HOUR, 0);
    }

    @Test
    void aTableThatALargerGroupLeftIsInNobodysWay() {
        write(store, ETH, HOUR, 0);
        server.faults().next().jobs(BigQueryJobKind.SCRIPT).fail("accessDenied", "not now");
        server.faults().next(20).requests(BigQueryCall.TABLE_DELETE).answer(403, "accessDenied", "not now");
        try (WriteGroup group = store.group().orElseThrow()) {
            group.add(candles(BTC, HOUR, 0));
            group.add(candles(ETH, HOUR, 0));
            assertThat(group.commit())
                    .filteredOn(outcome -> outcome.series().equals(BTC))
                    .singleElement()
                    .satisfies(outcome -> assertThat(outcome.toString()).contains("accessDenied"));
        }
        server.faults().clear();
        write(store, BTC, HOUR, 0);
        assertHolds(store, BTC, HOUR, 0);
    }
}
