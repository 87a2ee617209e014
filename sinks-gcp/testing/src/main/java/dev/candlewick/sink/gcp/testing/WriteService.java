package dev.candlewick.sink.gcp.testing;

import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BatchCommitWriteStreamsRequest;
import com.google.cloud.bigquery.storage.v1.BatchCommitWriteStreamsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteGrpc;
import com.google.cloud.bigquery.storage.v1.CreateWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.FinalizeWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.FinalizeWriteStreamResponse;
import com.google.cloud.bigquery.storage.v1.FlushRowsRequest;
import com.google.cloud.bigquery.storage.v1.FlushRowsResponse;
import com.google.cloud.bigquery.storage.v1.GetWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.RowError;
import com.google.cloud.bigquery.storage.v1.StorageError.StorageErrorCode;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.cloud.bigquery.storage.v1.WriteStreamView;
import com.google.protobuf.ByteString;
import com.google.protobuf.Int64Value;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.candlewick.sink.gcp.testing.StreamFaults.AppendFault;
import dev.candlewick.sink.gcp.testing.WriteStreams.Refusal;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code BigQueryWrite} over {@link WriteStreams}. */
final class WriteService extends BigQueryWriteGrpc.BigQueryWriteImplBase {

    private static final int MOST_REQUEST_BYTES = 10_000_000;

    private final WriteStreams streams;
    private final StreamTables tables;
    private final StreamFaults faults;
    private final Clock clock;
    private final List<Runnable> held = new ArrayList<>();

    WriteService(StreamTables tables, StreamFaults faults, Clock clock) {
        this.tables = tables;
        this.streams = new WriteStreams(tables);
        this.faults = faults;
        this.clock = clock;
        faults.onRelease(this::release);
    }

    WriteStreams streams() {
        return streams;
    }

    @Override
    public void createWriteStream(CreateWriteStreamRequest request, StreamObserver<WriteStream> answer) {
        Calls.answer(
                faults,
                "CreateWriteStream",
                answer,
                () -> streams.create(
                        request.getParent(), request.getWriteStream().getType()));
    }

    @Override
    public void getWriteStream(GetWriteStreamRequest request, StreamObserver<WriteStream> answer) {
        Calls.answer(faults, "GetWriteStream", answer, () -> {
            WriteStream described = streams.describe(request.getName());
            return request.getView() == WriteStreamView.FULL
                    ? described
                    : described.toBuilder().clearTableSchema().build();
        });
    }

    @Override
    public void flushRows(FlushRowsRequest request, StreamObserver<FlushRowsResponse> answer) {
        Calls.answer(
                faults,
                "FlushRows",
                answer,
                () -> FlushRowsResponse.newBuilder()
                        .setOffset(streams.flush(
                                request.getWriteStream(), request.getOffset().getValue()))
                        .build());
    }

    @Override
    public void finalizeWriteStream(
            FinalizeWriteStreamRequest request, StreamObserver<FinalizeWriteStreamResponse> answer) {
        Calls.answer(
                faults,
                "FinalizeWriteStream",
                answer,
                () -> FinalizeWriteStreamResponse.newBuilder()
                        .setRowCount(streams.finish(request.getName()))
                        .build());
    }

    @Override
    public void batchCommitWriteStreams(
            BatchCommitWriteStreamsRequest request, StreamObserver<BatchCommitWriteStreamsResponse> answer) {
        Calls.answer(faults, "BatchCommitWriteStreams", answer, () -> {
            Timestamp now = Timestamps.fromMillis(clock.millis());
            List<Refusal> refusals = streams.commit(request.getParent(), request.getWriteStreamsList(), now);
            BatchCommitWriteStreamsResponse.Builder response = BatchCommitWriteStreamsResponse.newBuilder();
            refusals.forEach(refusal -> response.addStreamErrors(Calls.error(refusal)));
            if (refusals.isEmpty()) {
                response.setCommitTime(now);
            }
            return response.build();
        });
    }

    @Override
    public StreamObserver<AppendRowsRequest> appendRows(StreamObserver<AppendRowsResponse> answers) {
        return new Appending(answers);
    }

