package dev.candlewick.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The server's own count never exceeds its limit (R2), whatever its clock shows and however slow the way is. The server
 * is simulated event by event: a request is counted when it arrives, in the minute of the server's clock.
 */
class BudgetProperties {

    private static final long SECOND = 1_000_000;
    private static final long MINUTE = 60 * SECOND;
    private static final String USED = "X-MBX-USED-WEIGHT-1M";

    @Property(tries = 1000)
    void theServerNeverCountsMoreThanItsLimit(
            @ForAll long seed,
            @ForAll @IntRange(min = 10, max = 300) int limit,
            @ForAll @IntRange(min = -30_000, max = 30_000) int serverAheadMillis) {
        Simulation simulation = new Simulation(seed, limit, serverAheadMillis * 1000L, 0);
        simulation.run(60 + (int) Math.floorMod(seed, 240));
        assertThat(simulation.highestCount()).isLessThanOrEqualTo(limit);
        assertThat(simulation.sent).isEqualTo(simulation.wanted);
    }

    @Example
    void theBudgetIsUsedUpWhenThereIsEnoughToAsk() {
        Simulation simulation = new Simulation(1, 100, 17 * SECOND, 0);
        simulation.pause = 0;
        simulation.run(2000);
        double minutes = (simulation.now - Simulation.START) / (double) MINUTE;
        // 95 of 100 may be used; edges of a minute that cannot be told exactly cost some.
        assertThat(simulation.weightSent / minutes).isGreaterThan(80);
    }

    @Property(tries = 200)
    void whatOthersUseIsLeftToThem(@ForAll long seed, @ForAll @IntRange(min = 100, max = 300) int limit) {
        // Others take half of every minute. What is under way when we learn of it cannot be called back; nothing
        // follows.
        Simulation simulation = new Simulation(seed, limit, 0, limit / 2);
        simulation.run(400);
        assertThat(simulation.sentAgainstBetterKnowledge).isZero();
    }

    @Example
    void aJumpOfTheServersCountIsAdopted() {
        PoolState pool = pool(100, 0);
        long now = Simulation.START + 10 * SECOND;
        answer(pool, pool.grant(1, "", now), now, 1);
        assertThat(pool.microsToWait(1, "", now)).isZero();
        answer(pool, pool.grant(1, "", now), now, 99);
        assertThat(pool.microsToWait(1, "", now)).isZero();
        assertThat(pool.microsToWait(2, "", now)).isBetween(49 * SECOND, 53 * SECOND);
        // A lower count, from a server that lags, gives nothing back.
        answer(pool, pool.grant(1, "", now), now, 5);
        assertThat(pool.microsToWait(1, "", now)).isPositive();
    }

    @Example
    void aLowerLimitHoldsFromTheNextRequestOn() {
        PoolState pool = pool(100, 0);
        long now = Simulation.START + 10 * SECOND;
        answer(pool, pool.grant(30, "", now), now, 30);
        pool.adjust(RateLimit.weight(40, Duration.ofMinutes(1)));
        assertThat(pool.microsToWait(11, "", now)).isPositive();
        assertThat(pool.microsToWait(10, "", now)).isZero();
        pool.adjust(RateLimit.weight(20, Duration.ofMinutes(1)));
        assertThat(pool.microsToWait(1, "", now)).isPositive();
        pool.adjust(RateLimit.weight(100, Duration.ofMinutes(1)));
        assertThat(pool.limits())
                .singleElement()
                .satisfies(limit -> assertThat(limit.header()).contains(USED));
    }

    @Example
    void aLaneHasLimitsOfItsOwn() {
        PoolState pool = new PoolState(
                List.of(
                        RateLimit.weight(100, Duration.ofMinutes(1)),
                        RateLimit.requests(2, Duration.ofMinutes(5)).inLane("funding")),
                0,
                Duration.ZERO,
                new Random(1));
        long now = Simulation.START;
        pool.grant(0, "funding", now);
        pool.grant(0, "funding", now);
        assertThat(pool.microsToWait(0, "funding", now)).isPositive();
        assertThat(pool.microsToWait(1, "", now)).isZero();
    }

    @Example
    void requestsOnTheEdgeOfTheMinuteAreChargedToBothMinutes() {
        PoolState pool = pool(10, 0);
        long edge = Simulation.START + MINUTE;
        answer(pool, pool.grant(1, "", Simulation.START), Simulation.START, 1);
        Grant slow = pool.grant(9, "", edge - SECOND);
        long later = edge + 3 * SECOND;
        assertThat(pool.microsToWait(2, "", later)).isPositive();
        assertThat(pool.microsToWait(1, "", later)).isZero();
        pool.abandoned(slow, later);
    }

