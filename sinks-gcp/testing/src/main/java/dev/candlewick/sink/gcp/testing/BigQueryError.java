package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A refusal as BigQuery words it: an HTTP status, a reason that programs read, a message for people. */
final class BigQueryError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String reason;

    BigQueryError(int status, String reason, String message) {
        super(message);
        this.status = status;
        this.reason = reason;
    }

    /** The refusal with the status that the service's list of reasons gives it. */
    static BigQueryError of(String reason, String message) {
        return new BigQueryError(statusOf(reason), reason, message);
    }

    static BigQueryError invalidQuery(String message) {
        return of("invalidQuery", message);
    }

    static BigQueryError invalid(String message) {
        return of("invalid", message);
    }

    static BigQueryError notFound(String what) {
        return of("notFound", "Not found: " + what);
    }

    static BigQueryError duplicate(String what) {
        return of("duplicate", "Already Exists: " + what);
    }

    /** What the service does and this double does not: never answered as if it were something else. */
    static BigQueryError notOffered(String what) {
        return new BigQueryError(501, "notImplemented", what + " is not offered by the local BigQuery");
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    /** The object that stands in a job's {@code errorResult} and in the list {@code errors} of an answer. */
    ObjectNode proto() {
        ObjectNode proto = JsonNodeFactory.instance.objectNode();
        proto.put("reason", reason).put("message", text());
        if (reason.equals("invalidQuery")) {
            proto.put("location", "query");
        }
        return proto;
    }

    /** The body of an answer that refuses a request. */
    ObjectNode body() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode error = root.putObject("error");
        error.put("code", status).put("message", text());
        error.putArray("errors").add(proto().put("domain", "global"));
        return root;
    }

    private static int statusOf(String reason) {
        return switch (reason) {
            case "notFound" -> 404;
            case "duplicate" -> 409;
            case "authError", "required" -> 401;
            case "accessDenied",
                    "billingNotEnabled",
                    "quotaExceeded",
                    "rateLimitExceeded",
                    "jobRateLimitExceeded",
                    "responseTooLarge" -> 403;
            case "conditionNotMet" -> 412;
            case "internalError", "jobInternalError" -> 500;
            case "notImplemented" -> 501;
            case "backendError", "jobBackendError" -> 503;
            default -> 400;
        };
    }
}
