package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** Errors in the form that Google's JSON interfaces give them. */
final class GoogleErrors {

    private GoogleErrors() {}

    /** An error that ends a request. */
    static final class Failed extends Exception {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final String reason;

        Failed(int status, String reason, String message) {
            super(message, null, false, false);
            this.status = status;
            this.reason = reason;
        }

        int status() {
            return status;
        }

        byte[] body() {
            return GoogleErrors.body(status, reason, String.valueOf(getMessage()));
        }
    }

    static Failed of(int status) {
        return new Failed(status, reason(status), message(status));
    }

    static Failed noBucket() {
        return new Failed(404, "notFound", "The specified bucket does not exist.");
    }

    static Failed noObject(String bucket, String name) {
        return new Failed(404, "notFound", "No such object: " + bucket + "/" + name);
    }

    static Failed invalid(String message) {
        return new Failed(400, "invalid", message);
    }

    static byte[] body(int status, String reason, String message) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode error = root.putObject("error");
        error.put("code", status).put("message", message);
        error.putArray("errors")
                .addObject()
                .put("message", message)
                .put("domain", status == 429 ? "usageLimits" : "global")
                .put("reason", reason);
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    static String reason(int status) {
        return switch (status) {
            case 304 -> "notModified";
            case 400 -> "invalid";
            case 401 -> "authError";
            case 403 -> "forbidden";
            case 404 -> "notFound";
            case 408 -> "uploadBrokenConnection";
            case 409 -> "conflict";
            case 410 -> "gone";
            case 412 -> "conditionNotMet";
            case 416 -> "requestedRangeNotSatisfiable";
            case 429 -> "rateLimitExceeded";
            case 501 -> "notImplemented";
            default -> "backendError";
        };
    }

    static String message(int status) {
        return switch (status) {
            case 401 -> "Invalid Credentials";
            case 403 ->
                "tester@example.iam.gserviceaccount.com does not have storage.objects.create access to the Google Cloud"
                        + " Storage object. Permission 'storage.objects.create' denied on resource (or it may not exist).";
            case 409 -> "Your previous request to create the named bucket succeeded and you already own it.";
            case 412 -> "At least one of the pre-conditions you specified did not hold.";
            case 416 -> "Request range not satisfiable";
            case 429 ->
                "The object exceeded the rate limit for object mutation operations (create, update, and delete)."
                        + " Please reduce your request rate.";
            default -> "We encountered an internal error. Please try again.";
        };
    }
}
