package dev.candlewick.sink.gcs;

import dev.candlewick.Unavailable;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import dev.candlewick.sink.parquet.objects.ObjectVersion;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads stretches of objects and what the answer's headers say of the whole. Thread-safe. */
final class Downloads {

    /** Instead of an offset: the last bytes are meant. */
    static final long FROM_THE_END = -1;

    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    private final Retries retries;
    private final Failures failures;
    private final Paths paths;

    Downloads(Retries retries, Failures failures, Paths paths) {
        this.retries = retries;
        this.failures = failures;
        this.paths = paths;
    }

    enum Kind {
        READ,
        /** Nothing has the name, or not that content. */
        ABSENT,
        /** There is nothing of the object there. */
        BEHIND_THE_END,
        /** The bytes do not have the checksum of the object. */
        DAMAGED,
        /** Other bytes came than were asked for. */
        OTHER
    }

    record Outcome(Kind kind, Optional<ObjectPart> part, String detail) {

        static Outcome of(Kind kind, String detail) {
            return new Outcome(kind, Optional.empty(), detail);
        }
    }

    Outcome read(String doing, String name, String full, Optional<ObjectVersion> version, long offset, int count) {
        String condition = version.map(known -> "&ifGenerationMatch=" + Paths.encoded(known.text()))
                .orElse("");
        long last = Math.addExact(Math.max(offset, 0), count - 1L);
        Answer answer = retries.ask(new Call(doing, "GET", paths.media(full, condition))
                .header("Range", offset == FROM_THE_END ? "bytes=-" + count : "bytes=" + offset + "-" + last)
                .answerOf(count));
        return switch (answer.status()) {
            case 200, 206 -> part(answer, name, offset, count);
            case 404 -> {
                if (answer.saysNoBucket()) {
                    throw failures.of(answer);
                }
                yield Outcome.of(Kind.ABSENT, "");
            }
            case 412, 304 -> Outcome.of(Kind.ABSENT, "");
            case 416 -> Outcome.of(Kind.BEHIND_THE_END, "");
            default -> throw failures.of(answer);
        };
    }

    private static Outcome part(Answer answer, String name, long offset, int count) {
        byte[] bytes = answer.body();
        long from = 0;
        long total = bytes.length;
        if (answer.status() == 206) {
            Matcher range = RANGE.matcher(answer.line("Content-Range").orElse(""));
            if (!range.matches()) {
                return Outcome.of(Kind.OTHER, "The answer does not say which bytes it has.");
            }
            from = Long.parseLong(range.group(1));
            total = Long.parseLong(range.group(3));
        }
        long wantedFrom = offset == FROM_THE_END ? Math.max(0, total - count) : offset;
        long wanted = Math.max(0, Math.min(count, total - wantedFrom));
        if (answer.status() == 206 && (from != wantedFrom || bytes.length != wanted)) {
            return Outcome.of(
                    Kind.OTHER,
                    "Asked for " + wanted + " bytes at " + wantedFrom + ", came " + bytes.length + " at " + from + ".");
        }
        Optional<String> expected = answer.header("x-goog-hash").stream()
                .filter(hash -> hash.startsWith("crc32c="))
                .map(hash -> hash.substring("crc32c=".length()))
                .findFirst();
        if (bytes.length == total && expected.isPresent() && !expected.get().equals(Content.crc32c(bytes))) {
            return Outcome.of(Kind.DAMAGED, "It has " + Content.crc32c(bytes) + " instead of " + expected.get() + ".");
        }
        ObjectHead head = head(answer, name, total);
        if (answer.status() == 200) {
            // The whole object, though less was asked for; short ones come so.
            int start = (int) Math.min(wantedFrom, total);
            bytes = Arrays.copyOfRange(bytes, start, start + (int) wanted);
            from = offset == FROM_THE_END ? wantedFrom : offset;
        }
        return new Outcome(Kind.READ, Optional.of(new ObjectPart(head, from, bytes)), "");
    }

    private static ObjectHead head(Answer answer, String name, long total) {
        Optional<ObjectVersion> version = answer.line("x-goog-generation").map(ObjectVersion::new);
        if (version.isEmpty()) {
            throw new Unavailable(
                    answer.call().doing() + ": the answer does not tell the object's generation; see whether"
                            + " the endpoint is a Cloud Storage, or a proxy answers in its place");
        }
        return new ObjectHead(name, version.get(), total, modified(answer));
    }

    // Only for people and for tidying up; the generation is what counts.
    private static Instant modified(Answer answer) {
        try {
            return answer.line("Last-Modified")
                    .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant())
                    .orElse(Instant.EPOCH);
        } catch (DateTimeParseException none) {
            return Instant.EPOCH;
        }
    }
}
