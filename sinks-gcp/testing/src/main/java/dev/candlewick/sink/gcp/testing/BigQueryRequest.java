package dev.candlewick.sink.gcp.testing;

/**
 * A request as {@link LocalBigQuery} received it: what the rules of {@link BigQueryFaults} choose by.
 *
 * @param call what it asks for
 * @param method the HTTP method
 * @param path the path, without the query
 * @param body the body as text, unpacked; empty for the content of an upload
 */
public record BigQueryRequest(BigQueryCall call, String method, String path, String body) {}
