package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobException;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatistics;
import com.google.cloud.bigquery.JobStatus;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableResult;
import dev.candlewick.Cancelled;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.bigquery.Failures.JobFailed;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The requests that the store makes: each bounded in time, given up at once by a thread that is interrupted, and repeated
 * a few times where it may well succeed in a moment. Everything asked here may be asked twice: jobs have ids of ours.
 * Thread-safe.
 */
final class Warehouse implements AutoCloseable {

    private static final int ATTEMPTS = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration CANCELLING = Duration.ofSeconds(2);
    // With a last question after it, less than the five seconds that an interrupted thread may take.
    private static final Duration SETTLING = Duration.ofMillis(2_500);

    /** How long anything may take that is not needed. */
    static final Duration CLEANING = CANCELLING;

    private final Client client;
    private final DatasetId dataset;
    private final Timeouts timeouts;
    private final OptionalLong maximumBytesBilled;
    private final Sleeper sleeper;
    private final RandomGenerator random;
    private final boolean mayMakeDataset;
    private final Failures failures;
    private final ExecutorService calls;
    private volatile Optional<String> location;

    Warehouse(Client client, DatasetId dataset, BigQueryStore.Builder settings) {
        this.client = client;
        this.dataset = dataset;
        this.timeouts = settings.timeouts;
        this.maximumBytesBilled = settings.maximumBytesBilled;
        this.sleeper = settings.sleeper;
        this.random = settings.random;
        this.location = settings.location;
        this.mayMakeDataset = settings.creation == Creation.DATASET_AND_TABLES;
        this.failures = new Failures(dataset, settings.location);
        // Threads that wait for an answer which nobody waits for any more end with the response timeout.
        this.calls =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 2, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, "candlewick-bigquery-call");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Something to ask of the client. */
    interface Question<T> {
        T ask(BigQuery client) throws Exception;
    }

    /** Whether it failed because nothing was ever written here. A dataset that is not there is more likely a wrong name. */
    boolean isNothingThere(Throwable failure) {
        return Failures.isTableMissing(failure)
                || (mayMakeDataset
                        && Failures.isNotFound(failure)
                        && Failures.message(failure).contains("Not found: Dataset"));
    }

    Duration requestLimit() {
        return timeouts.request();
    }

    DatasetId dataset() {
        return dataset;
    }

    Failures failures() {
        return failures;
    }

    TableId table(String name) {
        return TableId.of(dataset.getProject(), dataset.getDataset(), name);
    }

    /** Where jobs run; as it was set, or as the dataset said. */
    void locatedAt(@Nullable String place) {
        if (location.isEmpty()) {
            location = Optional.ofNullable(place);
        }
    }

    Optional<String> locationIfKnown() {
        return location;
    }

    JobId jobId(String id) {
        JobId.Builder job = JobId.newBuilder().setProject(dataset.getProject()).setJob(id);
        location.ifPresent(job::setLocation);
        return job.build();
    }

