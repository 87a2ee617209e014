package dev.candlewick.http;

/**
 * Lets a venue's own error codes decide where the status alone does not, for example a 400 whose body says "internal
 * timeout" and may be repeated. Asked only about answers that are not accepted as they are.
 */
@FunctionalInterface
public interface ResponseJudge {

    /** Goes by the status alone. */
    ResponseJudge BY_STATUS = (status, headers, bodyStart) -> Outcome.of(status);

    /**
     * What the answer means. Must not throw, whatever the body holds.
     *
     * @param status the HTTP status
     * @param headers the headers of the answer
     * @param bodyStart the first 1,024 bytes of the body as UTF-8; JSON, HTML or nothing
     */
    Outcome judge(int status, HttpHeaders headers, String bodyStart);
}
