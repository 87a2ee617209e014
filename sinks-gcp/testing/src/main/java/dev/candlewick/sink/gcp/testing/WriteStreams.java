package dev.candlewick.sink.gcp.testing;

import com.google.cloud.bigquery.storage.v1.StorageError.StorageErrorCode;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.Timestamp;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The write streams and what was appended to each. All calls hold the same lock. */
final class WriteStreams {

    private final StreamTables tables;
    private final Map<String, Stream> streams = new TreeMap<>();
    private int created;

    WriteStreams(StreamTables tables) {
        this.tables = tables;
    }

    /** A write stream; {@code waiting} are rows that nobody can read yet. */
    private static final class Stream {
        final WriteStream description;
        final String table;
        final List<@Nullable Object[]> waiting = new ArrayList<>();
        long end;
        long flushed;
        boolean finalized;
        boolean committed;
        Timestamp committedAt = Timestamp.getDefaultInstance();

        Stream(WriteStream description, String table) {
            this.description = description;
            this.table = table;
        }

        String name() {
            return description.getName();
        }
    }

    /** What the service refuses, with its own words and codes. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        final transient Status status;
        final StorageErrorCode code;
        final String entity;

        Refusal(Status.Code status, StorageErrorCode code, String entity, String message) {
            super(message);
            this.status = status.toStatus().withDescription(message + " Entity: " + entity);
            this.code = code;
            this.entity = entity;
        }
    }

    synchronized WriteStream create(String table, WriteStream.Type type) throws Refusal {
        WriteStream.Builder description = WriteStream.newBuilder()
                .setName(table + "/streams/" + String.format("Cic%04d", ++created))
                .setType(type)
                .setWriteMode(WriteStream.WriteMode.INSERT)
                .setTableSchema(tables.schema(table).orElseThrow(() -> noTable(table)));
        if (type == WriteStream.Type.TYPE_UNSPECIFIED) {
            throw new Refusal(
                    Status.Code.INVALID_ARGUMENT,
                    StorageErrorCode.INVALID_STREAM_TYPE,
                    table,
                    "Stream type is not specified.");
        }
        Stream stream = new Stream(description.build(), table);
        streams.put(stream.name(), stream);
        return stream.description;
    }

    synchronized WriteStream describe(String name) throws Refusal {
        if (isDefault(name)) {
            String table = table(name);
            return WriteStream.newBuilder()
                    .setName(name)
                    .setType(WriteStream.Type.COMMITTED)
                    .setTableSchema(tables.schema(table).orElseThrow(() -> noTable(table)))
                    .build();
        }
        Stream stream = stream(name);
        return stream.committed
                ? stream.description.toBuilder()
                        .setCommitTime(stream.committedAt)
                        .build()
                : stream.description;
    }

    /** Appends at the end or, with an offset, only when that is the end. */
    synchronized long append(String name, Optional<Long> offset, List<@Nullable Object[]> rows) throws Refusal {
        if (isDefault(name)) {
            if (offset.isPresent()) {
                throw new Refusal(
                        Status.Code.INVALID_ARGUMENT,
                        StorageErrorCode.STORAGE_ERROR_CODE_UNSPECIFIED,
                        name,
                        "Offset is not allowed on the default stream.");
            }
            tables.append(table(name), rows);
            return -1;
        }
        Stream stream = stream(name);
        if (stream.finalized) {
            throw new Refusal(
                    Status.Code.FAILED_PRECONDITION,
                    StorageErrorCode.STREAM_FINALIZED,
                    name,
                    "Stream has been finalized and cannot be appended.");
        }
        long at = offset.orElse(stream.end);
        if (at < stream.end) {
            throw new Refusal(
                    Status.Code.ALREADY_EXISTS,
                    StorageErrorCode.OFFSET_ALREADY_EXISTS,
                    name,
                    "The offset is within stream, expected offset " + stream.end + ", received " + at);
        } else if (at > stream.end) {
            throw new Refusal(
                    Status.Code.OUT_OF_RANGE,
                    StorageErrorCode.OFFSET_OUT_OF_RANGE,
                    name,
                    "The offset is beyond stream, expected offset " + stream.end + ", received " + at);
        }
        if (stream.description.getType() == WriteStream.Type.COMMITTED) {
            tables.append(stream.table, rows);
        } else {
            stream.waiting.addAll(rows);
        }
        stream.end += rows.size();
        return at;
    }

