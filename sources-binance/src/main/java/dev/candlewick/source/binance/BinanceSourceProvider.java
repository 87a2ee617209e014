package dev.candlewick.source.binance;

import dev.candlewick.Source;
import dev.candlewick.spi.SourceProvider;
import java.util.Map;

/** Opens {@code binance:spot}, {@code binance:um} and {@code binance:cm}. */
public final class BinanceSourceProvider implements SourceProvider {

    /** For {@link java.util.ServiceLoader}. */
    public BinanceSourceProvider() {}

    @Override
    public String scheme() {
        return "binance";
    }

    @Override
    public String usage() {
        return "binance:spot, binance:um, binance:cm";
    }

    @Override
    public Source open(String address, Map<String, String> environment) {
        return BinanceSource.builder(Market.parse(address))
                .fromEnvironment(environment)
                .build();
    }
}
