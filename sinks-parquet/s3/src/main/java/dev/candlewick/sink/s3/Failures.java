package dev.candlewick.sink.s3;

import dev.candlewick.Corrupt;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What went wrong, in this library's words: who can do something about it, and what. */
final class Failures {

    private static final int MOST_CHARACTERS = 400;
    private static final long LONGEST_RETRY_AFTER_SECONDS = 3_600;

    private final String place;
    private final String bucket;
    private final Set<String> secrets;
    private final Clock clock;

    /** For a place whose secrets, those that are known, are in none of the messages. */
    Failures(String place, String bucket, Set<String> secrets, Clock clock) {
        this.place = place;
        this.bucket = bucket;
        this.secrets = Set.copyOf(secrets);
        this.clock = clock;
    }

    /** The server's word for a failure; empty when it gave none, as in answers without a body. */
    static String code(SdkException failure) {
        return failure instanceof AwsServiceException answer && answer.awsErrorDetails() != null
                ? Optional.ofNullable(answer.awsErrorDetails().errorCode()).orElse("")
                : "";
    }

    static int status(SdkException failure) {
        return failure instanceof AwsServiceException answer ? answer.statusCode() : 0;
    }

    /** Whether a bucket's name is what is not there, as far as the answer tells. */
    static boolean isNoBucket(SdkException failure) {
        return code(failure).equals("NoSuchBucket");
    }

    static boolean isNotFound(SdkException failure) {
        return status(failure) == 404 && !isNoBucket(failure);
    }

    static boolean isPreconditionFailed(SdkException failure) {
        return status(failure) == 412;
    }

    /** Whether the range begins behind the object's end. */
    static boolean isBeyondEnd(SdkException failure) {
        return status(failure) == 416;
    }

    /** Whether bytes were lost on the way, or nobody listens. */
    static boolean isNetwork(SdkException failure) {
        return !(failure instanceof AwsServiceException) && ioCause(failure).isPresent();
    }

    static boolean isBeforeSending(SdkException failure) {
        return causes(failure, JdkHttp::isBeforeSending).isPresent();
    }