    synchronized long flush(String name, long offset) throws Refusal {
        Stream stream = stream(name);
        if (stream.description.getType() != WriteStream.Type.BUFFERED) {
            throw new Refusal(
                    Status.Code.INVALID_ARGUMENT,
                    StorageErrorCode.INVALID_STREAM_TYPE,
                    name,
                    "Only a BUFFERED stream can be flushed.");
        }
        if (offset >= stream.end) {
            throw new Refusal(
                    Status.Code.OUT_OF_RANGE,
                    StorageErrorCode.OFFSET_OUT_OF_RANGE,
                    name,
                    "The offset is beyond stream, expected offset " + stream.end + ", received " + offset);
        }
        if (offset >= stream.flushed) {
            int rows = Math.toIntExact(offset + 1 - stream.flushed);
            tables.append(stream.table, List.copyOf(stream.waiting.subList(0, rows)));
            stream.waiting.subList(0, rows).clear();
            stream.flushed = offset + 1;
        }
        return stream.flushed - 1;
    }

    synchronized long finish(String name) throws Refusal {
        if (isDefault(name)) {
            throw new Refusal(
                    Status.Code.INVALID_ARGUMENT,
                    StorageErrorCode.INVALID_STREAM_TYPE,
                    name,
                    "The default stream cannot be finalized.");
        }
        Stream stream = stream(name);
        stream.finalized = true;
        return stream.end;
    }

    /** Makes the rows of all streams visible at once; errors are per stream, and then nothing is. */
    synchronized List<Refusal> commit(String table, List<String> names, Timestamp at) {
        List<Refusal> refusals = new ArrayList<>();
        List<Stream> chosen = new ArrayList<>();
        for (String name : new LinkedHashSet<>(names)) {
            try {
                Stream stream = stream(name);
                commitable(stream, table);
                chosen.add(stream);
            } catch (Refusal refusal) {
                refusals.add(refusal);
            }
        }
        if (refusals.isEmpty()) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            chosen.forEach(stream -> rows.addAll(stream.waiting));
            tables.append(table, rows);
            for (Stream stream : chosen) {
                stream.waiting.clear();
                stream.committed = true;
                stream.committedAt = at;
            }
        }
        return refusals;
    }

    private static void commitable(Stream stream, String table) throws Refusal {
        if (!stream.table.equals(table) || stream.description.getType() != WriteStream.Type.PENDING) {
            throw new Refusal(
                    Status.Code.INVALID_ARGUMENT,
                    StorageErrorCode.INVALID_STREAM_TYPE,
                    stream.name(),
                    "Only PENDING streams of the parent table can be committed.");
        }
        if (stream.committed) {
            throw new Refusal(
                    Status.Code.INVALID_ARGUMENT,
                    StorageErrorCode.STREAM_ALREADY_COMMITTED,
                    stream.name(),
                    "Stream has already been committed.");
        }
        if (!stream.finalized) {
            throw new Refusal(
                    Status.Code.INVALID_ARGUMENT,
                    StorageErrorCode.INVALID_STREAM_STATE,
                    stream.name(),
                    "Stream must be finalized before it is committed.");
        }
    }

    synchronized void forget(String name) {
        streams.remove(name);
    }

    /** Forgets the last rows of a stream, as no service may; what is in the table stays there. */
    synchronized void moveBack(String name, long rows) throws Refusal {
        Stream stream = stream(name);
        stream.end = Math.max(0, stream.end - rows);
    }

    synchronized List<String> names() {
        return List.copyOf(streams.keySet());
    }

    static String table(String stream) {
        int streams = stream.indexOf("/streams/");
        return streams < 0 ? stream : stream.substring(0, streams);
    }

    private static boolean isDefault(String name) {
        return name.endsWith("/streams/_default") || name.endsWith("/_default");
    }

    private Stream stream(String name) throws Refusal {
        Stream stream = streams.get(name);
        if (stream == null) {
            throw new Refusal(
                    Status.Code.NOT_FOUND, StorageErrorCode.STREAM_NOT_FOUND, name, "Requested entity was not found.");
        }
        return stream;
    }

    private static Refusal noTable(String table) {
        return new Refusal(
                Status.Code.NOT_FOUND, StorageErrorCode.TABLE_NOT_FOUND, table, "Requested entity was not found.");
    }
}
