package dev.candlewick;

import java.time.Instant;

/**
 * What one file or request answered: the provenance of rows and of proven emptiness.
 *
 * @param range the stretch asked about
 * @param route which way it came: {@code archive-monthly}, {@code archive-daily}, {@code rest}, a store's name …
 * @param request the URL or path asked, without secrets
 * @param status the HTTP status, 0 where there is none
 * @param checksum {@code sha256:} and 64 hex digits of the bytes that arrived; empty where none was taken
 * @param version what the publisher uses to tell versions apart (its checksum or ETag); empty where it has none
 * @param rows how many rows it held inside the range
 * @param at when it was asked
 * @param note what a reader should know: the time unit proven, a checksum accepted with evidence …; may be empty
 */
public record Answer(
        TimeRange range,
        String route,
        String request,
        int status,
        String checksum,
        String version,
        long rows,
        Instant at,
        String note) {

    /** The same answer, with this after what its note says already; an empty addition changes nothing. */
    public Answer noted(String addition) {
        if (addition.isEmpty()) {
            return this;
        }
        String whole = note.isEmpty() ? addition : note + "; " + addition;
        return new Answer(range, route, request, status, checksum, version, rows, at, whole);
    }

    @Override
    public String toString() {
        return route + " " + request + " → " + (status == 0 ? "" : status + ", ") + rows + " rows"
                + (note.isEmpty() ? "" : " (" + note + ")");
    }
}
