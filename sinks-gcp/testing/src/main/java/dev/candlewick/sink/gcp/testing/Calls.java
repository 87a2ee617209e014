package dev.candlewick.sink.gcp.testing;

import com.google.cloud.bigquery.storage.v1.StorageError;
import com.google.protobuf.Any;
import dev.candlewick.sink.gcp.testing.StreamFaults.CallFault;
import dev.candlewick.sink.gcp.testing.WriteStreams.Refusal;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** Answers calls that have one answer, with the faults that are armed for them. */
final class Calls {

    private Calls() {}

    /** What a call does. */
    interface Doing<T> {
        T run() throws Refusal;
    }

    static <T> void answer(StreamFaults faults, String method, StreamObserver<T> to, Doing<T> doing) {
        Optional<CallFault> fault = faults.nextCall(method);
        if (fault.isPresent() && fault.get() != CallFault.UNAVAILABLE_AFTER) {
            status(fault.get()).ifPresent(status -> to.onError(status.asRuntimeException()));
            return;
        }
        try {
            T result = doing.run();
            if (fault.isPresent()) {
                to.onError(
                        Status.UNAVAILABLE.withDescription("Connection reset.").asRuntimeException());
                return;
            }
            to.onNext(result);
            to.onCompleted();
        } catch (Refusal refusal) {
            to.onError(StatusProto.toStatusRuntimeException(status(refusal)));
        } catch (IllegalArgumentException invalid) {
            to.onError(Status.INVALID_ARGUMENT
                    .withDescription(invalid.getMessage())
                    .asRuntimeException());
        }
    }

    private static Optional<Status> status(CallFault fault) {
        return switch (fault) {
            case UNAVAILABLE, UNAVAILABLE_AFTER ->
                Optional.of(Status.UNAVAILABLE.withDescription("The service is currently unavailable."));
            case RESOURCE_EXHAUSTED ->
                Optional.of(Status.RESOURCE_EXHAUSTED.withDescription(
                        "Exceeds 'CreateWriteStream requests' quota, metric"));
            case PERMISSION_DENIED ->
                Optional.of(Status.PERMISSION_DENIED.withDescription(
                        "Permission 'TABLES_UPDATE_DATA' denied on resource (or it may not exist)."));
            case SILENCE -> Optional.empty();
        };
    }

    /** The refusal as gRPC tells it, with the detail that names the reason. */
    static com.google.rpc.Status status(Refusal refusal) {
        return com.google.rpc.Status.newBuilder()
                .setCode(refusal.status.getCode().value())
                .setMessage(String.valueOf(refusal.status.getDescription()))
                .addDetails(Any.pack(error(refusal)))
                .build();
    }

    static StorageError error(Refusal refusal) {
        return StorageError.newBuilder()
                .setCode(refusal.code)
                .setEntity(refusal.entity)
                .setErrorMessage(String.valueOf(refusal.getMessage()))
                .build();
    }
}