    /** One connection of one writer. */
    private final class Appending implements StreamObserver<AppendRowsRequest> {

        private final StreamObserver<AppendRowsResponse> answers;
        private String name = "";
        private @Nullable RowDecoder decoder;
        private boolean ended;

        Appending(StreamObserver<AppendRowsResponse> answers) {
            this.answers = answers;
        }

        @Override
        public void onNext(AppendRowsRequest request) {
            synchronized (WriteService.this) {
                if (!ended) {
                    take(request, faults.nextAppend());
                }
            }
        }

        private void take(AppendRowsRequest request, Optional<AppendFault> fault) {
            try {
                if (request.getSerializedSize() > MOST_REQUEST_BYTES) {
                    throw invalid("MessageSize is too large. Max allow: " + MOST_REQUEST_BYTES + " Actual: "
                            + request.getSerializedSize());
                }
                begin(request);
                if (fault.isPresent() && isSpoilt(request, fault.get())) {
                    return;
                }
                append(request);
            } catch (Refusal refusal) {
                refuse(refusal);
            } catch (IllegalArgumentException malformed) {
                refuse(invalid(String.valueOf(malformed.getMessage())));
            }
        }

        private void begin(AppendRowsRequest request) throws Refusal {
            if (name.isEmpty() && request.getWriteStream().isEmpty()) {
                throw invalid("The first request of a connection must name its stream.");
            }
            if (!request.getWriteStream().isEmpty()) {
                name = request.getWriteStream();
            }
            if (decoder != null) {
                return;
            }
            if (!request.getProtoRows().hasWriterSchema()) {
                throw invalid("The first request of a connection must have a writer schema in proto format.");
            }
            streams.describe(name);
            String table = WriteStreams.table(name);
            try {
                decoder = RowDecoder.of(
                        tables.schema(table).orElseThrow(() -> new IllegalArgumentException("No table " + table)),
                        request.getProtoRows().getWriterSchema().getProtoDescriptor());
            } catch (RowDecoder.ExtraColumn extra) {
                throw new Refusal(
                        Status.Code.INVALID_ARGUMENT,
                        StorageErrorCode.SCHEMA_MISMATCH_EXTRA_FIELDS,
                        table,
                        String.valueOf(extra.getMessage()));
            }
        }

        private boolean isSpoilt(AppendRowsRequest request, AppendFault fault) throws Refusal {
            int rows = request.getProtoRows().getRows().getSerializedRowsCount();
            switch (fault) {
                case UNAVAILABLE -> end(Status.UNAVAILABLE.withDescription("The service is currently unavailable."));
                case ACKNOWLEDGEMENT_LOST, ACKNOWLEDGEMENT_LOST_AND_FINALIZED -> {
                    streams.append(name, offset(request), decoded(request, List.of()));
                    if (fault == AppendFault.ACKNOWLEDGEMENT_LOST_AND_FINALIZED) {
                        streams.finish(name);
                    }
                    end(Status.UNAVAILABLE.withDescription("Connection reset."));
                }
                case STREAM_FINALIZED -> {
                    streams.finish(name);
                    return false;
                }
                case STREAM_NOT_FOUND -> {
                    streams.forget(name);
                    return false;
                }
                case ROW_ERRORS -> answer(rowErrors(new TreeSet<>(Set.of(0L, (long) rows - 1)), "Bad row"));
                case RESOURCE_EXHAUSTED ->
                    answer(error(
                            Status.Code.RESOURCE_EXHAUSTED,
                            "Exceeds 'AppendRows throughput' quota, user_id: (project), status: INSUFFICIENT_TOKENS"));
                case INTERNAL -> answer(error(Status.Code.INTERNAL, "Internal error encountered."));
                case END_MOVED_BACK -> {
                    streams.moveBack(name, rows);
                    return false;
                }
                case SILENCE -> {}
            }
            return true;
        }

