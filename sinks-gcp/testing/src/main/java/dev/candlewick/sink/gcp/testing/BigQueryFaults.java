package dev.candlewick.sink.gcp.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a {@link LocalBigQuery} does wrong on purpose, in sentences such as
 *
 * <pre>{@code
 * server.faults().next(2).requests(BigQueryCall.JOB_GET).answer(503);
 * server.faults().next().requests(BigQueryCall.JOB_INSERT).loseAnswer();
 * server.faults().next().jobs(BigQueryJobKind.LOAD).stayRunning(Duration.ofSeconds(3));
 * }</pre>
 *
 * A rule holds for so many requests or jobs as it says, then it is gone. The oldest rule that matches is used. Safe for
 * use by several threads.
 */
public final class BigQueryFaults {
    private final List<Rule> rules = new ArrayList<>();
    private final List<JobRule> jobRules = new ArrayList<>();

    BigQueryFaults() {}

    /** Begins a rule for the next request or job that it matches. */
    public Next next() {
        return next(1);
    }

    /** Begins a rule for as many requests or jobs that it matches. */
    public Next next(int times) {
        if (times < 1) {
            throw new IllegalArgumentException("A rule holds at least once, not " + times + " times");
        }
        return new Next(times);
    }

    /** Forgets every rule that is left. */
    public synchronized void clear() {
        rules.clear();
        jobRules.clear();
    }

    /** How many requests and jobs the rules that are left still wait for. */
    public synchronized int waiting() {
        return rules.stream().mapToInt(rule -> rule.left).sum()
                + jobRules.stream().mapToInt(rule -> rule.left).sum();
    }

    /** A rule that says how often it holds. */
    public final class Next {
        private final int times;

        private Next(int times) {
            this.times = times;
        }

        /** Chooses requests that ask for one of these. */
        public Requests requests(BigQueryCall first, BigQueryCall... further) {
            Set<BigQueryCall> calls = java.util.EnumSet.of(first, further);
            return requests(request -> calls.contains(request.call()));
        }

        /** Chooses requests. */
        public Requests requests(Predicate<BigQueryRequest> matching) {
            return new Requests(times, matching);
        }

        /** Chooses jobs of one of these kinds. */
        public Jobs jobs(BigQueryJobKind first, BigQueryJobKind... further) {
            return new Jobs(times, java.util.EnumSet.of(first, further));
        }
    }

    /** A rule that says which requests it holds for. */
    public final class Requests {
        private final int times;
        private final Predicate<BigQueryRequest> matching;

        private Requests(int times, Predicate<BigQueryRequest> matching) {
            this.times = times;
            this.matching = matching;
        }

        /** Refuses them with this HTTP status; nothing is done. */
        public void answer(int status) {
            answer(
                    status,
                    status == 429 ? "rateLimitExceeded" : status >= 500 ? "backendError" : "invalid",
                    "Error encountered. Try again later.");
        }

        /** Refuses them with this HTTP status, reason and message; nothing is done. */
        public void answer(int status, String reason, String message) {
            add(new Effect.Refuse(new BigQueryError(status, reason, message)));
        }

        /** Does what they ask for and then drops the connection without an answer. */
        public void loseAnswer() {
            add(new Effect.CutAnswer(-1));
        }

        /** Does what they ask for and drops the connection after so many bytes of the answer's body. */
        public void cutAnswerAfter(long bytes) {
            add(new Effect.CutAnswer(bytes));
        }

        /** Drops the connection after so many bytes of the request's body; nothing is done. */
        public void cutRequestAfter(long bytes) {
            add(new Effect.CutRequest(bytes));
        }

        /** Does what they ask for and answers so much later. */
        public void delay(Duration later) {
            add(new Effect.Delay(later));
        }

        private void add(Effect effect) {
            synchronized (BigQueryFaults.this) {
                rules.add(new Rule(times, matching, effect));
            }
        }
    }

    /** A rule that says which jobs it holds for. */
    public final class Jobs {
        private final int times;
        private final Set<BigQueryJobKind> kinds;

        private Jobs(int times, Set<BigQueryJobKind> kinds) {
            this.times = times;
            this.kinds = kinds;
        }

        /** Leaves them running for so long, and then does what they are to do. */
        public void stayRunning(Duration time) {
            add(new JobEffect(time, Duration.ZERO, Optional.empty()));
        }

        /** Does what they are to do, and says for so long that they are still running. */
        public void finishLate(Duration time) {
            add(new JobEffect(Duration.ZERO, time, Optional.empty()));
        }

        /** Fails them with this reason and message; nothing is done. */
        public void fail(String reason, String message) {
            add(new JobEffect(Duration.ZERO, Duration.ZERO, Optional.of(BigQueryError.of(reason, message))));
        }

        private void add(JobEffect effect) {
            synchronized (BigQueryFaults.this) {
                jobRules.add(new JobRule(times, kinds, effect));
            }
        }
    }

    /** What is done to a request. */
    sealed interface Effect {
        /** Refuses it. */
        record Refuse(BigQueryError error) implements Effect {}

        /** Cuts its answer; -1 says that not even a status is sent. */
        record CutAnswer(long bytes) implements Effect {}

        /** Cuts it before it is read. */
        record CutRequest(long bytes) implements Effect {}

        /** Answers later. */
        record Delay(Duration later) implements Effect {}
    }

    /**
     * What is done to a job.
     *
     * @param before how long it waits before it does anything
     * @param after how long it waits before it says that it is done
     * @param failure how it fails
     */
    record JobEffect(Duration before, Duration after, Optional<BigQueryError> failure) {
        static final JobEffect NONE = new JobEffect(Duration.ZERO, Duration.ZERO, Optional.empty());
    }

    private static final class Rule {
        private int left;
        private final Predicate<BigQueryRequest> matching;
        private final Effect effect;

        private Rule(int left, Predicate<BigQueryRequest> matching, Effect effect) {
            this.left = left;
            this.matching = matching;
            this.effect = effect;
        }
    }

    private static final class JobRule {
        private int left;
        private final Set<BigQueryJobKind> kinds;
        private final JobEffect effect;

        private JobRule(int left, Set<BigQueryJobKind> kinds, JobEffect effect) {
            this.left = left;
            this.kinds = kinds;
            this.effect = effect;
        }
    }

    /** How many bytes of this request are read before its connection is dropped; it has no body yet. */
    synchronized Optional<Effect.CutRequest> cut(BigQueryRequest head) {
        return use(head, true).map(Effect.CutRequest.class::cast);
    }

    /** What is done to this request. */
    synchronized Optional<Effect> effect(BigQueryRequest request) {
        return use(request, false);
    }

    private Optional<Effect> use(BigQueryRequest request, boolean cuts) {
        for (Iterator<Rule> each = rules.iterator(); each.hasNext(); ) {
            Rule rule = each.next();
            if (rule.effect instanceof Effect.CutRequest == cuts && rule.matching.test(request)) {
                if (--rule.left == 0) {
                    each.remove();
                }
                return Optional.of(rule.effect);
            }
        }
        return Optional.empty();
    }

    /** What is done to a job of this kind. */
    synchronized JobEffect effect(BigQueryJobKind kind) {
        for (Iterator<JobRule> each = jobRules.iterator(); each.hasNext(); ) {
            JobRule rule = each.next();
            if (rule.kinds.contains(kind)) {
                if (--rule.left == 0) {
                    each.remove();
                }
                return rule.effect;
            }
        }
        return JobEffect.NONE;
    }
}
