package dev.candlewick.source.binance.simulator;

/** A request that the REST API refuses with one of its numbered errors. */
final class ApiRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;

    ApiRefusal(int status, int code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    static ApiRefusal badRequest(int code, String message) {
        return new ApiRefusal(400, code, message);
    }

    Reply reply() {
        return Reply.error(status, code, String.valueOf(getMessage()));
    }
}
