package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.JobException;
import dev.candlewick.Cancelled;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What went wrong, in this library's words: who can do something about it, and what. Immutable. */
final class Failures {

    private static final int MOST_CHARACTERS = 600;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Pattern REASON = Pattern.compile("\"reason\"\\s*:\\s*\"(\\w+)\"");
    private static final Set<String> RATES = Set.of("rateLimitExceeded", "jobRateLimitExceeded");
    private static final Set<String> QUOTAS = Set.of("quotaExceeded", "rateLimitExceeded", "jobRateLimitExceeded");
    private static final Set<String> BUSY = Set.of(
            "backendError",
            "internalError",
            "jobBackendError",
            "jobInternalError",
            "tableUnavailable",
            "timeout",
            "resourceInUse");
    private static final String ROLES =
            "roles/bigquery.dataEditor on the dataset and roles/bigquery.jobUser on the project";

    private final DatasetId place;
    private final Optional<String> location;

    Failures(DatasetId place, Optional<String> location) {
        this.place = place;
        this.location = location;
    }

    /** A job that ended with an error. */
    static final class JobFailed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient BigQueryError error;

        JobFailed(BigQueryError error) {
            super(error.getReason() + ": " + error.getMessage());
            this.error = error;
        }

        BigQueryError error() {
            return error;
        }
    }

    /** The word that the service has for it; empty when it did not answer. */
    static String reason(Throwable failure) {
        return error(failure)
                .map(BigQueryError::getReason)
                .or(() -> http(failure).map(BigQueryException::getReason))
                .or(() -> http(failure).flatMap(Failures::reasonOfUpload))
                .orElse("");
    }

    // The client passes on what an upload was answered as a text.
    private static Optional<String> reasonOfUpload(BigQueryException answer) {
        Matcher reason = REASON.matcher(Optional.ofNullable(answer.getMessage()).orElse(""));
        return answer.getCode() >= HttpURLConnection.HTTP_BAD_REQUEST && reason.find()
                ? Optional.of(reason.group(1))
                : Optional.empty();
    }

    private static Optional<BigQueryError> error(Throwable failure) {
        if (failure instanceof JobFailed job) {
            return Optional.of(job.error());
        } else if (failure instanceof JobException job && job.getErrors() != null) {
            return job.getErrors().stream().findFirst();
        }
        return http(failure).map(BigQueryException::getError);
    }

    private static Optional<BigQueryException> http(Throwable failure) {
        return failure instanceof BigQueryException answer ? Optional.of(answer) : Optional.empty();
    }

    private static int code(Throwable failure) {
        return http(failure).map(BigQueryException::getCode).orElse(0);
    }

    static boolean isNotFound(Throwable failure) {
        return code(failure) == HttpURLConnection.HTTP_NOT_FOUND
                || reason(failure).equals("notFound");
    }

    /** Whether a table is not there, in a dataset that is. */
    static boolean isTableMissing(Throwable failure) {
        return isNotFound(failure) && message(failure).contains("Not found: Table");
    }

    static boolean isDuplicate(Throwable failure) {
        return code(failure) == HttpURLConnection.HTTP_CONFLICT
                || reason(failure).equals("duplicate");
    }

    static boolean isQuota(Throwable failure) {
        return QUOTAS.contains(reason(failure)) || code(failure) == TOO_MANY_REQUESTS;
    }

    /** Whether others changed the same tables meanwhile, so that the transaction was undone. */
    static boolean isConflict(Throwable failure) {
        String message = message(failure).toLowerCase(Locale.ROOT);
        return message.contains("aborted due to concurrent update")
                || message.contains("could not serialize access")
                || message.contains("transaction is aborted");
    }

    /** Whether the same again may well succeed in a moment. */
    static boolean isTransient(Throwable failure) {
        int code = code(failure);
        return isUnanswered(failure)
                || code >= HttpURLConnection.HTTP_INTERNAL_ERROR
                || code == TOO_MANY_REQUESTS
                || RATES.contains(reason(failure))
                || BUSY.contains(reason(failure));
    }

    /** Whether there was no answer at all: whatever was asked may have happened. */
    static boolean isUnanswered(Throwable failure) {
        return failure instanceof IOException
                || (http(failure).isPresent()
                        && code(failure) == 0
                        && reason(failure).isEmpty());
    }

    static String message(Throwable failure) {
        return error(failure)
                .map(BigQueryError::getMessage)
                .orElseGet(() -> Optional.ofNullable(failure.getMessage())
                        .orElse(failure.getClass().getSimpleName()));
    }

    /** A text for a message, without the middle of one that is very long. */
    static String cut(Object text) {
        String whole = text.toString();
        int half = MOST_CHARACTERS / 4;
        return whole.length() <= MOST_CHARACTERS
                ? whole
                : whole.substring(0, half) + "…" + whole.substring(whole.length() - half);
    }

    Cancelled cancelled(String doing, @Nullable Throwable cause) {
        return new Cancelled(at(doing) + " was interrupted; what was stored before stands", cause);
    }

    private String at(String doing) {
        return cut(doing) + " at bigquery:" + place.getProject() + "." + place.getDataset();
    }

    private static String said(Throwable failure) {
        String line = message(failure).replaceAll("\\s+", " ").strip();
        String shown = line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
        String reason = reason(failure);
        return reason.isEmpty() || shown.contains(reason) ? shown : reason + ": " + shown;
    }

    /** The exception for a failed request or job. */
    MarketDataException of(String doing, Throwable failure) {
        if (failure instanceof MarketDataException known) {
            return known;
        }
        String said = " (" + said(failure) + ")";
        Optional<Refused> known = refusal(doing, failure, said);
        if (known.isPresent()) {
            return known.get();
        }
        String at = at(doing);
        if (isQuota(failure)) {
            return quota(at, failure, said);
        } else if (isConflict(failure)) {
            return new Unavailable(
                    at + " gave way to others that write the same tables" + said + ". Nothing was replaced; run again",
                    failure);
        } else if (isUnanswered(failure)) {
            return new Unavailable(
                    at + " had no answer" + said + ". Is the network up, and the endpoint right? Run again", failure);
        } else if (isTransient(failure)) {
            return new Unavailable(at + " failed for now" + said + ". Run again in a while", failure);
        } else if (reason(failure).equals("stopped")) {
            return new Unavailable(at + " was stopped by somebody" + said + ". Run again", failure);
        } else if (code(failure) == 0 && reason(failure).isEmpty()) {
            return new Unavailable(at + " failed" + said + ". Run again", failure);
        }
        return new Refused(at + " was refused" + said + ". Running it again changes nothing", failure);
    }

    private Optional<Refused> refusal(String doing, Throwable failure, String said) {
        String at = at(doing);
        String lower = message(failure).toLowerCase(Locale.ROOT);
        int code = code(failure);
        if (code == HttpURLConnection.HTTP_UNAUTHORIZED || lower.contains("error getting access token")) {
            return refused(
                    at + " was refused: Google does not know who asks" + said
                            + ". Set GCP_CREDENTIALS_PATH or GOOGLE_APPLICATION_CREDENTIALS to the key file of a service"
                            + " account, or run 'gcloud auth application-default login'",
                    failure);
        } else if (lower.contains("has not been used in project") || lower.contains("it is disabled")) {
            return refused(
                    at + " was refused: the BigQuery API is not enabled" + said + ". Run 'gcloud services enable"
                            + " bigquery.googleapis.com --project=" + place.getProject() + "' and wait some minutes",
                    failure);
        } else if (reason(failure).equals("billingNotEnabled") || lower.contains("billing")) {
            return billing(at, failure, said, lower);
        } else if (reason(failure).equals("bytesBilledLimitExceeded")) {
            return refused(
                    at + " was refused: it would be billed for more bytes than maximumBytesBilled allows" + said
                            + ". Ask for a shorter range, or set maximumBytesBilled of the store higher (in an environment"
                            + " BIGQUERY_MAXIMUM_BYTES_BILLED)",
                    failure);
        } else if (reason(failure).equals("accessDenied")
                || (code == HttpURLConnection.HTTP_FORBIDDEN && !isQuota(failure))) {
            return refused(
                    at + " was refused: who asks may not do that" + said + ". Grant " + ROLES
                            + "; to only read, roles/bigquery.dataViewer and roles/bigquery.jobUser",
                    failure);
        } else if (isNotFound(failure)) {
            return notFound(at, failure, said, lower);
        } else if (code == HttpURLConnection.HTTP_PRECON_FAILED) {
            return refused(
                    at + " was refused: a table was changed at the same time by somebody else" + said + ". Run again",
                    failure);
        } else if (reason(failure).equals("responseTooLarge") || reason(failure).equals("resourcesExceeded")) {
            return refused(at + " was refused: that is too much at once" + said + ". Ask for shorter ranges", failure);
        }
        return Optional.empty();
    }

    private static Optional<Refused> billing(String at, Throwable failure, String said, String lower) {
        boolean sandbox = lower.contains("free tier") || lower.contains("sandbox");
        return refused(
                at + " was refused: the project has no billing account" + said
                        + (sandbox
                                ? ". The BigQuery sandbox takes no DML, which every commit needs, and deletes tables after"
                                        + " 60 days"
                                : "")
                        + ". Link one with 'gcloud billing projects link'",
                failure);
    }

    private Optional<Refused> notFound(String at, Throwable failure, String said, String lower) {
        String dataset = place.getProject() + ":" + place.getDataset();
        if (lower.contains("not found: dataset")) {
            return refused(
                    at + " was refused: there is no dataset " + dataset
                            + location.map(where -> " in " + where).orElse("") + said
                            + ". Create it with 'bq --location=LOCATION mk --dataset " + dataset
                            + "', or let the store do it (Creation.DATASET_AND_TABLES); one that lies elsewhere needs its"
                            + " own location here (BIGQUERY_LOCATION)",
                    failure);
        } else if (lower.contains("not found: project") || lower.contains("project not found")) {
            return refused(
                    at + " was refused: there is no project '" + place.getProject() + "'" + said
                            + ". Projects are named by their id, not by their title or number",
                    failure);
        }
        return refused(
                at + " was refused: something of the store is not there" + said
                        + ". Let the store create its tables, or restore what was deleted (BigQuery keeps it for 7 days)",
                failure);
    }

    private static Optional<Refused> refused(String message, Throwable failure) {
        return Optional.of(new Refused(message, failure));
    }

    private static Unavailable quota(String at, Throwable failure, String said) {
        boolean rate = reason(failure).contains("ateLimit") || code(failure) == TOO_MANY_REQUESTS;
        return new Unavailable(
                at + " has used up a quota" + said
                        + (rate
                                ? ". It limits a rate and renews within a minute; use fewer workers, or run again then"
                                : ". BigQuery gives daily quotas back bit by bit and wholly after 24 hours; what was"
                                        + " committed stands, run again later for the rest"),
                failure);
    }
}
