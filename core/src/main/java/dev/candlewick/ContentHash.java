package dev.candlewick;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The identity of a run of rows: equal for equal rows in equal order, whatever batches, store or machine they come from.
 * It detects damage and change; it is no defence against forgery.
 *
 * <p>Every column is folded into two 64-bit lanes, value by value (a multiply and a rotation each, so hashing a year of
 * 1-minute candles takes a few milliseconds); the hash is the SHA-256 of the number of rows and each column's name, type
 * and lanes. Decimals are hashed as 128-bit integers whatever form a batch holds them in. For one thread.
 */
public final class ContentHash {

    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long NULL = 0x27D4EB2F165667C5L;

    private final List<Field> fields;
    private final long[] first;
    private final long[] second;
    private long rows;

    /** The hash of no rows yet. */
    public ContentHash(Schema schema) {
        this.fields = schema.fields();
        this.first = new long[fields.size()];
        this.second = new long[fields.size()];
    }

    /** The hash of one run of rows. */
    public static String of(Schema schema, List<Batch> batches) {
        ContentHash hash = new ContentHash(schema);
        batches.forEach(hash::add);
        return hash.value();
    }

    /** Adds rows that follow the ones before. */
    public void add(Batch batch) {
        batch.requireWhole();
        for (int i = 0; i < fields.size(); i++) {
            add(i, batch.columns().get(i));
        }
        rows += batch.rows();
    }

    /** Rows so far. */
    public long rows() {
        return rows;
    }

    /** The hash of the rows so far, 64 hex digits. */
    public String value() {
        List<String> parts = new ArrayList<>();
        parts.add("candlewick-content-1");
        parts.add(Long.toString(rows));
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            parts.add(field.name() + " " + field.type() + " " + Long.toHexString(first[i]) + " "
                    + Long.toHexString(second[i]));
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }

    private void add(int index, Column column) {
        long a = first[index];
        long b = second[index];
        int size = column.size();
        if (column instanceof DecimalColumn decimals && decimals.fitsLong() && !decimals.hasNulls()) {
            // The common case, kept free of per-row type tests; must equal the general loop below.
            for (int row = 0; row < size; row++) {
                long low = decimals.low(row);
                a = fold(a, low);
                b = fold(b, low ^ (low >> 63) * PRIME_2);
            }
        } else {
            byte[] text = new byte[TextNumbers.MOST_DIGITS];
            for (int row = 0; row < size; row++) {
                long low;
                long high;
                if (column.isNull(row)) {
                    low = NULL;
                    high = NULL;
                } else if (column instanceof DecimalColumn decimals) {
                    low = decimals.low(row);
                    high = decimals.high(row);
                } else if (column instanceof TextColumn texts && texts.isNumeric()) {
                    // As below, of the digits, without a text for each.
                    int digits = TextNumbers.digits(texts.number(row), text, 0);
                    low = digits;
                    high = 0;
                    for (int i = 0; i < digits; i++) {
                        low = fold(low, text[i]);
                        high = fold(high, text[i] + PRIME_1);
                    }
                } else if (column instanceof TextColumn texts) {
                    byte[] bytes = texts.value(row).getBytes(StandardCharsets.UTF_8);
                    low = bytes.length;
                    high = 0;
                    for (byte octet : bytes) {
                        low = fold(low, octet);
                        high = fold(high, octet + PRIME_1);
                    }
                } else {
                    low = bits(column, row);
                    high = low >> 63;
                }
                a = fold(a, low);
                b = fold(b, low ^ high * PRIME_2);
            }
        }
        first[index] = a;
        second[index] = b;
    }

    private static long bits(Column column, int row) {
        if (column instanceof TimeColumn times) {
            return times.epochMicros(row);
        } else if (column instanceof LongColumn longs) {
            return longs.value(row);
        } else if (column instanceof DoubleColumn doubles) {
            return Double.doubleToLongBits(doubles.value(row));
        } else {
            return ((BooleanColumn) column).value(row) ? 1 : 2;
        }
    }

    private static long fold(long state, long value) {
        return Long.rotateLeft(state ^ value * PRIME_2, 31) * PRIME_1 + NULL;
    }
}
