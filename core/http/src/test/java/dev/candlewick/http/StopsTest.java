package dev.candlewick.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Cancelled;
import dev.candlewick.Unavailable;
import dev.candlewick.http.SimulatedVenue.Answer;
import dev.candlewick.http.SimulatedVenue.Script;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 429, 418, 403 and the silence after them (R1, R3, R4, R6, R7; R9 and N6 of the requirements), in simulated time. */
@Timeout(60)
class StopsTest {

    private static final Random WITHOUT_JITTER = new Random() {
        private static final long serialVersionUID = 1L;

        @Override
        protected int next(int bits) {
            return 0;
        }
    };

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final HttpRequest QUESTION =
            HttpRequest.get("http://venue.test/api/v3/klines").weight(2).build();

    private final SimulatedTime time = new SimulatedTime("2026-10-01T12:00:10Z");

    private SimulatedVenue venue(Script script) {
        return new SimulatedVenue(time, Duration.ZERO, script);
    }

    private RateBudget.Builder pool() {
        return RateBudget.pool("venue")
                .limit(RateLimit.weight(6000, MINUTE).reportedBy("X-MBX-USED-WEIGHT-1M"))
                .clock(time)
                .random(new Random(7));
    }

    private HttpTransport transport(SimulatedVenue venue, RateBudget budget, Duration patience) {
        return HttpTransport.builder()
                .client(venue.client())
                .clock(time)
                .sleeper(time)
                .random(new Random(7))
                .patience(patience)
                .build()
                .drawingOn(budget);
    }

    @Test
    void retryAfterInSecondsIsWaitedFor() {
        SimulatedVenue venue = venue((call, now) -> call == 1 ? Answer.of(429, "", "Retry-After", "33") : Answer.OK);
        assertThat(transport(venue, pool().build(), MINUTE).send(QUESTION).status())
                .isEqualTo(200);
        assertThat(Duration.between(venue.calls().get(0), venue.calls().get(1)))
                .isBetween(Duration.ofSeconds(33), Duration.ofMillis(34_100));
    }

    @Test
    void retryAfterInTheBodyIsWaitedFor() {
        String lock = "{\"code\":274,\"message\":\"This key is active elsewhere.\",\"retryAfterSeconds\":893}";
        SimulatedVenue venue = venue((call, now) -> call == 1 ? Answer.of(429, lock) : Answer.OK);
        transport(venue, pool().build(), Duration.ofMinutes(30)).send(QUESTION);
        assertThat(Duration.between(venue.calls().get(0), venue.calls().get(1)))
                .isBetween(Duration.ofSeconds(893), Duration.ofMillis(894_100));
    }

    @Test
    void aThrottleWithoutATimeLastsAsLongAsThePoolSays() {
        SimulatedVenue venue = venue((call, now) -> call == 1 ? Answer.of(429, "") : Answer.OK);
        transport(venue, pool().leastThrottle(Duration.ofSeconds(75)).build(), Duration.ofMinutes(10))
                .send(QUESTION);
        assertThat(Duration.between(venue.calls().get(0), venue.calls().get(1)))
                .isBetween(Duration.ofSeconds(75), Duration.ofMillis(76_100));
    }

    @Test
    void retryAfterAsADateIsReadInTheServersClock() {
        SimulatedVenue venue = new SimulatedVenue(
                time,
                Duration.ofSeconds(-30),
                (call, now) -> call == 1
                        ? Answer.of(429, "", "Retry-After", SimulatedVenue.httpDate(now.plusSeconds(40)))
                        : Answer.OK);
        transport(venue, pool().build(), MINUTE.multipliedBy(2)).send(QUESTION);
        assertThat(Duration.between(venue.calls().get(0), venue.calls().get(1)))
                .isBetween(Duration.ofSeconds(40), Duration.ofSeconds(44));
    }

    @Test
    void theLatestOfBanEndAndRetryAfterCounts() {
        SimulatedVenue venue = venue((call, now) -> call == 1
                ? Answer.of(
                        418,
                        "{\"code\":-1003,\"msg\":\"Way too much request weight used; IP banned until "
                                + now.plusSeconds(300).toEpochMilli() + ".\"}",
                        "Retry-After",
                        "10")
                : Answer.OK);
        transport(venue, pool().build(), Duration.ofMinutes(10)).send(QUESTION);
        assertThat(Duration.between(venue.calls().get(0), venue.calls().get(1)))
                .isBetween(Duration.ofSeconds(300), Duration.ofSeconds(304));
    }

