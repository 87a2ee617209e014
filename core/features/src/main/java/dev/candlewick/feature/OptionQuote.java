package dev.candlewick.feature;

/** The last known row of one option. Overwritten in place, so that a day of rows makes no more garbage than options. */
final class OptionQuote {

    long timestamp;
    long arrived;
    long expiration;
    double strike;
    boolean call;
    /** A fraction; NaN where the venue said none. */
    double markIv;
    /** NaN where the venue said none. */
    double delta;
}
