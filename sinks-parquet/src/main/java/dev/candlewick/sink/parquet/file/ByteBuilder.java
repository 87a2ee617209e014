package dev.candlewick.sink.parquet.file;

import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing byte array with the integer forms of the format. An output stream so that Thrift can write into it. */
final class ByteBuilder extends OutputStream {

    static final VarHandle LONG_LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG_BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INT_LITTLE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] array;
    private int size;

    ByteBuilder(int capacity) {
        array = new byte[Math.max(64, capacity)];
    }

    int size() {
        return size;
    }

    /** The bytes so far are the first {@link #size} of this array, which growing replaces. */
    byte[] array() {
        return array;
    }

    byte[] toBytes() {
        return Arrays.copyOf(array, size);
    }

    void clear() {
        size = 0;
    }

    /** Makes room for that many bytes behind the current end, to be filled in place. */
    byte[] room(int count) {
        if (count > array.length - size) {
            int needed = Math.addExact(size, count);
            array = Arrays.copyOf(array, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, array.length * 2L)));
        }
        return array;
    }

    /** Moves the end after bytes were filled in place. */
    void advance(int count) {
        size += count;
    }

    void int32(int value) {
        room(4);
        INT_LITTLE.set(array, size, value);
        size += 4;
    }

    void int32At(int position, int value) {
        INT_LITTLE.set(array, position, value);
    }

    void int64(long value) {
        room(8);
        LONG_LITTLE.set(array, size, value);
        size += 8;
    }

    void varint(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            array[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[size++] = (byte) rest;
    }

    void zigzag(long value) {
        varint((value << 1) ^ (value >> 63));
    }

    @Override
    public void write(int value) {
        room(1);
        array[size++] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        room(count);
        System.arraycopy(bytes, from, array, size, count);
        size += count;
    }

    @Override
    public void close() {}
}
