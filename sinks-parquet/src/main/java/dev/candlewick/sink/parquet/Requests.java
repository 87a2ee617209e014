package dev.candlewick.sink.parquet;

import dev.candlewick.Cancelled;
import dev.candlewick.MarketDataException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Requests to a storage that run beside the caller, so many at a time. None may wait for another. Thread-safe. */
final class Requests implements AutoCloseable {

    private static final long IDLE_SECONDS = 5;

    private final ThreadPoolExecutor threads;

    Requests(String name, int most) {
        this.threads = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "candlewick " + name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Sends a request; cancelling the answer interrupts it. */
    <T> Answer<T> send(Supplier<T> request) {
        FutureTask<T> task = new FutureTask<>(request::get);
        try {
            threads.execute(task);
        } catch (RejectedExecutionException closed) {
            // A cursor may outlive its store.
            task.run();
        }
        return new Answer<>(task);
    }

    /** Sends one request for each and waits for all; the first failure ends the others. */
    <A, T> List<T> forEach(List<A> all, java.util.function.Function<A, T> request) {
        List<Answer<T>> answers = new ArrayList<>();
        for (A each : all) {
            answers.add(send(() -> request.apply(each)));
        }
        try {
            List<T> results = new ArrayList<>();
            for (Answer<T> answer : answers) {
                results.add(answer.await());
            }
            return results;
        } finally {
            answers.forEach(Answer::cancel);
        }
    }

    /** The answer to a request. */
    static final class Answer<T> {

        private final FutureTask<T> task;

        private Answer(FutureTask<T> task) {
            this.task = task;
        }

        /**
         * Waits for it.
         *
         * @throws MarketDataException as the storage threw it
         */
        T await() {
            try {
                return task.get();
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
                throw new Cancelled("Waiting for an object storage was interrupted", asked);
            } catch (CancellationException closed) {
                throw new Cancelled("A request was given up because nobody waits for it any more", closed);
            } catch (ExecutionException failed) {
                Throwable cause = failed.getCause();
                if (cause instanceof RuntimeException unchecked) {
                    throw unchecked;
                } else if (cause instanceof Error error) {
                    throw error;
                }
                throw new IllegalStateException(cause);
            }
        }

        void cancel() {
            task.cancel(true);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