    @Test
    void aThrottleWithoutATimeLastsUntilTheServersNextMinute() {
        SimulatedVenue venue = venue((call, now) -> call == 1 ? Answer.of(429, "") : Answer.OK);
        transport(venue, pool().build(), Duration.ofMinutes(10)).send(QUESTION);
        assertThat(venue.calls().get(1))
                .isBetween(Instant.parse("2026-10-01T12:01:00Z"), Instant.parse("2026-10-01T12:01:04Z"));
    }

    @Test
    void bansWithoutATimeDoubleFromTwoMinutes() {
        SimulatedVenue venue = venue((call, now) -> call <= 3 ? Answer.of(418, "<html>teapot</html>") : Answer.OK);
        RateBudget budget = pool().build();
        transport(venue, budget, Duration.ofHours(1)).send(QUESTION);
        List<Instant> calls = venue.calls();
        assertThat(Duration.between(calls.get(0), calls.get(1)).toMinutes()).isEqualTo(2);
        assertThat(Duration.between(calls.get(1), calls.get(2)).toMinutes()).isEqualTo(4);
        assertThat(Duration.between(calls.get(2), calls.get(3)).toMinutes()).isEqualTo(8);
    }

    @Test
    void aBanLongerThanThePatienceIsReportedAtOnceWithItsEnd() {
        SimulatedVenue venue = venue((call, now) -> Answer.of(418, "", "Retry-After", "7200"));
        RateBudget budget = pool().build();
        HttpTransport transport = transport(venue, budget, Duration.ofMinutes(5));
        Instant before = time.instant();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> transport.send(QUESTION))
                    .isInstanceOfSatisfying(
                            Unavailable.class,
                            unavailable -> assertThat(unavailable.retryAfter())
                                    .hasValueSatisfying(end -> assertThat(end)
                                            .isBetween(before.plusSeconds(7200), before.plusSeconds(7202))))
                    .hasMessageContaining("venue has told us to stop asking until");
        }
        assertThat(venue.calls()).hasSize(1);
        assertThat(time.instant()).isEqualTo(before);
        assertThat(budget.remainingStop()).isBetween(Duration.ofSeconds(7199), Duration.ofSeconds(7202));
        assertThat(budget.stoppedUntil()).isPresent();
    }

    @Test
    void eightThreadsMakeNoCallDuringABan() throws Exception {
        Instant banEnd = time.instant().plusSeconds(120);
        SimulatedVenue venue =
                venue((call, now) -> now.isBefore(banEnd) ? Answer.of(418, "", "Retry-After", "120") : Answer.OK);
        RateBudget budget = pool().build();
        assertThatThrownBy(() -> transport(venue, budget, Duration.ofSeconds(1)).send(QUESTION))
                .isInstanceOf(Unavailable.class);
        HttpTransport patient = transport(venue, budget, Duration.ofHours(1));
        inParallel(8, () -> patient.send(QUESTION));
        assertThat(venue.calls()).hasSize(9);
        assertThat(venue.calls().subList(1, 9)).allMatch(call -> !call.isBefore(banEnd));
    }

    @Test
    void aRestartDuringTheBanMakesNoCall(@TempDir Path directory) {
        Instant banEnd = time.instant().plusSeconds(600);
        SimulatedVenue venue = venue((call, now) ->
                now.isBefore(banEnd) ? Answer.of(418, "banned until " + banEnd.toEpochMilli()) : Answer.OK);
        RateBudget first = pool().bans(BanFiles.in(directory)).build();
        assertThatThrownBy(() -> transport(venue, first, MINUTE).send(QUESTION)).isInstanceOf(Unavailable.class);

        time.advance(Duration.ofSeconds(100));
        RateBudget restarted = pool().bans(BanFiles.in(directory)).build();
        assertThat(restarted.stoppedUntil()).isEqualTo(first.stoppedUntil());
        assertThatThrownBy(() -> transport(venue, restarted, MINUTE).send(QUESTION))
                .isInstanceOf(Unavailable.class);
        assertThat(venue.calls()).hasSize(1);

        transport(venue, restarted, Duration.ofHours(1)).send(QUESTION);
        assertThat(venue.calls()).hasSize(2);
        assertThat(venue.calls().get(1)).isAfterOrEqualTo(banEnd);
    }

    @Test
    void twoHundredWaitersDoNotBurstAfterABan() throws Exception {
        Instant banEnd = time.instant().plusSeconds(60);
        SimulatedVenue venue =
                venue((call, now) -> now.isBefore(banEnd) ? Answer.of(418, "", "Retry-After", "60") : Answer.OK);
        RateBudget budget = RateBudget.pool("venue")
                .limit(RateLimit.weight(600, MINUTE))
                .clock(time)
                .random(WITHOUT_JITTER)
                .build();
        assertThatThrownBy(() -> transport(venue, budget, Duration.ofSeconds(1)).send(QUESTION))
                .isInstanceOf(Unavailable.class);
        HttpTransport patient = transport(venue, budget, Duration.ofHours(5));
        inParallel(200, () -> patient.send(QUESTION));
        List<Instant> after = venue.calls().subList(1, venue.calls().size());
        assertThat(after).hasSize(200).allMatch(call -> !call.isBefore(banEnd));
        // limit/60 × 2 = 20 of weight, ten requests of weight 2. Counted from the release, which a thread that the
        // system
        // holds up between its permission and its call cannot move.
        assertThat(after.stream()
                        .filter(call -> call.isBefore(banEnd.plusSeconds(1)))
                        .count())
                .isLessThanOrEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void aRequestIsSentAsOftenAsItIsToldToBeAndStopsAreNotCounted(int attempts) {
        SimulatedVenue venue = venue((call, now) ->
                call == 1 ? Answer.of(429, "", "Retry-After", "33") : Answer.of(503, "", "Retry-After", "2"));
        HttpTransport transport = HttpTransport.builder()
                .client(venue.client())
                .clock(time)
                .sleeper(time)
                .random(new Random(7))
                .attempts(attempts)
                .build()
                .drawingOn(pool().build());

        assertThatThrownBy(() -> transport.send(QUESTION)).isInstanceOf(Unavailable.class);

        assertThat(venue.calls()).hasSize(1 + attempts);
    }

    @Test
    void aTotalOutageIsRetriedFourTimesAtMostAndByATenthOverall() {
        SimulatedVenue venue = venue((call, now) -> Answer.of(503, ""));
        HttpTransport transport = transport(venue, pool().build(), Duration.ofMinutes(15));
        assertThatThrownBy(() -> transport.send(QUESTION))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("answered 503")
                .hasMessageContaining("attempt 4");
        assertThat(venue.calls()).hasSize(4);

        Instant end = time.instant().plus(Duration.ofHours(1));
        int firsts = 1;
        while (time.instant().isBefore(end)) {
            firsts++;
            assertThatThrownBy(() -> transport.send(QUESTION)).isInstanceOf(Unavailable.class);
            time.advance(Duration.ofMillis(200));
        }
        int retries = venue.calls().size() - firsts;
        assertThat(retries).isLessThanOrEqualTo(Math.max(firsts / 10, 10 * 61));
        assertThat(retries).isPositive();
    }

    @Test
    void aFirewallSilencesThePoolForMinutes() {
        SimulatedVenue venue = venue((call, now) -> call == 1 ? Answer.of(403, "<html>denied</html>") : Answer.OK);
        HttpTransport transport = transport(venue, pool().build(), Duration.ofMinutes(15));
        assertThatThrownBy(() -> transport.send(QUESTION)).isInstanceOf(Forbidden.class);
        transport.send(QUESTION);
        assertThat(Duration.between(venue.calls().get(0), venue.calls().get(1)))
                .isGreaterThanOrEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void anAcceptedForbiddenSilencesNobody() {
        SimulatedVenue venue = venue((call, now) -> Answer.of(403, ""));
        RateBudget budget = pool().build();
        HttpRequest question = HttpRequest.get("http://venue.test/data/x.zip")
                .accepting(403, 404)
                .build();
        assertThat(transport(venue, budget, MINUTE).send(question).status()).isEqualTo(403);
        assertThat(budget.stoppedUntil()).isEmpty();
    }

    @Test
    void clientsThatNameTheSamePoolShareItsBan() {
        String name = "shared-" + System.nanoTime();
        RateBudget one = RateBudget.pool(name).clock(time).random(new Random(1)).shared();
        RateBudget other = RateBudget.pool(name).shared();
        assertThat(other).isSameAs(one);
        SimulatedVenue venue = venue((call, now) -> Answer.of(418, "", "Retry-After", "600"));
        assertThatThrownBy(() -> transport(venue, one, MINUTE).send(QUESTION)).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> transport(venue, other, MINUTE).send(QUESTION)).isInstanceOf(Unavailable.class);
        assertThat(venue.calls()).hasSize(1);
    }

    @Test
    void aBanningServerCostsAtMostOnePercentMoreCallsThanNeeded() throws Exception {
        AtomicReference<Instant> banEnd = new AtomicReference<>(Instant.MIN);
        int questions = 2000;
        SimulatedVenue venue = venue((call, now) -> {
            if (call == 400 || call == 1100) {
                banEnd.set(now.plusSeconds(150));
            }
            return now.isBefore(banEnd.get())
                    ? Answer.of(418, "IP banned until " + banEnd.get().toEpochMilli())
                    : Answer.OK;
        });
        HttpTransport transport = transport(venue, pool().build(), Duration.ofDays(1));
        ExecutorService workers = Executors.newFixedThreadPool(4);
        try {
            List<Future<HttpResponse>> answers = new ArrayList<>();
            for (int i = 0; i < questions; i++) {
                answers.add(workers.submit(() -> transport.send(QUESTION)));
            }
            for (Future<HttpResponse> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(200);
            }
        } finally {
            workers.shutdownNow();
        }
        assertThat(venue.calls().size()).isBetween(questions + 2, questions + questions / 100);
    }

    @Test
    void aVenuesOwnCodeCanMakeA400ATransientOne() {
        SimulatedVenue venue =
                venue((call, now) -> call == 1 ? Answer.of(400, "{\"code\":-1001,\"msg\":\"x\"}") : Answer.OK);
        HttpTransport transport = transport(venue, pool().build(), MINUTE)
                .judging((status, headers, body) ->
                        body.contains("\"code\":-1001") ? Outcome.TRANSIENT : Outcome.of(status));
        assertThat(transport.send(QUESTION).status()).isEqualTo(200);
        assertThat(venue.calls()).hasSize(2);
    }

    @Test
    void aJudgeThatThrowsDoesNotBlockThePool() {
        SimulatedVenue venue = venue((call, now) -> call == 1 ? Answer.of(400, "not json") : Answer.OK);
        RateBudget budget = pool().build();
        HttpTransport transport = transport(venue, budget, MINUTE).judging((status, headers, body) -> {
            throw new IllegalStateException("bug in a judge");
        });
        assertThatThrownBy(() -> transport.send(QUESTION)).isInstanceOf(IllegalStateException.class);
        assertThat(transport.send(QUESTION).status()).isEqualTo(200);
    }

    @Test
    void anInterruptEndsTheWaitForABan() throws Exception {
        SimulatedVenue venue = venue((call, now) -> Answer.of(418, "", "Retry-After", "600"));
        HttpTransport transport = HttpTransport.builder()
                .client(venue.client())
                .build()
                .drawingOn(RateBudget.pool("real time").build());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread waiting = new Thread(() -> {
            try {
                transport.send(QUESTION);
            } catch (Cancelled cancelled) {
                thrown.set(cancelled);
                if (Thread.currentThread().isInterrupted()) {
                    interrupted.countDown();
                }
            }
        });
        waiting.start();
        Thread.sleep(300);
        waiting.interrupt();
        assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(thrown.get()).hasMessageContaining("interrupted").hasMessageContaining("venue.test");
        assertThat(venue.calls()).hasSize(1);
    }

    private static void inParallel(int threads, Runnable work) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(workers.submit(work));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            workers.shutdownNow();
        }
    }
}
