package dev.candlewick.http;

/** Leave to send one request, until it is answered or abandoned. */
final class Grant {

    private final int weight;
    private final String lane;
    private final long grantedAt;

    Grant(int weight, String lane, long grantedAt) {
        this.weight = weight;
        this.lane = lane;
        this.grantedAt = grantedAt;
    }

    int costIn(RateLimit limit) {
        return limit.appliesTo(lane) ? limit.costOf(weight) : 0;
    }

    /** Local epoch microseconds. */
    long grantedAt() {
        return grantedAt;
    }
}
