package dev.candlewick.source.binance;

import dev.candlewick.http.HttpHeaders;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.http.Outcome;
import dev.candlewick.http.ResponseJudge;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Binance's error codes, {@code {"code":-1121,"msg":"…"}}: codes are stable, messages and the body's form are not. */
final class VenueErrors implements ResponseJudge {

    static final int INVALID_SYMBOL = -1121;

    private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*(-?[0-9]{1,6})");

    @Override
    public Outcome judge(int status, HttpHeaders headers, String bodyStart) {
        Outcome byStatus = Outcome.of(status);
        if (byStatus != Outcome.REFUSED) {
            return byStatus;
        }
        return switch (code(bodyStart).orElse(0)) {
            // Internal errors and timeouts that arrive as a 400: reads are safe to repeat.
            case -1000, -1001, -1006, -1007, -1008 -> Outcome.TRANSIENT;
            case -1003 -> Outcome.THROTTLED;
            default -> byStatus;
        };
    }

    static boolean isUnknownSymbol(HttpRefused refused) {
        return code(refused.bodyStart()).orElse(0) == INVALID_SYMBOL;
    }

    static OptionalInt code(String bodyStart) {
        Matcher matcher = CODE.matcher(bodyStart);
        return matcher.find() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }
}
