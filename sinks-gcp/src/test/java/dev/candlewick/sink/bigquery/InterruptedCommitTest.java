package dev.candlewick.sink.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commits that are interrupted while a request is held up between client and service. */
class InterruptedCommitTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange HOUR = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z");

    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final AtomicBoolean armed = new AtomicBoolean();
    private volatile Optional<RuntimeException> failure = Optional.empty();
    private volatile boolean stillInterrupted;
    private volatile boolean losesFirstAnswer;
    private volatile String heldMethod = "create";

    private LocalBigQuery server;
    private BigQueryStore store;

    @BeforeEach
    void open() {
        server = LocalBigQuery.start();
        try (BigQueryStore first = LocalStores.builder(server, "market").build()) {
            first.write(batches(0));
        }
        BigQueryOptions.Builder options = BigQueryOptions.newBuilder();
        options.setProjectId(LocalStores.PROJECT);
        options.setHost(server.endpoint().toString());
        options.setCredentials(NoCredentials.getInstance());
        options.setRetrySettings(ServiceOptions.getNoRetrySettings());
        options.setDataFormatOptions(com.google.cloud.bigquery.DataFormatOptions.newBuilder()
                .useInt64Timestamp(true)
                .build());
        BigQuery client = options.build().getService();
        BigQuery slow = (BigQuery) Proxy.newProxyInstance(
                BigQuery.class.getClassLoader(),
                new Class<?>[] {BigQuery.class},
                (proxy, method, arguments) -> call(client, method, arguments));
        store = BigQueryStore.builder(slow, "market").build();
    }

    @AfterEach
    void close() {
        released.countDown();
        store.close();
        server.close();
    }

    private static Batches batches(int edition) {
        return Batches.of(BTC, HOUR, SyntheticCandles.batches(BTC, HOUR, edition), Provenance.none());
    }

    private static boolean isCommit(Object argument) {
        Object id = argument instanceof JobInfo info ? info.getJobId() : argument;
        return id instanceof JobId job && job.getJob().startsWith("candlewick_commit_");
    }

    private Object call(BigQuery client, Method method, Object[] arguments) throws Throwable {
        boolean commit = arguments != null && arguments.length > 0 && isCommit(arguments[0]);
        if (commit && method.getName().equals(heldMethod) && armed.compareAndSet(true, false)) {
            held.countDown();
            // The request is on its way: it arrives whatever becomes of the thread that sent it.
            awaitUninterruptibly(released);
            try {
                return forward(client, method, arguments);
            } finally {
                arrived.countDown();
            }
        }
        Object answer = forward(client, method, arguments);
        if (commit && losesFirstAnswer && method.getName().equals("create")) {
            losesFirstAnswer = false;
            // As when the client sent it again itself.
            throw new BigQueryException(409, "Already Exists: Job");
        }
        return answer;
    }

    private static Object forward(BigQuery client, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(client, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        assertThat(interrupted || latch.getCount() == 0).isTrue();
    }

    private void interruptAHeldCommit() throws InterruptedException {
        armed.set(true);
        Thread writer = new Thread(() -> {
            try {
                store.write(batches(1));
            } catch (RuntimeException failed) {
                failure = Optional.of(failed);
            }
            stillInterrupted = Thread.currentThread().isInterrupted();
        });
        writer.start();
        assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
        writer.interrupt();
        writer.join(8_000);
        assertThat(writer.isAlive()).isFalse();
    }

    private void assertHolds(int edition) {
        try (BigQueryStore fresh = LocalStores.builder(server, "market").build()) {
            assertThat(Rows.of(fresh, BTC, HOUR)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, HOUR, edition)));
        }
    }

    @Test
    void aCommitThatIsStillOnItsWayIsUnconfirmedAndNotCancelled() throws Exception {
        interruptAHeldCommit();
        assertThat(failure.orElseThrow()).isInstanceOf(Unconfirmed.class);
        assertThat(stillInterrupted).isTrue();
        released.countDown();
        assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
        // What the message does not promise: it happened after all, or the table it needs was dropped meanwhile.
        store.write(batches(1));
        assertHolds(1);
    }

    @Test
    void aCommitThatHappenedBeforeTheInterruptIsTold() throws Exception {
        losesFirstAnswer = true;
        heldMethod = "getJob";
        interruptAHeldCommit();
        assertThat(failure).isEmpty();
        assertThat(stillInterrupted).isTrue();
        assertHolds(1);
    }

    @Test
    void anInterruptBeforeAnythingIsSentIsCancelled() {
        Thread.currentThread().interrupt();
        try {
            store.write(batches(1));
        } catch (RuntimeException failed) {
            failure = Optional.of(failed);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(failure.orElseThrow()).isInstanceOf(Cancelled.class);
        assertHolds(0);
    }
}
