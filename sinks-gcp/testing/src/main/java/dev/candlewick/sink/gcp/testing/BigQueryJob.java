package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A job, from its insertion on; it stays under its id whether it succeeds or fails. */
final class BigQueryJob {
    private final String key;
    private final BigQueryJobKind kind;
    private final ObjectNode resource;
    private final Clock clock;
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private @Nullable BigQueryError error;
    private @Nullable QueryRows rows;
    private @Nullable Thread worker;

    BigQueryJob(String key, BigQueryJobKind kind, ObjectNode resource, Clock clock) {
        this.key = key;
        this.kind = kind;
        this.resource = resource;
        this.clock = clock;
    }

    String key() {
        return key;
    }

    BigQueryJobKind kind() {
        return kind;
    }

    /** A copy of the job as the REST API shows it now. */
    synchronized ObjectNode resource() {
        return resource.deepCopy();
    }

    synchronized long creationMillis() {
        return resource.path("statistics").path("creationTime").asLong();
    }

    synchronized String state() {
        return resource.path("status").path("state").asText();
    }

    synchronized void begin(Thread thread) {
        worker = thread;
        resource.withObject("/statistics").put("startTime", String.valueOf(clock.millis()));
        resource.withObject("/status").put("state", "RUNNING");
    }

    /** Writes down how it ended; {@code done} follows when those who wait shall hear of it. */
    synchronized ObjectNode end(ObjectNode statistics, Optional<QueryRows> result, Optional<BigQueryError> failure) {
        worker = null;
        ObjectNode all = resource.withObject("/statistics");
        all.setAll(statistics);
        all.put("endTime", String.valueOf(clock.millis()));
        rows = result.orElse(null);
        failure.ifPresent(why -> {
            error = why;
            resource.withObject("/status").set("errorResult", why.proto());
            resource.withObject("/status").withArray("errors").add(why.proto());
        });
        ObjectNode ended = resource.deepCopy();
        ended.withObject("/status").put("state", "DONE");
        return ended;
    }

    void done() {
        synchronized (this) {
            resource.withObject("/status").put("state", "DONE");
        }
        done.complete(true);
    }

    /** Whether it ends within this time. */
    boolean await(Duration time) {
        try {
            return done.get(Math.max(0, time.toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    synchronized void cancel() {
        if (worker != null) {
            worker.interrupt();
        }
    }

    synchronized Optional<BigQueryError> error() {
        return Optional.ofNullable(error);
    }

    synchronized Optional<QueryRows> rows() {
        return Optional.ofNullable(rows);
    }
}
