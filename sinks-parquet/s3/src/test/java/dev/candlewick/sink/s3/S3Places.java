package dev.candlewick.sink.s3;

import dev.candlewick.sink.parquet.testing.S3Server;

/** Storages of which nothing is there yet. */
final class S3Places {

    private S3Places() {}

    /** A storage at a fresh place of a server. */
    static S3StorageBuilder builder(S3Server server) {
        String place = server.freshPlace();
        int slash = place.indexOf('/');
        return S3Storage.builder(place.substring(0, slash))
                .prefix(place.substring(slash + 1))
                .from(server.environment());
    }
}
