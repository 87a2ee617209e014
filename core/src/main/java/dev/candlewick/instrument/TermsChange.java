package dev.candlewick.instrument;

import java.time.Instant;

/**
 * What was different before an instant.
 *
 * @param until up to when, exclusive
 * @param before the terms that were then other than later; those that were not are unknown here
 */
public record TermsChange(Instant until, TradingTerms before) {}
