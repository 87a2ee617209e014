package dev.candlewick.source.binance.simulator;

import java.time.Instant;
import java.util.Map;

/**
 * One request and what it was answered, by the venue's own account.
 *
 * @param at when it came in, by the venue's clock
 * @param host the host asked
 * @param kind what was asked for
 * @param method HTTP method
 * @param path percent-decoded path
 * @param query percent-decoded parameters in the order sent
 * @param weight what it cost, 0 for the archive
 * @param usedWeight what the address had used in that minute, this request included
 * @param standing whether the caller was allowed to call
 * @param status of the answer; 0 when the venue never answered
 * @param rows candles in the answer, 0 for anything but REST candles
 * @param bytes of the answer's body
 */
public record ServedRequest(
        Instant at,
        VenueHost host,
        RequestKind kind,
        String method,
        String path,
        Map<String, String> query,
        int weight,
        int usedWeight,
        Standing standing,
        int status,
        int rows,
        long bytes) {}
