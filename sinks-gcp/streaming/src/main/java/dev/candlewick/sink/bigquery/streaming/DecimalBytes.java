package dev.candlewick.sink.bigquery.streaming;

/**
 * Decimals as the Storage Write API takes them: the value times 10<sup>9</sup> (NUMERIC) or 10<sup>38</sup> (BIGNUMERIC) as a
 * two's complement integer of as few bytes as hold it, the least significant first.
 *
 * <p>Candles have five BIGNUMERIC columns, so this is where their encoding spends its time: products of 64-bit limbs
 * instead of {@link java.math.BigInteger}, without garbage.
 */
final class DecimalBytes {

    /** The greatest number of bytes of one value. */
    static final int MOST = 32;

    private final long factorLow;
    private final long factorHigh;

    /** For values whose unscaled integer has to be multiplied by 10<sup>digits</sup>, at most 38. */
    DecimalBytes(int digits) {
        java.math.BigInteger factor = java.math.BigInteger.TEN.pow(digits);
        this.factorLow = factor.longValue();
        this.factorHigh = factor.shiftRight(64).longValue();
    }

    /** Writes the product with the 128-bit integer {@code high:low} at {@code at} and tells how many bytes it took. */
    int write(long high, long low, byte[] target, int at) {
        if (factorHigh == 0 && factorLow > 0 && high == low >> 63) {
            long product = low * factorLow;
            if (Math.multiplyHigh(low, factorLow) == product >> 63) {
                return writeLong(product, target, at);
            }
        }
        return writeWide(high, low, target, at);
    }

    private static int writeLong(long value, byte[] target, int at) {
        int bytes = (72 - Long.numberOfLeadingZeros(value ^ (value >> 63))) >> 3;
        long rest = value;
        for (int i = 0; i < bytes; i++) {
            target[at + i] = (byte) rest;
            rest >>= 8;
        }
        return bytes;
    }

    private int writeWide(long high, long low, byte[] target, int at) {
        boolean negative = high < 0;
        long m0 = negative ? -low : low;
        long m1 = negative ? ~high + (low == 0 ? 1 : 0) : high;
        // (m1:m0) × (factorHigh:factorLow), schoolbook, unsigned.
        long r0 = m0 * factorLow;
        long r1 = unsignedHigh(m0, factorLow);
        long r2 = 0;
        long r3 = 0;

        long part = m1 * factorLow;
        r1 += part;
        r2 += carry(r1, part) + unsignedHigh(m1, factorLow);

        part = m0 * factorHigh;
        r1 += part;
        long carried = carry(r1, part);
        part = unsignedHigh(m0, factorHigh) + carried; // cannot overflow: the high half of a product is below 2^64 - 1
        r2 += part;
        r3 += carry(r2, part);

        part = m1 * factorHigh;
        r2 += part;
        r3 += carry(r2, part) + unsignedHigh(m1, factorHigh);

        if (negative) {
            r0 = -r0;
            r1 = ~r1 + (r0 == 0 ? 1 : 0);
            r2 = ~r2 + (r0 == 0 && r1 == 0 ? 1 : 0);
            r3 = ~r3 + (r0 == 0 && r1 == 0 && r2 == 0 ? 1 : 0);
        }
        writeEight(r0, target, at);
        writeEight(r1, target, at + 8);
        writeEight(r2, target, at + 16);
        writeEight(r3, target, at + 24);
        return shortened(target, at, r3 >> 63);
    }

    /** How many of 32 bytes are needed for the same number. */
    private static int shortened(byte[] target, int at, long sign) {
        int bytes = MOST;
        while (bytes > 1 && target[at + bytes - 1] == (byte) sign && (target[at + bytes - 2] < 0) == (sign < 0)) {
            bytes--;
        }
        return bytes;
    }

    private static void writeEight(long value, byte[] target, int at) {
        for (int i = 0; i < 8; i++) {
            target[at + i] = (byte) (value >>> (8 * i));
        }
    }

    // 1 when the sum of which the part is one wrapped around.
    private static long carry(long sum, long part) {
        return Long.compareUnsigned(sum, part) < 0 ? 1 : 0;
    }

    private static long unsignedHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
    }
}
