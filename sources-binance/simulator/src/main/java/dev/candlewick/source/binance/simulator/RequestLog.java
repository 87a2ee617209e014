package dev.candlewick.source.binance.simulator;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Everything the venue was asked, oldest first: the oracle for politeness. Safe for use by many threads. */
public final class RequestLog {
    private final List<ServedRequest> requests = new ArrayList<>();

    RequestLog() {}

    void add(ServedRequest request) {
        synchronized (requests) {
            requests.add(request);
        }
    }

    /** A copy of all requests so far. */
    public List<ServedRequest> all() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** How many requests came in. */
    public int count() {
        synchronized (requests) {
            return requests.size();
        }
    }

    /** The requests of one kind. */
    public List<ServedRequest> of(RequestKind kind) {
        return all().stream().filter(request -> request.kind() == kind).toList();
    }

    /** How many requests of one kind came in. */
    public int count(RequestKind kind) {
        return of(kind).size();
    }

    /** Requests that came in although the caller was told to wait or banned; a polite client leaves this empty. */
    public List<ServedRequest> unwelcome() {
        return all().stream()
                .filter(request -> request.standing() != Standing.WELCOME)
                .toList();
    }

    /** The weight that the requests of a pool cost, by clock minute of the venue; foreign traffic is not in it. */
    public Map<Instant, Integer> weightByMinute(WeightPool pool) {
        return all().stream()
                .filter(request ->
                        RequestWeights.pool(request.host()).filter(pool::equals).isPresent())
                .collect(Collectors.groupingBy(
                        request -> request.at().truncatedTo(ChronoUnit.MINUTES),
                        TreeMap::new,
                        Collectors.summingInt(ServedRequest::weight)));
    }

    /** Forgets everything so far. */
    public void clear() {
        synchronized (requests) {
            requests.clear();
        }
    }

    @Override
    public String toString() {
        Map<RequestKind, Long> counts =
                all().stream().collect(Collectors.groupingBy(ServedRequest::kind, TreeMap::new, Collectors.counting()));
        return "requests " + counts;
    }
}
