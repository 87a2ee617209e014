package dev.candlewick.source.binance.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** What a misbehaviour does, by the stage of the answer at which it does it. */
sealed interface Effect {
    /** Something else is answered. */
    record Answer(Reply reply) implements Effect {}

    /** The caller is told to go away with 429 or 418. */
    record Throttle(int status, Duration length, RetryAfter form) implements Effect {}

    /** How the end of a wait is announced. */
    enum RetryAfter {
        SECONDS,
        HTTP_DATE,
        NONE
    }

    /** The answer travels badly. */
    record Travel(UnaryOperator<Delivery> change) implements Effect {}

    /** Candle rows, field by field, in REST answers and archive files. */
    record Rows(UnaryOperator<List<String[]>> change) implements Effect {}

    /** The candles that go into an archive file. */
    record Bars(UnaryOperator<List<Bar>> change) implements Effect {}

    /** The unit of an archive file's times. */
    record Times(TimeFormat times) implements Effect {}

    /** Whether an archive file begins with a header. */
    record Header(HeaderLine header) implements Effect {}

    /** Two ways to begin a file. */
    enum HeaderLine {
        PRESENT,
        ABSENT
    }

    /** The bytes of an archive file's member. */
    record Content(UnaryOperator<byte[]> change) implements Effect {}

    /** How a member, given by name and content, is packed; the checksum agrees with the result. */
    record Packing(BiFunction<String, byte[], byte[]> zip) implements Effect {}

    /** The bytes of a zip as sent; the checksum tells of the undamaged one. */
    record Damage(UnaryOperator<byte[]> change) implements Effect {}

    /** The text of a checksum file. */
    record Checksum(UnaryOperator<String> change) implements Effect {}

    /** A file is not in the archive: neither it nor its checksum nor its line in the listing. */
    record Absent() implements Effect {}

    /** The listing knows nothing that was published later. */
    record StaleListing(Instant asOf) implements Effect {}

    /** Whether the effect belongs to the file as published, and so to its checksum too. */
    default boolean isPublished() {
        return this instanceof Rows
                || this instanceof Bars
                || this instanceof Times
                || this instanceof Header
                || this instanceof Content
                || this instanceof Packing
                || this instanceof Absent;
    }
}