        private void append(AppendRowsRequest request) throws Refusal {
            List<RowError> errors = new ArrayList<>();
            List<@Nullable Object[]> rows = decoded(request, errors);
            if (!errors.isEmpty()) {
                answer(AppendRowsResponse.newBuilder()
                        .setError(com.google.rpc.Status.newBuilder()
                                .setCode(Status.Code.INVALID_ARGUMENT.value())
                                .setMessage("Errors found while processing rows. Please refer to the row_errors field"
                                        + " for details. The list may not be complete because of the size limitations. Entity: "
                                        + name))
                        .addAllRowErrors(errors)
                        .setWriteStream(name)
                        .build());
                return;
            }
            long at = streams.append(name, offset(request), rows);
            AppendRowsResponse.AppendResult.Builder result = AppendRowsResponse.AppendResult.newBuilder();
            if (at >= 0) {
                result.setOffset(Int64Value.of(at));
            }
            answer(AppendRowsResponse.newBuilder()
                    .setAppendResult(result)
                    .setWriteStream(name)
                    .build());
        }

        private List<@Nullable Object[]> decoded(AppendRowsRequest request, List<RowError> errors) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            List<ByteString> written = request.getProtoRows().getRows().getSerializedRowsList();
            for (int i = 0; i < written.size(); i++) {
                try {
                    rows.add(java.util.Objects.requireNonNull(decoder).decode(written.get(i)));
                } catch (RowDecoder.BadRow | RuntimeException bad) {
                    errors.add(rowError(i, String.valueOf(bad.getMessage())));
                }
            }
            return rows;
        }

        private void refuse(Refusal refusal) {
            // Offsets are told within the connection; what makes every further append futile ends it.
            if (refusal.code == StorageErrorCode.OFFSET_ALREADY_EXISTS
                    || refusal.code == StorageErrorCode.OFFSET_OUT_OF_RANGE) {
                answer(AppendRowsResponse.newBuilder()
                        .setError(Calls.status(refusal))
                        .setWriteStream(name)
                        .build());
            } else {
                ended = true;
                after(() -> answers.onError(StatusProto.toStatusRuntimeException(Calls.status(refusal))));
            }
        }

        private void end(Status status) {
            ended = true;
            after(() -> answers.onError(status.asRuntimeException()));
        }

        private void answer(AppendRowsResponse response) {
            after(() -> answers.onNext(response));
        }

        private void after(Runnable saying) {
            if (faults.isHolding() || !held.isEmpty()) {
                held.add(saying);
            } else {
                saying.run();
            }
        }

        @Override
        public void onError(Throwable gone) {
            synchronized (WriteService.this) {
                ended = true;
            }
        }

        @Override
        public void onCompleted() {
            synchronized (WriteService.this) {
                if (!ended) {
                    ended = true;
                    after(answers::onCompleted);
                }
            }
        }
    }

    private synchronized void release() {
        List<Runnable> all = List.copyOf(held);
        held.clear();
        for (Runnable saying : all) {
            try {
                saying.run();
            } catch (IllegalStateException | io.grpc.StatusRuntimeException gone) {
                // The connection that it belongs to has ended meanwhile.
            }
        }
    }

    private static Optional<Long> offset(AppendRowsRequest request) {
        return request.hasOffset() ? Optional.of(request.getOffset().getValue()) : Optional.empty();
    }

    private static Refusal invalid(String message) {
        return new Refusal(Status.Code.INVALID_ARGUMENT, StorageErrorCode.STORAGE_ERROR_CODE_UNSPECIFIED, "", message);
    }

    private static AppendRowsResponse error(Status.Code code, String message) {
        return AppendRowsResponse.newBuilder()
                .setError(
                        com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage(message))
                .build();
    }

    private static AppendRowsResponse rowErrors(Set<Long> rows, String why) {
        AppendRowsResponse.Builder response = AppendRowsResponse.newBuilder()
                .setError(com.google.rpc.Status.newBuilder()
                        .setCode(Status.Code.INVALID_ARGUMENT.value())
                        .setMessage("Errors found while processing rows."));
        rows.forEach(row -> response.addRowErrors(rowError(row, why)));
        return response.build();
    }

    private static RowError rowError(long row, String why) {
        return RowError.newBuilder()
                .setIndex(row)
                .setCode(RowError.RowErrorCode.FIELDS_ERROR)
                .setMessage(why)
                .build();
    }
}
