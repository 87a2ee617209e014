package dev.candlewick.source.binance.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Answers every request: charges its weight, lets misbehaviours have their way, and writes down what happened. */
final class VenueDesk implements HttpListener.Desk {
    /** Where the real page of the archive points its own listing requests to. */
    private static final String BUCKET_PATH = "/data.binance.vision";

    private final Supplier<Instant> clock;
    private final RestApi rest;
    private final Archive archive;
    private final ArchiveListing listing;
    private final Map<WeightPool, WeightBudget> budgets;
    private final Misbehaviours misbehaviours;
    private final RequestLog log;

    VenueDesk(
            Supplier<Instant> clock,
            Catalog catalog,
            Archive archive,
            Map<WeightPool, WeightBudget> budgets,
            Misbehaviours misbehaviours,
            RequestLog log) {
        this.clock = clock;
        this.rest = new RestApi(catalog);
        this.archive = archive;
        this.listing = new ArchiveListing(catalog, archive);
        this.budgets = new EnumMap<>(budgets);
        this.misbehaviours = misbehaviours;
        this.log = log;
    }

    @Override
    public HttpListener.Answer answer(IncomingRequest request) {
        Instant now = clock.get();
        int weight = RequestWeights.of(request);
        Optional<WeightBudget> budget = RequestWeights.pool(request.host()).map(budgets::get);
        WeightBudget.Verdict verdict = budget.map(each -> each.charge(weight, now))
                .orElse(new WeightBudget.Verdict(Standing.WELCOME, 200, 0, now));
        List<Effect> effects = verdict.status() == 200 ? misbehaviours.on(request) : List.of();
        Reply reply = reply(request, now, verdict, budget, effects);
        if (budget.isPresent() && reply.status() != 403 && reply.status() != 451) {
            reply = reply.with("X-MBX-USED-WEIGHT", String.valueOf(verdict.used()))
                    .with("X-MBX-USED-WEIGHT-1M", String.valueOf(verdict.used()));
        }
        reply = reply.with("Date", Archive.HTTP_DATE.format(now));
        Delivery delivery = delivery(effects);
        boolean silent = delivery.silence() == Delivery.Silence.FOR_EVER;
        log.add(new ServedRequest(
                now,
                request.host(),
                request.kind(),
                request.method(),
                request.path(),
                Map.copyOf(request.query()),
                weight,
                verdict.used(),
                verdict.standing(),
                silent ? 0 : reply.status(),
                reply.rows(),
                reply.body().length));
        return new HttpListener.Answer(reply, delivery);
    }

    private Reply reply(
            IncomingRequest request,
            Instant now,
            WeightBudget.Verdict verdict,
            Optional<WeightBudget> budget,
            List<Effect> effects) {
        if (verdict.status() != 200) {
            return Refusals.refusal(verdict.status(), verdict.until(), now, Effect.RetryAfter.SECONDS);
        }
        for (Effect effect : effects) {
            if (effect instanceof Effect.Answer answer) {
                return answer.reply();
            }
            if (effect instanceof Effect.Throttle throttle) {
                return throttled(throttle, now, budget);
            }
        }
        try {
            return request.host() == VenueHost.ARCHIVE
                    ? fromArchive(request, now, effects)
                    : rest.answer(
                            request, now, budget.map(WeightBudget::limit).orElse(0), rows -> tampered(rows, effects));
        } catch (RuntimeException e) {
            // A bug here must look like one: a client under test would otherwise wait for an answer.
            return Reply.of(599, "text/plain", Reply.utf8("The simulator itself failed: " + e));
        }
    }

    private static Reply throttled(Effect.Throttle throttle, Instant now, Optional<WeightBudget> budget) {
        Instant until = now.plus(throttle.length());
        if (throttle.status() == 418) {
            budget.ifPresent(each -> each.ban(throttle.length(), now));
        } else {
            budget.ifPresent(each -> each.tellToWait(until));
        }
        return Refusals.refusal(throttle.status(), until, now, throttle.form());
    }

    private static List<String[]> tampered(List<String[]> rows, List<Effect> effects) {
        List<String[]> changed = rows;
        for (Effect effect : effects) {
            if (effect instanceof Effect.Rows tampering) {
                changed = tampering.change().apply(changed);
            }
        }
        return changed;
    }

    private Reply fromArchive(IncomingRequest request, Instant now, List<Effect> effects) {
        if (request.path().startsWith("/data/")) {
            return archive.answer(request, now, effects);
        }
        if (!request.path().equals("/") && !request.path().equals(BUCKET_PATH)) {
            return Archive.noSuchKey(request.path().substring(1));
        }
        if (request.path().equals("/") && request.query().isEmpty()) {
            return archivePage(request);
        }
        Instant asOf = effects.stream()
                .filter(Effect.StaleListing.class::isInstance)
                .map(effect -> ((Effect.StaleListing) effect).asOf())
                .findFirst()
                .orElse(now);
        return Reply.xml(200, listing.page(ListingQuery.of(request), asOf, misbehaviours::hide));
    }

    /** The web page of the archive, of which programs need one line. */
    private static Reply archivePage(IncomingRequest request) {
        String bucket = "http://" + request.header("host").orElse("127.0.0.1") + BUCKET_PATH;
        return Reply.of(
                200,
                "text/html",
                Reply.utf8("<!DOCTYPE html><html><head><script>var BUCKET_URL = '" + bucket
                        + "';</script></head><body></body></html>"));
    }

    private static Delivery delivery(List<Effect> effects) {
        Delivery delivery = Delivery.PLAIN;
        for (Effect effect : effects) {
            if (effect instanceof Effect.Travel travel) {
                UnaryOperator<Delivery> change = travel.change();
                delivery = change.apply(delivery);
            }
        }
        return delivery;
    }

    /** The venue's ways to say "go away". */
    private static final class Refusals {
        private Refusals() {}

        static Reply refusal(int status, Instant until, Instant now, Effect.RetryAfter form) {
            String message = status == 418
                    ? "Way too much request weight used; IP banned until " + until.toEpochMilli()
                            + ". Please use WebSocket Streams for live updates to avoid bans."
                    : "Too much request weight used; current limit of request weight per 1 MINUTE is exceeded."
                            + " Please use WebSocket Streams for live updates to avoid polling the API.";
            Reply reply = Reply.error(status, -1003, message);
            return switch (form) {
                case NONE -> reply;
                case SECONDS -> reply.with("Retry-After", String.valueOf(secondsUp(Duration.between(now, until))));
                case HTTP_DATE -> reply.with("Retry-After", Archive.HTTP_DATE.format(until.plusMillis(999)));
            };
        }

        private static long secondsUp(Duration wait) {
            return Math.max(0, (wait.toMillis() + 999) / 1000);
        }
    }
}
