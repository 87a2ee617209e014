package dev.candlewick.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** A server that answers inside the client, in simulated time, and writes down when it was asked. Thread-safe. */
final class SimulatedVenue implements Interceptor {

    /** What the server says to its n-th request, counted from 1. */
    interface Script extends BiFunction<Integer, Instant, Answer> {}

    record Answer(int status, List<String> headers, String body) {

        static final Answer OK = new Answer(200, List.of(), "{}");

        static Answer of(int status, String body, String... headers) {
            return new Answer(status, List.of(headers), body);
        }
    }

    private final Clock clock;
    private final Duration ahead;
    private final Script script;
    private final List<Instant> calls = new ArrayList<>();

    /** A server whose clock is ahead of the client's by this much. */
    SimulatedVenue(Clock clock, Duration ahead, Script script) {
        this.clock = clock;
        this.ahead = ahead;
        this.script = script;
    }

    OkHttpClient client() {
        return new OkHttpClient.Builder().addInterceptor(this).build();
    }

    /** When it was asked, by the client's clock. */
    synchronized List<Instant> calls() {
        return List.copyOf(calls);
    }

    Instant now() {
        return clock.instant().plus(ahead);
    }

    static String httpDate(Instant instant) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
    }

    @Override
    public synchronized Response intercept(Chain chain) {
        calls.add(clock.instant());
        Answer answer = script.apply(calls.size(), now());
        Response.Builder response = new Response.Builder()
                .request(chain.request())
                .protocol(Protocol.HTTP_1_1)
                .code(answer.status())
                .message("")
                .header("Date", httpDate(now()))
                .body(ResponseBody.create(answer.body(), MediaType.parse("application/json")));
        for (int i = 0; i < answer.headers().size(); i += 2) {
            response.header(answer.headers().get(i), answer.headers().get(i + 1));
        }
        return response.build();
    }
}
