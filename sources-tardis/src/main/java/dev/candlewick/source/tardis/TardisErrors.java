package dev.candlewick.source.tardis;

import dev.candlewick.http.HttpHeaders;
import dev.candlewick.http.Outcome;
import dev.candlewick.http.ResponseJudge;

/**
 * What Tardis means by its statuses. A 403 is most often not "no": the smaller plans lock a key to one internet address
 * for a quarter of an hour, and a client that takes that for "no data" loses most of what it asks for.
 */
final class TardisErrors implements ResponseJudge {

    @Override
    public Outcome judge(int status, HttpHeaders headers, String bodyStart) {
        ErrorBody body = ErrorBody.parse(bodyStart);
        return switch (status) {
            case 403 ->
                body.code() == ErrorBody.KEY_LOCKED || bodyStart.contains("\"retryAfterSeconds\"")
                        ? Outcome.THROTTLED
                        : body.code() == 0 ? Outcome.FORBIDDEN : Outcome.REFUSED;
            // Tardis' own clients repeat this one: it is its server's trouble with a date, not ours.
            case 400 -> body.message().contains("ISO 8601 format") ? Outcome.TRANSIENT : Outcome.REFUSED;
            default -> Outcome.of(status);
        };
    }
}