    /** Asks, as often as makes sense; what fails then is what the client threw. */
    <T> T ask(String doing, Question<T> question) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(doing, timeouts.request(), question);
            } catch (BigQueryException | JobException failed) {
                if (!Failures.isTransient(failed) || attempt == ATTEMPTS) {
                    throw failed;
                }
                pause(doing, attempt);
            }
        }
    }

    /** As {@link #ask}; what fails is told in the words of this library. */
    <T> T get(String doing, Question<T> question) {
        try {
            return ask(doing, question);
        } catch (BigQueryException | JobException | JobFailed failed) {
            throw failures.of(doing, failed);
        }
    }

    /** Asks once. No answer in time is an exception with the code 0, as the client has it for broken connections. */
    <T> T once(String doing, Duration limit, Question<T> question) {
        Callable<T> work = () -> question.ask(client.get());
        Future<T> answer = calls.submit(work);
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw failures.cancelled(doing, stopped);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new BigQueryException(0, "no answer within " + limit, late);
        } catch (ExecutionException failed) {
            throw rethrown(doing, failed.getCause());
        }
    }

    private RuntimeException rethrown(String doing, @Nullable Throwable cause) {
        if (cause instanceof IOException broken) {
            throw new BigQueryException(0, String.valueOf(broken.getMessage()), broken);
        } else if (cause instanceof BigQueryException answer) {
            // The client makes one of its own of whatever it meets; a broken connection may lie deep below.
            boolean broken = answer.getError() == null && answer.getCode() <= 0;
            throw broken ? new BigQueryException(0, Failures.message(answer), answer) : answer;
        } else if (cause instanceof RuntimeException unexpected) {
            throw unexpected;
        } else if (cause instanceof Error error) {
            throw error;
        }
        throw failures.of(doing, new IOException(String.valueOf(cause), cause));
    }

    /** Waits before another attempt, longer each time and never as long as anybody else. */
    void pause(String doing, int attempt) {
        long most = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempt, 10));
        sleep(doing, Duration.ofMillis(most / 2 + random.nextLong(most / 2 + 1)));
    }

    private void sleep(String doing, Duration pause) {
        try {
            sleeper.sleep(pause);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw failures.cancelled(doing, stopped);
        }
    }

    /** Runs a query and gives its first page; what fails is what the client threw. */
    TableResult query(String doing, Statement statement, int pageRows) {
        QueryJobConfiguration job =
                bounded(statement).setMaxResults((long) pageRows).build();
        return ask(doing, each -> each.query(job));
    }

    /** The bytes that a query would scan; costs nothing. */
    long dryRun(String doing, Statement statement) {
        QueryJobConfiguration job =
                statement.job().setDryRun(true).setUseQueryCache(false).build();
        Job planned = get(doing, each -> each.create(JobInfo.of(job)));
        JobStatistics.QueryStatistics statistics = planned.getStatistics();
        return Optional.ofNullable(statistics.getTotalBytesProcessed()).orElse(0L);
    }

    private QueryJobConfiguration.Builder bounded(Statement statement) {
        QueryJobConfiguration.Builder job = statement.job().setLabels(Map.of("client", "candlewick"));
        maximumBytesBilled.ifPresent(job::setMaximumBytesBilled);
        return job;
    }

    /**
     * Runs a script that changes something.
     *
     * @param id unique to this script: sent as often as needed, it runs once
     * @throws JobFailed when it ended with an error, so that nothing of it happened
     * @throws BigQueryException when it was never accepted
     * @throws Unconfirmed when nobody can be asked what became of it
     * @throws Cancelled when this thread was interrupted and the script did nothing
     */
    void run(String doing, Statement script, String id) {
        QueryJobConfiguration work =
                bounded(script).setJobTimeoutMs(timeouts.job().toMillis()).build();
        JobId job = jobId(id);
        BigQueryException lost = null;
        boolean answered = true;
        requireNotInterrupted(doing);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Optional<Job> begun = Optional.empty();
            boolean accepted = false;
            try {
                begun = Optional.ofNullable(
                        once(doing, timeouts.request(), each -> each.create(JobInfo.of(job, work))));
                accepted = true;
            } catch (Cancelled interrupted) {
                if (settledAfterInterrupt(doing, job, true)) {
                    return;
                }
                throw interrupted;
            } catch (BigQueryException failed) {
                accepted = Failures.isDuplicate(failed);
                if (!accepted && !Failures.isTransient(failed)) {
                    throw failed;
                }
                lost = failed;
                answered &= !Failures.isUnanswered(failed);
            }
            if (accepted) {
                waitFor(doing, job, begun, true);
                return;
            }
            try {
                pause(doing, attempt);
            } catch (Cancelled interrupted) {
                if (settledAfterInterrupt(doing, job, !answered)) {
                    return;
                }
                throw interrupted;
            }
        }
        // It may have been accepted by the last request, or by an earlier one that is still held up somewhere.
        if (!isSettled(doing, job, lost)) {
            throw answered && lost != null ? lost : unconfirmed(doing, lost);
        }
    }

    private void requireNotInterrupted(String doing) {
        if (Thread.currentThread().isInterrupted()) {
            throw failures.cancelled(doing, null);
        }
    }

    private boolean isSettled(String doing, JobId job, @Nullable Throwable lost) {
        Optional<Job> found;
        try {
            found = find(doing, job);
        } catch (BigQueryException | Cancelled unreachable) {
            throw unconfirmed(doing, lost);
        }
        found.ifPresent(there -> waitFor(doing, job, Optional.of(there), true));
        return found.isPresent();
    }

    /** The job, if it was accepted. */
    Optional<Job> find(String doing, JobId job) {
        try {
            return ask(doing, each -> Optional.ofNullable(each.getJob(job)));
        } catch (BigQueryException failed) {
            if (Failures.isNotFound(failed)) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    /**
     * Waits until a job is done.
     *
     * @param first how it was when somebody last looked
     * @param changes whether it is unknown what it did when nobody can be asked any more
     * @throws JobFailed when it ended with an error
     * @throws Unconfirmed when it changes something, and nobody can be asked what became of it
     */
    void waitFor(String doing, JobId job, Optional<Job> first, boolean changes) {
        long begun = System.nanoTime();
        Optional<Job> now = first;
        for (int look = 1; ; look++) {
            if (now.isPresent() && isDone(now.get())) {
                BigQueryError error = status(now.get()).getError();
                if (error != null) {
                    throw new JobFailed(error);
                }
                return;
            }
            if (isOver(begun, timeouts.job())) {
                throw overdue(doing, job, changes);
            }
            try {
                if (look > 1 || now.isPresent()) {
                    pause(doing, look);
                }
                now = find(doing, job);
            } catch (BigQueryException unreachable) {
                throw changes ? unconfirmed(doing, unreachable) : unreachable;
            } catch (Cancelled interrupted) {
                // It was accepted, so that it must be found.
                if (changes && settledAfterInterrupt(doing, job, true)) {
                    return;
                }
                throw interrupted;
            }
            if (now.isEmpty()) {
                BigQueryException unknown = new BigQueryException(0, "the job " + job.getJob() + " is not known");
                throw changes ? unconfirmed(doing, unknown) : unknown;
            }
        }
    }

    private static boolean isOver(long begun, Duration limit) {
        return System.nanoTime() - begun > limit.toNanos();
    }

    private static JobStatus status(Job job) {
        return job.getStatus();
    }

    private static boolean isDone(Job job) {
        JobStatus status = job.getStatus();
        return status != null && JobStatus.State.DONE.equals(status.getState());
    }

    private RuntimeException overdue(String doing, JobId job, boolean changes) {
        cancelQuietly(doing, job);
        String what = "the job " + job.getJob() + " was not done within " + timeouts.job();
        return changes ? unconfirmed(doing, new BigQueryException(0, what)) : new BigQueryException(0, what);
    }

    /**
     * Cancels a job whose caller was interrupted, and looks what it came to; true when it had committed already.
     *
     * @param mayBegin whether a job that is not there may be on its way still, so that nothing follows from that
     * @throws Unconfirmed when what it came to cannot be found out quickly; the thread stays interrupted
     */
    private boolean settledAfterInterrupt(String doing, JobId job, boolean mayBegin) {
        // The calls wait for an answer, which an interrupted thread cannot.
        boolean interrupted = Thread.interrupted();
        try {
            long begun = System.nanoTime();
            boolean cancelled = false;
            do {
                Optional<Job> now = found(doing, job);
                if (now.isEmpty() && !mayBegin) {
                    return false;
                } else if (now.isPresent() && isDone(now.get())) {
                    return status(now.get()).getError() == null;
                } else if (now.isPresent() && !cancelled) {
                    cancelQuietly(doing, job);
                    cancelled = true;
                }
                sleeper.sleep(FIRST_PAUSE);
            } while (!isOver(begun, SETTLING));
            throw unconfirmed(doing, null);
        } catch (BigQueryException unreachable) {
            throw unconfirmed(doing, unreachable);
        } catch (InterruptedException | Cancelled again) {
            interrupted = true;
            throw unconfirmed(doing, again);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Optional<Job> found(String doing, JobId job) {
        try {
            return once(doing, CANCELLING, each -> Optional.ofNullable(each.getJob(job)));
        } catch (BigQueryException failed) {
            if (Failures.isNotFound(failed)) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    private void cancelQuietly(String doing, JobId job) {
        try {
            once(doing, CANCELLING, each -> each.cancel(job));
        } catch (BigQueryException | Cancelled unreachable) {
            // It ends by itself with its timeout, and is asked for afterwards.
        }
    }

    private Unconfirmed unconfirmed(String doing, @Nullable Throwable lost) {
        return new Unconfirmed(
                Failures.cut(doing) + " at bigquery:" + dataset.getProject() + "." + dataset.getDataset()
                        + " was sent, but what became of it cannot be asked now"
                        + (lost == null ? "" : " (" + Failures.message(lost) + ")")
                        + ". Run the same again: what is there is found and nothing doubles",
                lost);
    }

    /** Ends the waiting threads; the client is the caller's business. */
    @Override
    public void close() {
        calls.shutdownNow();
    }
}
