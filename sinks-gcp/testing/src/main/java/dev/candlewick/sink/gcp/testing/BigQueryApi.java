package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candlewick.sink.gcp.testing.QueryRows.TimestampForm;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The methods of BigQuery's REST API, over what the warehouse holds and the jobs do. */
final class BigQueryApi {
    /** How long an answer waits for a job that may end at once, so that those who wait need not ask again. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private static final long PAGE_BYTES = 10L << 20;
    private static final long LONGEST_WAIT = 200_000;

    private final Warehouse warehouse;
    private final BigQueryJobs jobs;
    private final Map<String, BigQueryJob> byRequestId = new ConcurrentHashMap<>();

    BigQueryApi(Warehouse warehouse, BigQueryJobs jobs) {
        this.warehouse = warehouse;
        this.jobs = jobs;
    }

    /**
     * A request without its transport.
     *
     * @param call what it asks for
     * @param path the parts of the path behind the version
     * @param query the parameters
     * @param body the body; an empty object when there is none
     */
    record Request(BigQueryCall call, List<String> path, Map<String, String> query, ObjectNode body) {
        String project() {
            return path.get(1);
        }

        String part(int index) {
            return path.get(index);
        }

        Optional<String> parameter(String name) {
            return Optional.ofNullable(query.get(name));
        }

        long number(String name, long otherwise) {
            return parameter(name).map(Long::parseLong).orElse(otherwise);
        }
    }

    /** What a path with this method asks for. */
    static BigQueryCall call(String method, List<String> path) {
        int size = path.size();
        if (size < 3 || !path.get(0).equals("projects")) {
            return BigQueryCall.OTHER;
        }
        boolean change = method.equals("PATCH") || method.equals("PUT");
        switch (path.get(2)) {
            case "queries" -> {
                return size == 3 ? BigQueryCall.QUERY : BigQueryCall.QUERY_RESULTS;
            }
            case "jobs" -> {
                if (size == 3) {
                    return method.equals("POST") ? BigQueryCall.JOB_INSERT : BigQueryCall.JOB_LIST;
                }
                return size == 5 && path.get(4).equals("cancel") ? BigQueryCall.JOB_CANCEL : BigQueryCall.JOB_GET;
            }
            case "datasets" -> {
                if (size == 3) {
                    return method.equals("POST") ? BigQueryCall.DATASET_INSERT : BigQueryCall.DATASET_LIST;
                }
                if (size == 4) {
                    return change
                            ? BigQueryCall.DATASET_PATCH
                            : method.equals("DELETE") ? BigQueryCall.DATASET_DELETE : BigQueryCall.DATASET_GET;
                }
                if (!path.get(4).equals("tables")) {
                    return BigQueryCall.OTHER;
                }
                if (size == 5) {
                    return method.equals("POST") ? BigQueryCall.TABLE_INSERT : BigQueryCall.TABLE_LIST;
                }
                if (size == 6) {
                    return change
                            ? BigQueryCall.TABLE_PATCH
                            : method.equals("DELETE") ? BigQueryCall.TABLE_DELETE : BigQueryCall.TABLE_GET;
                }
                return path.get(6).equals("data") ? BigQueryCall.TABLE_DATA_LIST : BigQueryCall.TABLE_DATA_INSERT_ALL;
            }
            default -> {
                return BigQueryCall.OTHER;
            }
        }
    }

