package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Every job that was ever inserted, and the threads that run them. */
final class BigQueryJobs implements AutoCloseable {
    /** The dataset in which the results of queries are listed; the service hides its own in the same way. */
    static final String RESULTS = "_results";

    private final Warehouse warehouse;
    private final BigQueryQuotas quotas;
    private final BigQueryFaults faults;
    private final Map<String, BigQueryJob> jobs = new ConcurrentHashMap<>();
    private final Map<BigQueryJobKind, Integer> counts = new EnumMap<>(BigQueryJobKind.class);
    private final ExecutorService workers = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "local-bigquery-job");
        thread.setDaemon(true);
        return thread;
    });

    BigQueryJobs(Warehouse warehouse, BigQueryQuotas quotas, BigQueryFaults faults) {
        this.warehouse = warehouse;
        this.quotas = quotas;
        this.faults = faults;
        warehouse.resources("job").forEach((key, resource) -> {
            BigQueryJob job = new BigQueryJob(key, kind(resource.path("configuration")), resource, warehouse.clock());
            boolean ended = resource.path("status").path("state").asText().equals("DONE");
            JsonNode failure = resource.path("status").path("errorResult");
            Optional<BigQueryError> error = ended
                    ? Optional.of(failure)
                            .filter(JsonNode::isObject)
                            .map(proto -> BigQueryError.of(
                                    proto.path("reason").asText(),
                                    proto.path("message").asText()))
                    : Optional.of(BigQueryError.of("jobInternalError", "The server ended while the job was running"));
            if (ended) {
                resource.withObject("/status").remove(List.of("errorResult", "errors"));
            }
            job.end(JsonNodeFactory.instance.objectNode(), Optional.empty(), error);
            job.done();
            jobs.put(key, job);
        });
    }

    private static BigQueryJobKind kind(JsonNode configuration) {
        if (configuration.has("load")) {
            return BigQueryJobKind.LOAD;
        }
        return configuration.path("script").asBoolean(false) ? BigQueryJobKind.SCRIPT : BigQueryJobKind.QUERY;
    }

    synchronized int count(BigQueryJobKind kind) {
        return counts.getOrDefault(kind, 0);
    }

    BigQueryJob get(String project, String id) {
        BigQueryJob job = jobs.get(project + ":" + id);
        if (job == null) {
            throw BigQueryError.notFound("Job " + project + ":" + id);
        }
        return job;
    }

    /** The jobs of a project, the newest first. */
    List<BigQueryJob> list(String project) {
        List<BigQueryJob> found = new ArrayList<>();
        jobs.forEach((key, job) -> {
            if (key.startsWith(project + ":")) {
                found.add(job);
            }
        });
        found.sort(
                Comparator.comparingLong(BigQueryJob::creationMillis).reversed().thenComparing(BigQueryJob::key));
        return found;
    }

    /** Inserts a job and begins it; an id that is there already is refused, and its job stays as it is. */
    BigQueryJob insert(String project, ObjectNode body, Optional<Path> upload) {
        ObjectNode configuration = body.withObject("/configuration");
        ObjectNode resource = JsonNodeFactory.instance.objectNode();
        JsonNode reference = body.path("jobReference");
        String id = reference.path("jobId").asText("");
        if (id.isEmpty()) {
            id = "job_" + UUID.randomUUID().toString().replace("-", "");
        }
        if (!id.matches("[A-Za-z0-9_-]{1,1024}")) {
            throw BigQueryError.invalid("Invalid job ID \"" + id + "\"");
        }
        String location = reference.path("location").asText("US");
        String key = project + ":" + id;
        List<SqlStatement> statements = List.of();
        Optional<BigQueryError> unreadable = Optional.empty();
        BigQueryJobKind kind;
        if (configuration.has("load")) {
            kind = BigQueryJobKind.LOAD;
            configuration.put("jobType", "LOAD");
        } else if (configuration.has("query")) {
            checkQuery(configuration.path("query"));
            configuration.put("jobType", "QUERY");
            try {
                statements = parse(configuration.path("query"));
            } catch (BigQueryError e) {
                unreadable = Optional.of(e);
            }
            kind = !statements.isEmpty() && QueryRun.isScript(statements)
                    ? BigQueryJobKind.SCRIPT
                    : BigQueryJobKind.QUERY;
        } else {
            throw BigQueryError.notOffered("A job of another kind than load and query");
        }
        resource.put("kind", "bigquery#job").put("id", project + ":" + location + "." + id);
        resource.putObject("jobReference")
                .put("projectId", project)
                .put("jobId", id)
                .put("location", location);
        resource.put("user_email", "local@candlewick.invalid");
        resource.set("configuration", configuration.deepCopy());
        if (statements.size() == 1 && statements.get(0) instanceof SqlStatement.Select) {
            // The result of one query is a table of its own; that of a script is not.
            new TableName(project, RESULTS, id).into(resource.withObject("/configuration/query/destinationTable"));
        }
        resource.putObject("statistics")
                .put("creationTime", String.valueOf(warehouse.clock().millis()));
        resource.putObject("status").put("state", "PENDING");
        BigQueryJob job = new BigQueryJob(key, kind, resource, warehouse.clock());
        if (jobs.putIfAbsent(key, job) != null) {
            throw BigQueryError.duplicate("Job " + project + ":" + location + "." + id);
        }
        synchronized (this) {
            counts.merge(kind, 1, Integer::sum);
        }
        warehouse.keep("job", key, job.resource());
        List<SqlStatement> parsed = statements;
        Optional<BigQueryError> refused = unreadable;
        workers.execute(() -> {
            if (kind == BigQueryJobKind.LOAD) {
                work(job, () -> load(configuration.path("load"), project, upload));
            } else {
                work(job, () -> query(job, configuration.path("query"), project, parsed, refused));
            }
        });
        return job;
    }

    /** What a job leaves behind. */
    private record Result(ObjectNode statistics, Optional<QueryRows> rows) {}

    /** What a job does. */
    private interface Work {
        Result run();
    }

    private void work(BigQueryJob job, Work work) {
        job.begin(Thread.currentThread());
        BigQueryFaults.JobEffect fault = faults.effect(job.kind());
        ObjectNode ended;
        try {
            pause(fault.before());
            if (fault.failure().isPresent()) {
                throw fault.failure().get();
            }
            Result result = work.run();
            ended = job.end(result.statistics(), result.rows(), Optional.empty());
        } catch (BigQueryError e) {
            ended = job.end(JsonNodeFactory.instance.objectNode(), Optional.empty(), Optional.of(e));
        } catch (RuntimeException e) {
            BigQueryError internal = BigQueryError.of("jobInternalError", "The local BigQuery is at fault: " + e);
            ended = job.end(JsonNodeFactory.instance.objectNode(), Optional.empty(), Optional.of(internal));
        }
        // From here on a request to cancel comes too late.
        boolean interrupted = Thread.interrupted();
        warehouse.keep("job", job.key(), ended);
        if (!interrupted) {
            pause(fault.after());
        }
        job.done();
    }

    private static void pause(Duration time) {
        if (time.isZero()) {
            return;
        }
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw BigQueryError.of("stopped", "Job execution was cancelled: User requested cancellation");
        }
    }

    private Result load(JsonNode load, String project, Optional<Path> upload) {
        try {
            LoadRun run = new LoadRun(
                    warehouse,
                    quotas,
                    load,
                    project,
                    upload.orElseThrow(() -> BigQueryError.notOffered("A load from Cloud Storage")));
            ObjectNode statistics = JsonNodeFactory.instance.objectNode();
            statistics.set("load", run.run());
            statistics.put("totalBytesProcessed", "0");
            return new Result(statistics, Optional.empty());
        } finally {
            upload.ifPresent(BigQueryJobs::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkQuery(JsonNode query) {
        if (query.path("useLegacySql").asBoolean(true)) {
            throw BigQueryError.notOffered("Legacy SQL");
        }
        if (query.has("destinationTable") || query.path("createSession").asBoolean(false)) {
            throw BigQueryError.notOffered("A query with a destination table or a session");
        }
    }

    private static List<SqlStatement> parse(JsonNode query) {
        return SqlScriptParser.parse(
                query.path("query").asText(),
                SqlValues.parameters(
                        query.path("queryParameters"),
                        query.path("parameterMode").asText("NAMED")));
    }

    private QueryRun.Request request(JsonNode query, String project) {
        JsonNode dataset = query.path("defaultDataset");
        return new QueryRun.Request(
                dataset.path("projectId").asText(project),
                dataset.path("datasetId").asText(""),
                query.path("maximumBytesBilled").asLong(-1));
    }

    private Result query(
            BigQueryJob job,
            JsonNode query,
            String project,
            List<SqlStatement> parsed,
            Optional<BigQueryError> refused) {
        if (refused.isPresent()) {
            throw refused.get();
        }
        try (QueryRun run = new QueryRun(warehouse, request(query, project))) {
            run.run(parsed);
            ObjectNode statistics = statistics(run);
            if (job.kind() == BigQueryJobKind.SCRIPT) {
                statistics.put("numChildJobs", String.valueOf(run.statements()));
            }
            return new Result(statistics, Optional.of(run.takeRows()));
        }
    }

    private static ObjectNode statistics(QueryRun run) {
        ObjectNode statistics = JsonNodeFactory.instance.objectNode();
        String bytes = String.valueOf(run.bytesProcessed());
        statistics.put("totalBytesProcessed", bytes);
        ObjectNode query = statistics.putObject("query");
        query.put("totalBytesProcessed", bytes);
        query.put("totalBytesBilled", String.valueOf(run.bytesBilled()));
        query.put("statementType", run.statementType());
        query.put("cacheHit", false);
        if (run.affectedRows() >= 0) {
            query.put("numDmlAffectedRows", String.valueOf(run.affectedRows()));
        }
        if (!run.rows().columns().isEmpty()) {
            schema(run.rows(), query.putObject("schema"));
        }
        return statistics;
    }

    static void schema(QueryRows rows, ObjectNode schema) {
        rows.columns().forEach(column -> column.into(schema.withArray("fields")));
    }

    /** The job that a dry run answers with, which is no job that anybody can ask for. */
    ObjectNode dryRun(String project, ObjectNode body) {
        JsonNode query = body.path("configuration").path("query");
        checkQuery(query);
        ObjectNode resource = JsonNodeFactory.instance.objectNode();
        try (QueryRun run = new QueryRun(warehouse, request(query, project))) {
            run.dryRun(parse(query));
            resource.put("kind", "bigquery#job");
            resource.putObject("jobReference").put("projectId", project).put("location", "US");
            resource.set("configuration", body.path("configuration"));
            ObjectNode statistics = statistics(run);
            statistics.put("creationTime", String.valueOf(warehouse.clock().millis()));
            resource.set("statistics", statistics);
            resource.putObject("status").put("state", "DONE");
        }
        return resource;
    }

    @Override
    public void close() {
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("A job of the local BigQuery does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        jobs.values().forEach(job -> job.rows().ifPresent(QueryRows::close));
    }
}
