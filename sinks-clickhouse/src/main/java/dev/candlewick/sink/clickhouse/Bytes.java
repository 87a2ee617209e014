package dev.candlewick.sink.clickhouse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes with the little-endian numbers of ClickHouse's {@code Native} format. For one thread. */
final class Bytes {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] array;
    private int size;

    Bytes(int capacity) {
        this.array = new byte[Math.max(64, capacity)];
    }

    byte[] array() {
        return array;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** Makes room for more bytes, perhaps in another array, and gives the place where they begin. */
    int claim(int count) {
        int at = size;
        int end = Math.addExact(size, count);
        if (end > array.length) {
            array = Arrays.copyOf(array, (int) Math.max(end, Math.min(Integer.MAX_VALUE - 16L, array.length * 2L)));
        }
        size = end;
        return at;
    }

    /** Gives back what was claimed and not used. */
    void giveBackFrom(int end) {
        size = end;
    }

    void octet(int value) {
        int at = claim(1);
        array[at] = (byte) value;
    }

    void int32(int value) {
        int at = claim(Integer.BYTES);
        INTS.set(array, at, value);
    }

    void int64(long value) {
        int at = claim(Long.BYTES);
        LONGS.set(array, at, value);
    }

    /** The first {@code count} numbers of the array. */
    void int64s(long[] values, int count) {
        int at = claim(Math.multiplyExact(count, Long.BYTES));
        ByteBuffer.wrap(array, at, count * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .put(values, 0, count);
    }

    /** A number many times. */
    void int64s(long value, int count) {
        int at = claim(Math.multiplyExact(count, Long.BYTES));
        for (int i = 0; i < count; i++) {
            LONGS.set(array, at + i * Long.BYTES, value);
        }
    }

    void zeros(int count) {
        int at = claim(count);
        Arrays.fill(array, at, at + count, (byte) 0);
    }

    /** An unsigned number in as few bytes as it needs, seven bits each. */
    void varint(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            octet((int) (left & 0x7F) | 0x80);
            left >>>= 7;
        }
        octet((int) left);
    }

    void text(String value) {
        text(value.getBytes(StandardCharsets.UTF_8));
    }

    /** The length, then the bytes. */
    void text(byte[] value) {
        varint(value.length);
        int at = claim(value.length);
        System.arraycopy(value, 0, array, at, value.length);
    }

    static void putInt64(byte[] array, int at, long value) {
        LONGS.set(array, at, value);
    }

    static long int64(byte[] array, int at) {
        return (long) LONGS.get(array, at);
    }

    static int int32(byte[] array, int at) {
        return (int) INTS.get(array, at);
    }
}
