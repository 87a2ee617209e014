package dev.candlewick.sink.parquet.file;

/** How a file holds integers. */
enum IntegerForm {
    /** 32 bits, signed. */
    INT32(4),
    /** 32 bits, unsigned. */
    UINT32(4),
    /** 64 bits, signed. */
    INT64(8),
    /** 64 bits, unsigned: those beyond the signed ones are refused. */
    UINT64(8),
    /** Impala's and old Spark's instants: nanoseconds of the day, then the Julian day. Read as microseconds. */
    INT96(12);

    private static final long JULIAN_DAY_OF_1970 = 2_440_588;
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    private final int bytes;

    IntegerForm(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    void read(byte[] from, int at, long[] to, int toAt, int count) {
        switch (this) {
            case INT64, UINT64 -> read64(from, at, to, toAt, count);
            case INT32 -> {
                for (int i = 0; i < count; i++) {
                    to[toAt + i] = (int) ByteBuilder.INT_LITTLE.get(from, at + i * 4);
                }
            }
            case UINT32 -> {
                for (int i = 0; i < count; i++) {
                    to[toAt + i] = (int) ByteBuilder.INT_LITTLE.get(from, at + i * 4) & 0xFFFF_FFFFL;
                }
            }
            case INT96 -> {
                for (int i = 0; i < count; i++) {
                    to[toAt + i] = instant(from, at + i * 12);
                }
            }
        }
    }

    private static void read64(byte[] from, int at, long[] to, int toAt, int count) {
        for (int i = 0; i < count; i++) {
            to[toAt + i] = (long) ByteBuilder.LONG_LITTLE.get(from, at + i * 8);
        }
    }

    private static long instant(byte[] from, int at) {
        long nanos = (long) ByteBuilder.LONG_LITTLE.get(from, at);
        long day = (int) ByteBuilder.INT_LITTLE.get(from, at + 8) & 0xFFFF_FFFFL;
        if (nanos % 1_000 != 0) {
            throw new BadBytes("an instant has " + nanos + " nanoseconds, and columns hold whole microseconds");
        }
        return Math.addExact(Math.multiplyExact(day - JULIAN_DAY_OF_1970, MICROS_PER_DAY), nanos / 1_000);
    }
}