    private static PoolState pool(int limit, int reservePercent) {
        return new PoolState(
                List.of(RateLimit.weight(limit, Duration.ofMinutes(1)).reportedBy(USED)),
                reservePercent,
                Duration.ZERO,
                new Random(1));
    }

    private static void answer(PoolState pool, Grant grant, long now, long used) {
        HttpHeaders headers = HttpHeaders.of(Map.of(
                "Date", List.of(SimulatedVenue.httpDate(Micros.toInstant(now))), USED, List.of(Long.toString(used))));
        pool.observe(grant, headers, now);
        pool.willing(grant);
        pool.answered(grant, headers, now);
    }

    /** Requests that want to leave, travel, are counted, and are answered, in the order of simulated time. */
    private static final class Simulation {

        private static final long START = Micros.of(Instant.parse("2026-10-01T12:00:00Z"));

        private record Event(long at, Runnable what) {}

        private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::at));
        private final Map<Long, Integer> countsByServerMinute = new HashMap<>();
        private final Random random;
        private final PoolState pool;
        private final int limit;
        private final long ahead;
        private final int foreignPerMinute;
        private final List<Integer> waiting = new ArrayList<>();
        private long toldMinute = Long.MIN_VALUE;
        private int toldCount;
        private boolean waking;
        private long now = START;
        private long pause;
        private int wanted;
        private int sent;
        private long weightSent;
        private int sentAgainstBetterKnowledge;

        Simulation(long seed, int limit, long ahead, int foreignPerMinute) {
            this.random = new Random(seed);
            this.limit = limit;
            this.ahead = ahead;
            this.foreignPerMinute = foreignPerMinute;
            this.pool = pool(limit, 0);
            this.pause = random.nextLong(2 * SECOND) + 1;
        }

        void run(int requests) {
            long at = START + random.nextLong(MINUTE);
            now = at;
            for (int i = 0; i < requests; i++) {
                int weight = random.nextInt(5) + 1;
                at += pause == 0 ? 0 : random.nextLong(pause);
                events.add(new Event(at, () -> {
                    waiting.add(weight);
                    leave();
                }));
            }
            wanted = requests;
            while (!events.isEmpty()) {
                Event next = events.remove();
                now = Math.max(now, next.at);
                next.what.run();
            }
        }

        private void leave() {
            while (!waiting.isEmpty()) {
                int weight = waiting.get(0);
                long wait = pool.microsToWait(weight, "", now);
                if (wait > 0) {
                    wakeAfter(Math.min(wait, SECOND));
                    return;
                }
                if (Math.floorDiv(now + ahead, MINUTE) == toldMinute && toldCount + weight > limit) {
                    sentAgainstBetterKnowledge++;
                }
                waiting.remove(0);
                travel(pool.grant(weight, "", now), weight);
            }
        }

        private void wakeAfter(long micros) {
            if (!waking) {
                waking = true;
                events.add(new Event(now + micros, () -> {
                    waking = false;
                    leave();
                }));
            }
        }

        private void travel(Grant grant, int weight) {
            sent++;
            weightSent += weight;
            boolean lost = random.nextInt(50) == 0;
            long there = travelTime();
            long back = travelTime();
            events.add(new Event(now + there, () -> {
                long serverMinute = Math.floorDiv(now + ahead, MINUTE);
                int foreign = countsByServerMinute.containsKey(serverMinute) ? 0 : foreignPerMinute;
                int count = countsByServerMinute.merge(serverMinute, weight + foreign, Integer::sum);
                String date = SimulatedVenue.httpDate(Micros.toInstant(now + ahead));
                events.add(new Event(now + back, () -> {
                    if (lost) {
                        pool.abandoned(grant, now);
                        return;
                    }
                    HttpHeaders headers =
                            HttpHeaders.of(Map.of("Date", List.of(date), USED, List.of(Integer.toString(count))));
                    pool.observe(grant, headers, now);
                    pool.willing(grant);
                    pool.answered(grant, headers, now);
                    boolean surelyOfThisMinute =
                            Math.floorDiv(grant.grantedAt() + ahead - 3 * SECOND, MINUTE) == serverMinute
                                    && Math.floorDiv(now + ahead + 3 * SECOND, MINUTE) == serverMinute;
                    if (surelyOfThisMinute) {
                        toldCount = toldMinute == serverMinute ? Math.max(toldCount, count) : count;
                        toldMinute = serverMinute;
                    }
                }));
            }));
        }

        private long travelTime() {
            return random.nextInt(30) == 0 ? random.nextLong(4 * SECOND) : random.nextLong(SECOND / 5);
        }

        int highestCount() {
            return countsByServerMinute.values().stream()
                    .mapToInt(Integer::intValue)
                    .max()
                    .orElse(0);
        }
    }
}