    /** The body of the answer, or a refusal. */
    ObjectNode answer(Request request) {
        return switch (request.call()) {
            case DATASET_GET ->
                warehouse.dataset(request.project(), request.part(3)).deepCopy();
            case DATASET_INSERT -> insertDataset(request);
            case DATASET_LIST -> listDatasets(request);
            case DATASET_PATCH -> patchDataset(request);
            case DATASET_DELETE -> {
                warehouse.deleteDataset(
                        request.project(),
                        request.part(3),
                        request.query().getOrDefault("deleteContents", "false").equals("true"));
                yield object();
            }
            case TABLE_GET -> describe(warehouse.table(table(request)));
            case TABLE_INSERT -> insertTable(request);
            case TABLE_LIST -> listTables(request);
            case TABLE_PATCH -> patchTable(request);
            case TABLE_DELETE -> {
                warehouse.table(table(request));
                warehouse.drop(table(request));
                yield object();
            }
            case TABLE_DATA_LIST -> listData(request);
            case TABLE_DATA_INSERT_ALL -> throw BigQueryError.notOffered("tabledata.insertAll");
            case JOB_INSERT -> insertJob(request);
            case JOB_GET -> jobs.get(request.project(), request.part(3)).resource();
            case JOB_LIST -> listJobs(request);
            case JOB_CANCEL -> cancel(request);
            case QUERY -> query(request);
            case QUERY_RESULTS -> results(request);
            case UPLOAD_START, UPLOAD_CONTENT, OTHER ->
                throw BigQueryError.notOffered("The path /" + String.join("/", request.path()));
        };
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static TableName table(Request request) {
        return new TableName(request.project(), request.part(3), request.part(5));
    }

    private ObjectNode insertDataset(Request request) {
        ObjectNode resource = request.body().deepCopy();
        String id = resource.path("datasetReference").path("datasetId").asText();
        String project = request.project();
        String now = String.valueOf(warehouse.clock().millis());
        resource.put("kind", "bigquery#dataset").put("id", project + ":" + id);
        resource.putObject("datasetReference").put("projectId", project).put("datasetId", id);
        resource.put("creationTime", now).put("lastModifiedTime", now);
        if (!resource.has("location")) {
            resource.put("location", "US");
        }
        resource.put("etag", Integer.toHexString(resource.toString().hashCode()));
        warehouse.insertDataset(project, id, resource);
        return resource.deepCopy();
    }

    private ObjectNode patchDataset(Request request) {
        ObjectNode resource =
                warehouse.dataset(request.project(), request.part(3)).deepCopy();
        merge(resource, request.body());
        resource.put("lastModifiedTime", String.valueOf(warehouse.clock().millis()));
        warehouse.replaceDataset(request.project(), request.part(3), resource);
        return resource.deepCopy();
    }

    /** Puts what a PATCH says into a resource; null takes a field away. */
    private static void merge(ObjectNode resource, ObjectNode patch) {
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                resource.remove(field.getKey());
            } else if (field.getValue() instanceof ObjectNode inner
                    && resource.get(field.getKey()) instanceof ObjectNode before
                    && !field.getKey().equals("schema")) {
                merge(before, inner);
            } else {
                resource.set(field.getKey(), field.getValue().deepCopy());
            }
        });
    }

    private ObjectNode listDatasets(Request request) {
        List<ObjectNode> all = warehouse.datasets(request.project());
        ObjectNode answer = object().put("kind", "bigquery#datasetList");
        page(request, all.size(), answer).forEach(index -> {
            ObjectNode shown = answer.withArray("datasets").addObject().put("kind", "bigquery#dataset");
            for (String field : List.of("id", "datasetReference", "labels", "friendlyName", "location")) {
                if (all.get(index).has(field)) {
                    shown.set(field, all.get(index).get(field));
                }
            }
        });
        return answer;
    }

    /** The numbers of what this page of a list shows; the answer learns where the next one begins. */
    private static List<Integer> page(Request request, int size, ObjectNode answer) {
        int from = Integer.parseInt(request.parameter("pageToken").orElse("0"));
        int to = (int) Math.min(size, from + request.number("maxResults", 1_000));
        if (to < size) {
            answer.put("nextPageToken", String.valueOf(to));
        }
        return java.util.stream.IntStream.range(from, to).boxed().toList();
    }

    private ObjectNode insertTable(Request request) {
        ObjectNode resource = request.body().deepCopy();
        TableName name = new TableName(
                request.project(),
                request.part(3),
                resource.path("tableReference").path("tableId").asText());
        for (String other : List.of("view", "materializedView", "externalDataConfiguration")) {
            if (resource.has(other)) {
                throw BigQueryError.notOffered("A table with " + other);
            }
        }
        ObjectNode dataset = warehouse.dataset(name.project(), name.dataset());
        TableResources.complete(resource, name, warehouse.clock());
        TableResources.inherit(resource, dataset, warehouse.clock());
        TableDefinition table = new TableDefinition(name, resource);
        warehouse.create(table);
        return describe(table);
    }

    private ObjectNode patchTable(Request request) {
        TableDefinition before = warehouse.table(table(request));
        ObjectNode resource = before.resource().deepCopy();
        ObjectNode patch = request.body().deepCopy();
        patch.remove(List.of("numRows", "numBytes", "numLongTermBytes", "type", "etag", "id", "selfLink"));
        JsonNode partitioning = patch.path("timePartitioning");
        if (partitioning.has("field")
                && !partitioning
                        .path("field")
                        .asText()
                        .equals(before.partitionColumn().orElse(""))) {
            throw BigQueryError.invalid("Cannot change partitioning spec of table " + before.name());
        }
        merge(resource, patch);
        resource.put("lastModifiedTime", String.valueOf(warehouse.clock().millis()));
        TableResources.normalize(resource);
        warehouse.redefine(new TableDefinition(before.name(), resource));
        return describe(warehouse.table(before.name()));
    }

    private ObjectNode describe(TableDefinition table) {
        ObjectNode shown = table.resource().deepCopy();
        StringBuilder bytes = new StringBuilder("0");
        table.columns()
                .forEach(column -> bytes.append(" + ").append(column.type().bytesOf(SqlText.name(column.name()))));
        try (Connection connection = warehouse.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT count(*), CAST(" + bytes + " AS BIGINT) FROM "
                        + table.name().duck())) {
            found.next();
            shown.put("numRows", found.getString(1)).put("numBytes", found.getString(2));
            shown.put("numLongTermBytes", "0");
        } catch (SQLException e) {
            // Dropped in this moment by somebody else.
            throw BigQueryError.notFound("Table " + table.name());
        }
        return shown;
    }

    private ObjectNode listTables(Request request) {
        List<TableDefinition> all = warehouse.tables(request.project(), request.part(3));
        ObjectNode answer = object().put("kind", "bigquery#tableList").put("totalItems", all.size());
        page(request, all.size(), answer).forEach(index -> {
            ObjectNode shown = answer.withArray("tables").addObject().put("kind", "bigquery#table");
            for (String field : List.of(
                    "id",
                    "tableReference",
                    "type",
                    "creationTime",
                    "expirationTime",
                    "timePartitioning",
                    "clustering",
                    "labels")) {
                if (all.get(index).resource().has(field)) {
                    shown.set(field, all.get(index).resource().get(field));
                }
            }
        });
        return answer;
    }

    private ObjectNode listData(Request request) {
        if (request.part(3).equals(BigQueryJobs.RESULTS)) {
            QueryRows rows = result(jobs.get(request.project(), request.part(5)));
            ObjectNode answer = object().put("kind", "bigquery#tableDataList");
            answer.put("totalRows", String.valueOf(rows.count()));
            rows(request, rows, answer);
            return answer;
        }
        TableDefinition table = warehouse.table(table(request));
        warehouse.expirePartitions(table);
        try (Connection connection = warehouse.connect();
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("SELECT * FROM " + table.name().duck())) {
            QueryRows rows = QueryRows.of(found);
            try (rows) {
                ObjectNode answer = object().put("kind", "bigquery#tableDataList");
                answer.put("totalRows", String.valueOf(rows.count()));
                rows(request, rows, answer);
                return answer;
            }
        } catch (SQLException e) {
            throw BigQueryError.notFound("Table " + table.name());
        }
    }

    private void rows(Request request, QueryRows rows, ObjectNode answer) {
        int from = (int) Math.min(
                rows.count(),
                request.parameter("pageToken").map(Long::parseLong).orElse(request.number("startIndex", 0)));
        boolean micros = request.query()
                .getOrDefault("formatOptions.useInt64Timestamp", "false")
                .equals("true");
        page(from, request.number("maxResults", Long.MAX_VALUE), micros, rows, answer);
    }

    private static void page(int from, long most, boolean micros, QueryRows rows, ObjectNode answer) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        int next =
                rows.page(from, most, PAGE_BYTES, micros ? TimestampForm.MICROSECONDS : TimestampForm.SECONDS, array);
        if (!array.isEmpty()) {
            answer.set("rows", array);
        }
        if (next < rows.count()) {
            answer.put("pageToken", String.valueOf(next));
        }
    }

    private ObjectNode insertJob(Request request) {
        if (request.body().path("configuration").path("dryRun").asBoolean(false)) {
            return jobs.dryRun(request.project(), request.body());
        }
        BigQueryJob job = jobs.insert(request.project(), request.body(), Optional.empty());
        job.await(AT_ONCE);
        return job.resource();
    }

    private ObjectNode listJobs(Request request) {
        if (request.parameter("parentJobId").isPresent()) {
            throw BigQueryError.notOffered("A list of the child jobs of a script");
        }
        List<ObjectNode> all = jobs.list(request.project()).stream()
                .map(BigQueryJob::resource)
                .filter(job -> request.parameter("stateFilter")
                        .map(state -> job.path("status").path("state").asText().equalsIgnoreCase(state))
                        .orElse(true))
                .filter(job -> {
                    long created = job.path("statistics").path("creationTime").asLong();
                    return created >= request.number("minCreationTime", 0)
                            && created <= request.number("maxCreationTime", Long.MAX_VALUE);
                })
                .toList();
        ObjectNode answer = object().put("kind", "bigquery#jobList");
        page(request, all.size(), answer)
                .forEach(index -> answer.withArray("jobs")
                        .add(all.get(index)
                                .put(
                                        "state",
                                        all.get(index)
                                                .path("status")
                                                .path("state")
                                                .asText())));
        return answer;
    }

    private ObjectNode cancel(Request request) {
        BigQueryJob job = jobs.get(request.project(), request.part(3));
        job.cancel();
        ObjectNode answer = object().put("kind", "bigquery#jobCancelResponse");
        answer.set("job", job.resource());
        return answer;
    }

    private ObjectNode query(Request request) {
        ObjectNode body = request.body();
        ObjectNode query = object();
        for (String field : List.of(
                "query",
                "useLegacySql",
                "defaultDataset",
                "queryParameters",
                "parameterMode",
                "maximumBytesBilled",
                "createSession")) {
            if (body.has(field)) {
                query.set(field, body.get(field));
            }
        }
        ObjectNode job = object();
        job.putObject("configuration").set("query", query);
        if (body.has("labels")) {
            job.withObject("/configuration").set("labels", body.get("labels"));
        }
        job.putObject("jobReference").put("location", body.path("location").asText("US"));
        if (body.path("dryRun").asBoolean(false)) {
            ObjectNode dry = jobs.dryRun(request.project(), job);
            ObjectNode answer = object().put("kind", "bigquery#queryResponse").put("jobComplete", true);
            answer.set("schema", dry.path("statistics").path("query").path("schema"));
            answer.put(
                    "totalBytesProcessed",
                    dry.path("statistics").path("totalBytesProcessed").asText());
            answer.set("jobReference", dry.path("jobReference"));
            return answer;
        }
        String requestId = body.path("requestId").asText("");
        BigQueryJob running = requestId.isEmpty()
                ? jobs.insert(request.project(), job, Optional.empty())
                : byRequestId.computeIfAbsent(requestId, id -> jobs.insert(request.project(), job, Optional.empty()));
        running.await(
                Duration.ofMillis(Math.min(LONGEST_WAIT, body.path("timeoutMs").asLong(10_000))));
        ObjectNode answer = object().put("kind", "bigquery#queryResponse");
        boolean micros = body.path("formatOptions").path("useInt64Timestamp").asBoolean(false);
        return result(
                running, answer, rows -> page(0, body.path("maxResults").asLong(Long.MAX_VALUE), micros, rows, answer));
    }

    private ObjectNode results(Request request) {
        BigQueryJob job = jobs.get(request.project(), request.part(3));
        job.await(Duration.ofMillis(Math.min(LONGEST_WAIT, request.number("timeoutMs", 10_000))));
        ObjectNode answer = object().put("kind", "bigquery#getQueryResultsResponse");
        return result(job, answer, rows -> rows(request, rows, answer));
    }

    private static QueryRows result(BigQueryJob job) {
        return job.rows()
                .orElseThrow(() -> BigQueryError.notFound(
                        "Result of the job " + job.key() + " (results do not outlive the local BigQuery's process)"));
    }

    /** Puts a page of a result into its answer. */
    private interface Page {
        void of(QueryRows rows);
    }

    private static ObjectNode result(BigQueryJob job, ObjectNode answer, Page page) {
        ObjectNode resource = job.resource();
        answer.set("jobReference", resource.path("jobReference"));
        if (!job.state().equals("DONE")) {
            return answer.put("jobComplete", false);
        }
        job.error().ifPresent(error -> {
            throw error;
        });
        JsonNode statistics = resource.path("statistics");
        answer.put("jobComplete", true).put("cacheHit", false);
        answer.put("totalBytesProcessed", statistics.path("totalBytesProcessed").asText("0"));
        answer.put("creationTime", statistics.path("creationTime").asText());
        answer.put("startTime", statistics.path("startTime").asText());
        answer.put("endTime", statistics.path("endTime").asText());
        if (statistics.path("query").has("numDmlAffectedRows")) {
            answer.set("numDmlAffectedRows", statistics.path("query").get("numDmlAffectedRows"));
        }
        QueryRows rows = result(job);
        if (!rows.columns().isEmpty()) {
            BigQueryJobs.schema(rows, answer.putObject("schema"));
        }
        answer.put("totalRows", String.valueOf(rows.count()));
        page.of(rows);
        return answer;
    }
}
