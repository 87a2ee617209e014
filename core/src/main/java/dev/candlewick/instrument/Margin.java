package dev.candlewick.instrument;

/**
 * What a derivative is settled in: the part of a key that tells apart contracts of the same pair and date. Of nine venues'
 * instruments all collisions of keys without it vanish with it.
 */
public enum Margin {
    /** Settled in the quote asset: profit is linear in the price. */
    LINEAR("LIN"),
    /** Settled in the base asset: profit is linear in one over the price. */
    INVERSE("INV"),
    /** Settled in a third asset at a fixed rate. */
    QUANTO("QUANTO");

    private final String code;

    Margin(String code) {
        this.code = code;
    }

    /** As keys write it behind the {@code @}: {@code LIN}, {@code INV} or {@code QUANTO}. */
    public String code() {
        return code;
    }

    /** Reads what {@link #code} gives. */
    public static Margin parse(String code) {
        for (Margin margin : values()) {
            if (margin.code.equals(code)) {
                return margin;
            }
        }
        throw new IllegalArgumentException("'" + code + "' is no margin; there are LIN, INV and QUANTO");
    }

    @Override
    public String toString() {
        return code;
    }
}
