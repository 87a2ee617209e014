package dev.candlewick.sink.gcs;

import com.google.api.client.http.HttpResponseException;
import com.google.auth.Retryable;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.gcp.internal.Login;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** What an answer or the want of one means for the caller, in words that say what to do. Immutable. */
final class Failures {

    private static final Set<Integer> TRANSIENT = Set.of(408, 429, 500, 502, 503, 504);
    private static final Set<String> QUOTAS = Set.of(
            "rateLimitExceeded",
            "userRateLimitExceeded",
            "quotaExceeded",
            "dailyLimitExceeded",
            "usageLimits",
            "concurrentLimitExceeded");
    private static final Pattern PERMISSION = Pattern.compile("storage\\.[a-zA-Z]+\\.[a-zA-Z]+");
    private static final Pattern OAUTH_ERROR = Pattern.compile("\"error\"\\s*:\\s*\"([a-z_]{1,40})\"");

    private final String bucket;
    private final Clock clock;

    Failures(String bucket, Clock clock) {
        this.bucket = bucket;
        this.clock = clock;
    }

    /** Whether the same request may be answered otherwise a little later. */
    boolean isTransient(Answer answer) {
        return TRANSIENT.contains(answer.status()) || (answer.status() == 403 && isQuota(answer));
    }

    /** Whether the service says for certain that a request with this answer did nothing. */
    boolean didNothing(Answer answer) {
        return answer.status() < 500 && answer.status() != 408;
    }

    /** Whether it failed before anything of the request can have arrived. */
    static boolean wasNotSent(IOException failure) {
        return failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof NoRouteToHostException
                || failure instanceof SSLHandshakeException
                || failure instanceof SSLPeerUnverifiedException
                || isConnectTimeout(failure)
                || isAuthentication(failure);
    }

    /** Whether sending it again cannot help. */
    static boolean isPermanent(IOException failure) {
        return failure instanceof SSLHandshakeException
                || failure instanceof SSLPeerUnverifiedException
                || failure instanceof Requests.LongAnswer
                || (isAuthentication(failure) && !isRetryable(failure));
    }

    /** When the service wants to be asked again at the earliest. */
    Optional<Instant> retryAfter(Answer answer) {
        return answer.line("Retry-After").flatMap(text -> {
            try {
                return Optional.of(
                        text.matches("\\d{1,9}")
                                ? clock.instant().plus(Duration.ofSeconds(Long.parseLong(text)))
                                : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                        .toInstant());
            } catch (DateTimeParseException none) {
                return Optional.empty();
            }
        });
    }

    /** What an answer means that is not the one hoped for. */
    MarketDataException of(Answer answer) {
        String what = answer.call().doing() + ": Cloud Storage answered " + answer.status()
                + (answer.errorReason().isEmpty() ? "" : " " + answer.errorReason())
                + (answer.errorMessage().isEmpty() ? "" : ", \"" + answer.errorMessage() + "\"") + ". ";
        if (answer.saysNoBucket()) {
            return new Refused(what + "Create the bucket: gcloud storage buckets create gs://" + bucket
                    + "; or correct its name in the address or in GCS_BUCKET");
        }
        if (answer.errorMessage().contains("requester pays")
                || answer.errorReason().equals("userProjectMissing")) {
            return new Refused(what + "Say who pays: GcsStorage.Builder.userProject, or GCS_USER_PROJECT");
        }
        if (answer.errorReason().equals("accountDisabled")
                || answer.errorMessage().contains("billing account")) {
            return new Refused(what + "Give the project of the bucket a billing account that is in order");
        }
        if (answer.errorReason().equals("retentionPolicyNotMet")
                || answer.errorReason().equals("objectUnderActiveHold")) {
            return new Refused(
                    what + "Objects of a store are replaced: use a bucket without holds and retention policy");
        }
        if (answer.status() == 401) {
            return new Refused(what + "The credentials are expired, revoked or missing: " + Login.ADVICE);
        }
        if (isTransient(answer)) {
            return unavailable(answer, what);
        }
        if (answer.status() == 403) {
            Matcher permission = PERMISSION.matcher(answer.errorMessage());
            return new Refused(what + "Grant the account "
                    + (permission.find() ? permission.group() : "what it lacks")
                    + ", for example by the role roles/storage.objectUser on the bucket: gcloud storage buckets"
                    + " add-iam-policy-binding gs://" + bucket
                    + " --member=serviceAccount:EMAIL --role=roles/storage.objectUser");
        }
        if (answer.status() >= 300 && answer.status() < 400) {
            return new Refused(what + "Redirects are not followed; correct the endpoint");
        }
        return new Refused(what + "Repeating it changes nothing; check bucket, prefix and endpoint");
    }

