package dev.candlewick.sink.s3;

/** Where in an address the bucket is. */
enum AddressStyle {
    /** {@code https://bucket.host/name}. */
    HOST,
    /** {@code https://host/bucket/name}. */
    PATH
}
