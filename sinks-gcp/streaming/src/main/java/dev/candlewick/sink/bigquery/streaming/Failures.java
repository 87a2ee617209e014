package dev.candlewick.sink.bigquery.streaming;

import com.google.api.gax.rpc.ApiException;
import com.google.cloud.bigquery.storage.v1.StorageError;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import dev.candlewick.Cancelled;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import io.grpc.Status.Code;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the service answered, in this library's words: who can do something about it, and what. */
final class Failures {

    // The end of a stream is told in the message only.
    private static final Pattern EXPECTED = Pattern.compile("expected offset ([0-9]+)");
    private static final int MOST_CHARACTERS = 600;

    private Failures() {}

    /** Nobody answered in time. */
    static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1L;

        NoAnswer(String message) {
            super(message);
        }
    }

    /** An error that a response named instead of the connection's end. */
    static final class InResponse extends Exception {
        private static final long serialVersionUID = 1L;
        final transient Status status;

        InResponse(Status status) {
            super(status.getMessage());
            this.status = status;
        }
    }

    static Code code(Throwable failure) {
        if (failure instanceof NoAnswer) {
            return Code.DEADLINE_EXCEEDED;
        } else if (failure instanceof InResponse answered) {
            return io.grpc.Status.fromCodeValue(answered.status.getCode()).getCode();
        } else if (failure instanceof ApiException api) {
            return Code.valueOf(api.getStatusCode().getCode().name());
        }
        return io.grpc.Status.fromThrowable(failure).getCode();
    }

    /** Whether the same request may succeed a little later. */
    static boolean isTransient(Throwable failure) {
        return switch (code(failure)) {
            case UNAVAILABLE, ABORTED, INTERNAL, CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNKNOWN -> true;
            default -> false;
        };
    }

    /** Whether a request with this end may have been carried out, or still may be. */
    static boolean mayHaveHappened(Throwable failure) {
        return switch (code(failure)) {
            case UNAVAILABLE, ABORTED, INTERNAL, CANCELLED, DEADLINE_EXCEEDED, UNKNOWN -> true;
            default -> false;
        };
    }

    /** The service's own name for what is wrong, where it gave one. */
    static StorageError.StorageErrorCode reason(Throwable failure) {
        return status(failure)
                .flatMap(Failures::detail)
                .map(StorageError::getCode)
                .orElseGet(() -> guessed(failure));
    }

    // Without the detail the code alone still says as much.
    private static StorageError.StorageErrorCode guessed(Throwable failure) {
        return switch (code(failure)) {
            case ALREADY_EXISTS -> StorageError.StorageErrorCode.OFFSET_ALREADY_EXISTS;
            case OUT_OF_RANGE -> StorageError.StorageErrorCode.OFFSET_OUT_OF_RANGE;
            default -> StorageError.StorageErrorCode.STORAGE_ERROR_CODE_UNSPECIFIED;
        };
    }

    /** The end of the stream, where the service told it. */
    static OptionalLong expectedOffset(Throwable failure) {
        Matcher matcher = EXPECTED.matcher(String.valueOf(failure.getMessage()));
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    /** The exception for something that was tried so often. */
    static MarketDataException of(String doing, Throwable failure, int tries) {
        String said = doing + " failed" + (tries > 1 ? " after " + tries + " tries" : "") + ": " + said(failure);
        return switch (code(failure)) {
            case PERMISSION_DENIED ->
                new Refused(
                        said
                                + ". Grant roles/bigquery.dataEditor on the dataset, and roles/bigquery.readSessionUser for"
                                + " reading",
                        failure);
            case UNAUTHENTICATED -> new Refused(said + ". Check the credentials", failure);
            case NOT_FOUND -> new Refused(said + ". Check project, dataset and table", failure);
            case UNIMPLEMENTED, INVALID_ARGUMENT, FAILED_PRECONDITION, ALREADY_EXISTS, OUT_OF_RANGE ->
                new Refused(said, failure);
            case RESOURCE_EXHAUSTED ->
                new Unavailable(
                        said
                                + ". A quota of BigQuery is used up; quotas of the Storage API renew within minutes. Run again,"
                                + " with fewer at once, or ask for more",
                        failure);
            default -> new Unavailable(said + ". Run again", failure);
        };
    }

    static Cancelled interrupted(String doing, InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        return new Cancelled(doing + " was interrupted", interrupt);
    }

    private static Optional<Status> status(Throwable failure) {
        return failure instanceof InResponse answered
                ? Optional.of(answered.status)
                : Optional.ofNullable(StatusProto.fromThrowable(failure));
    }

    private static Optional<StorageError> detail(Status status) {
        for (Any detail : status.getDetailsList()) {
            if (detail.is(StorageError.class)) {
                try {
                    return Optional.of(detail.unpack(StorageError.class));
                } catch (InvalidProtocolBufferException damaged) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    static String said(Throwable failure) {
        String message = Optional.ofNullable(failure.getMessage())
                .orElse(failure.getClass().getSimpleName())
                .replaceAll("\\s+", " ")
                .strip();
        String cut = message.length() <= MOST_CHARACTERS ? message : message.substring(0, MOST_CHARACTERS) + "…";
        return cut.contains(code(failure).name()) ? cut : code(failure) + ": " + cut;
    }
}