    /** What it means that no whole answer came. */
    MarketDataException of(Call call, IOException failure) {
        if (isAuthentication(failure)) {
            return authentication(call, failure);
        }
        if (failure instanceof SSLHandshakeException || failure instanceof SSLPeerUnverifiedException) {
            return new Refused(
                    call.doing() + ": no trusted connection (" + text(failure)
                            + "); correct the endpoint, or the certificates that this JVM trusts",
                    failure);
        }
        if (failure instanceof Requests.LongAnswer) {
            return new Refused(
                    call.doing() + ": the answer has " + failure.getMessage()
                            + "; the endpoint does not honour ranges, so it is no Cloud Storage that can be used",
                    failure);
        }
        return new Unavailable(
                call.doing() + ": " + text(failure) + "; see whether the endpoint can be reached, and run it again",
                failure);
    }

    private MarketDataException unavailable(Answer answer, String what) {
        Optional<Instant> after = retryAfter(answer);
        String advice = isQuota(answer)
                ? "It is asked too often, or a quota of the project is used up; run it again "
                        + after.map(time -> "after " + time)
                                .orElse("in a few minutes, with less parallelism, or see the quotas of"
                                        + " storage.googleapis.com in the console")
                : "Run it again " + after.map(time -> "after " + time).orElse("later");
        return after.isPresent() ? new Unavailable(what + advice, null, after.get()) : new Unavailable(what + advice);
    }

    // The cause stays away: what Google's library says of a refusal quotes what was sent and what came back.
    private static MarketDataException authentication(Call call, IOException failure) {
        String error = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpResponseException answered) {
                Matcher named = OAUTH_ERROR.matcher(String.valueOf(answered.getContent()));
                error = " (" + answered.getStatusCode() + (named.find() ? " " + named.group(1) : "") + ")";
            }
        }
        return isRetryable(failure)
                ? new Unavailable(call.doing() + ": no access token could be had" + error
                        + "; see whether the token endpoint of the credentials can be reached, and run it again")
                : new Refused(call.doing() + ": the credentials were not accepted" + error
                        + ", so there is no access token. " + Login.ADVICE);
    }

    private static boolean isQuota(Answer answer) {
        return answer.status() == 429 || QUOTAS.contains(answer.errorReason());
    }

    private static boolean isConnectTimeout(IOException failure) {
        return failure instanceof SocketTimeoutException
                && failure.getClass().getSimpleName().equals("ConnectTimeoutException");
    }

    // Google's class for it is not public; what can be retried is what its authentication library throws.
    private static boolean isAuthentication(IOException failure) {
        return failure instanceof Retryable || failure.getClass().getName().startsWith("com.google.auth.");
    }

    private static boolean isRetryable(IOException failure) {
        return failure instanceof Retryable known && known.isRetryable();
    }

    private static String text(IOException failure) {
        String name = failure instanceof UnknownHostException
                ? "the host is unknown"
                : failure instanceof SocketTimeoutException
                        ? "no answer in time"
                        : failure instanceof ConnectException
                                ? "no connection"
                                : failure instanceof SocketException
                                        ? "the connection broke"
                                        : "the conversation broke off";
        return failure.getMessage() == null ? name : name + " (" + failure.getMessage() + ")";
    }
}
