/**
 * HTTP for sources: one client, request budgets shared by all who draw on the same server, retries that obey the
 * server, bounded bodies, and errors that say what to do next.
 *
 * <p>A source builds one {@link dev.candlewick.http.HttpTransport}, names the {@link dev.candlewick.http.RateBudget} of
 * each server pool, and sends {@link dev.candlewick.http.HttpRequest} values. Waiting, retrying, bans and redaction
 * happen here and nowhere else.
 */
@NullMarked
package dev.candlewick.http;

import org.jspecify.annotations.NullMarked;
