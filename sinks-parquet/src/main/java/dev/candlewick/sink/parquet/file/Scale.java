package dev.candlewick.sink.parquet.file;

/** An exact change of unit: times a power of ten, or divided by one where nothing is lost. */
record Scale(int digits) {

    static final Scale NONE = new Scale(0);

    /** The value in the new unit; {@link ArithmeticException} when it is not whole or beyond 64 bits. */
    long apply(long value) {
        if (digits == 0 || value == 0) {
            return value;
        }
        if (Math.abs(digits) > 18) {
            throw new ArithmeticException("beyond 64 bits");
        }
        long power = 1;
        for (int i = 0; i < Math.abs(digits); i++) {
            power *= 10;
        }
        if (digits > 0) {
            return Math.multiplyExact(value, power);
        }
        if (value % power != 0) {
            throw new ArithmeticException("not whole");
        }
        return value / power;
    }
}
