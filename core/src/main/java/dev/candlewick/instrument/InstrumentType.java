package dev.candlewick.instrument;

import dev.candlewick.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What sort of instrument a key names. */
public enum InstrumentType {
    /** One asset for another, delivered at once: {@code BTC-USDT}. */
    SPOT_PAIR,
    /** A future without an end: {@code BTC-USDT@LIN}. */
    PERPETUAL,
    /** A contract that ends on a date: {@code BTC-USDT@LIN-250627}. */
    FUTURE,
    /** A right to buy or sell: {@code BTC-USD@INV-250425-200000-PUT}. */
    OPTION,
    /** Several contracts traded as one; its code is the venue's own symbol. */
    COMBO,
    /** A holding of an asset. */
    SPOT_ASSET,
    /** A share of a company. */
    EQUITY,
    /** A number that is computed, not traded. */
    INDEX,
    /** A liquid staking token. */
    LST,
    /** A token that stands for a deposit. */
    A_TOKEN,
    /** A token that stands for a debt. */
    DEBT_TOKEN,
    /**
     * An instrument of which no more is known than the venue's own symbol, which is its code: nothing is guessed about it.
     */
    RAW;

    private static final List<Dataset> SPOT_DATASETS = List.of(Dataset.TRADES, Dataset.book(5));
    private static final List<Dataset> DERIVATIVE_DATASETS =
            List.of(Dataset.TRADES, Dataset.book(5), Dataset.DERIVATIVE_TICKER, Dataset.LIQUIDATIONS);

    /** Reads a name, also in small letters; {@code PERP} is {@link #PERPETUAL}. */
    public static InstrumentType parse(String text) {
        String name = Ascii.upper(text);
        if (name.equals("PERP")) {
            return PERPETUAL;
        }
        for (InstrumentType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no type of instrument; there are "
                + Arrays.stream(values()).map(InstrumentType::name).collect(Collectors.joining(", ")));
    }

    /** Whether keys of this type take a {@link Margin}. */
    public boolean isDerivative() {
        return this == PERPETUAL || this == FUTURE || this == OPTION;
    }

    /** Whether the code is made of assets rather than being a venue's own symbol. */
    public boolean isPair() {
        return this == SPOT_PAIR || isDerivative();
    }

    /**
     * The datasets that are recorded of such instruments unless others are asked for. What a recorder does not offer of an
     * instrument has to be left out before asking.
     */
    public List<Dataset> usualDatasets() {
        return switch (this) {
            case PERPETUAL, FUTURE -> DERIVATIVE_DATASETS;
            default -> SPOT_DATASETS;
        };
    }
}