    /** How long the server asks to wait; zero when it does not. */
    static Duration retryAfter(SdkException failure) {
        return header(failure, "Retry-After")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Math.min(LONGEST_RETRY_AFTER_SECONDS, Long.parseLong(text))))
                .orElse(Duration.ZERO);
    }

    /** The exception for a failed request. */
    MarketDataException of(String doing, SdkException failure) {
        String at = doing + " at " + place;
        String said = " (" + said(failure) + ")";
        Throwable cause = clean(failure);
        if (!(failure instanceof AwsServiceException)) {
            return withoutAnswer(at, said, failure, cause);
        }
        return switch (code(failure)) {
            case "NoSuchBucket", "InvalidBucketName" -> noBucket(doing, failure);
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken" ->
                new Refused(
                        at + " was refused: the server does not know this access key, or the secret is not its" + said
                                + ". Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
                        cause);
            case "ExpiredToken", "TokenRefreshRequired" ->
                new Refused(
                        at + " was refused: the session token has expired" + said
                                + ". Get new temporary credentials, then run again",
                        cause);
            case "RequestTimeTooSkewed" ->
                new Refused(
                        at + " was refused: this machine's clock and the server's are too far apart" + said
                                + ". Set the clock, then run again",
                        cause);
            case "PermanentRedirect",
                    "TemporaryRedirect",
                    "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraintException",
                    "BucketRegionError" -> wrongRegion(at, said, failure, cause);
            case "KeyTooLongError" ->
                new Refused(
                        at + " was refused: the name is longer than the 1,024 bytes that S3 takes" + said
                                + ". Use a shorter prefix",
                        cause);
            case "BadDigest", "XAmzContentChecksumMismatch", "InvalidDigest" ->
                new Corrupt(
                        at + " failed: what arrived there is not what was sent" + said
                                + ". Nothing was written; something between here and the server changes bytes",
                        cause);
            case "SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests" ->
                unavailable(
                        at + " failed: the server wants fewer requests per second" + said
                                + ". What was stored before stands; run again later, with fewer workers",
                        failure,
                        cause);
            default -> byStatus(at, said, failure, cause);
        };
    }

    Refused noBucket(String doing, SdkException failure) {
        return new Refused(
                doing + " at " + place + " was refused: there is no bucket '" + bucket + "' (" + said(failure)
                        + "). Create it, or correct the address or the endpoint",
                clean(failure));
    }

    private MarketDataException byStatus(String at, String said, SdkException failure, Throwable cause) {
        int status = status(failure);
        if (status == 403 || status == 401) {
            return new Refused(
                    at + " was refused: these credentials may not do that" + said
                            + ". Grant s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on the"
                            + " objects, and s3:ListBucket on bucket '" + bucket
                            + "': without s3:ListBucket S3 says 403 also of an object that is not there",
                    cause);
        }
        if (status == 301
                || status == 307
                || (status == 400 && header(failure, "x-amz-bucket-region").isPresent())) {
            return wrongRegion(at, said, failure, cause);
        }
        if (status == 501 || code(failure).equals("NotImplemented")) {
            return new Refused(
                    at + " was refused: the server does not know what was asked of it" + said
                            + ". The store needs conditional writes (If-None-Match, If-Match); for a server without"
                            + " S3's checksums choose Checksums.MD5",
                    cause);
        }
        if (status == 429 || status >= 500) {
            return unavailable(
                    at + " failed: the server cannot answer now" + said
                            + ". What was stored before stands; run again later",
                    failure,
                    cause);
        }
        if (status == 409) {
            return new Unavailable(
                    at + " failed: others kept changing the same object meanwhile" + said
                            + ". What was stored before stands; run again",
                    cause);
        }
        return new Refused(at + " was refused" + said + ". What was stored before stands", cause);
    }

    private MarketDataException withoutAnswer(String at, String said, SdkException failure, Throwable cause) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("credentials")) {
            return new Refused(
                    at + " was refused: no credentials were found" + said
                            + ". Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for a profile of"
                            + " ~/.aws/credentials, or give the machine a role",
                    cause);
        }
        if (isNetwork(failure)) {
            return new Unavailable(
                    at + " failed: the server went away or did not answer" + said
                            + ". What was stored before stands; is the endpoint right and the server there? Run again",
                    cause);
        }
        if (message.contains("region")) {
            return new Refused(
                    at + " was refused: no region is known" + said + ". Set AWS_REGION to the bucket's region", cause);
        }
        return new Refused(at + " was refused before it was sent" + said, cause);
    }

    private MarketDataException wrongRegion(String at, String said, SdkException failure, Throwable cause) {
        String where = header(failure, "x-amz-bucket-region")
                .filter(region -> region.matches("[a-z0-9-]{1,40}"))
                .map(region -> " The bucket is in " + region + ": set AWS_REGION=" + region + ".")
                .orElse(" Set AWS_REGION to the bucket's region, or correct the endpoint.");
        return new Refused(
                at + " was refused: bucket '" + bucket + "' is in another region" + said + "." + where, cause);
    }

    private Unavailable unavailable(String message, SdkException failure, Throwable cause) {
        Duration wait = retryAfter(failure);
        return wait.isZero()
                ? new Unavailable(message, cause)
                : new Unavailable(message, cause, clock.instant().plus(wait));
    }

    /** What was said in one line, without secrets. */
    String said(SdkException failure) {
        String text;
        if (failure instanceof AwsServiceException answer) {
            String code = code(failure);
            String message = answer.awsErrorDetails() == null
                    ? ""
                    : Optional.ofNullable(answer.awsErrorDetails().errorMessage())
                            .orElse("");
            String request = Optional.ofNullable(answer.requestId())
                    .filter(id -> !id.isBlank())
                    .map(id -> ", request " + id)
                    .orElse("");
            text = "HTTP " + answer.statusCode() + (code.isEmpty() ? "" : " " + code)
                    + (message.isBlank() ? "" : ": " + message) + request;
        } else {
            text = ioCause(failure)
                    .map(cause -> cause.getMessage() == null
                            ? cause.getClass().getSimpleName()
                            : cause.getClass().getSimpleName() + ": " + cause.getMessage())
                    .orElseGet(() -> Optional.ofNullable(failure.getMessage())
                            .orElse(failure.getClass().getSimpleName()));
        }
        String line = redacted(text).replaceAll("\\s+", " ").strip();
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
    }

    private String redacted(String text) {
        String redacted = text;
        for (String secret : secrets) {
            redacted = redacted.replace(secret, "***");
        }
        return redacted;
    }

    // An exception of the SDK may carry anything that a server answered; as a cause it would be printed as it is.
    Throwable clean(SdkException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause);
            if (!message.equals(redacted(message))) {
                RuntimeException shown = new RuntimeException(said(failure));
                shown.setStackTrace(failure.getStackTrace());
                return shown;
            }
        }
        return failure;
    }

    private static Optional<String> header(SdkException failure, String name) {
        return failure instanceof AwsServiceException answer
                        && answer.awsErrorDetails() != null
                        && answer.awsErrorDetails().sdkHttpResponse() != null
                ? answer.awsErrorDetails().sdkHttpResponse().firstMatchingHeader(name)
                : Optional.empty();
    }

    private static Optional<Throwable> ioCause(SdkException failure) {
        return causes(
                failure,
                cause -> cause instanceof IOException || cause instanceof java.nio.channels.UnresolvedAddressException);
    }

    private static Optional<Throwable> causes(
            Throwable failure, java.util.function.Predicate<? super Throwable> which) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (which.test(cause)) {
                return Optional.of(cause);
            }
        }
        return Optional.empty();
    }
}
