package dev.candlewick.spi;

import dev.candlewick.Source;
import dev.candlewick.Store;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/** Opens sources and stores by their address, {@code scheme:rest}, through the providers on the class path. */
public final class Addresses {

    private Addresses() {}

    /** Opens a source such as {@code binance:spot}; a store is a source too. The caller closes it. */
    public static Source source(String address, Map<String, String> environment) {
        for (SourceProvider provider : ServiceLoader.load(SourceProvider.class)) {
            if (address.startsWith(provider.scheme() + ":")) {
                return provider.open(address.substring(provider.scheme().length() + 1), environment);
            }
        }
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
            if (address.startsWith(provider.scheme() + ":")) {
                return provider.open(address.substring(provider.scheme().length() + 1), environment);
            }
        }
        TreeSet<String> known = new TreeSet<>();
        ServiceLoader.load(SourceProvider.class).forEach(provider -> known.add(provider.usage()));
        ServiceLoader.load(StoreProvider.class).forEach(provider -> known.add(provider.usage()));
        throw unknown("source", address, known);
    }

    /** Opens a store such as {@code parquet:data}. The caller closes it. */
    public static Store store(String address, Map<String, String> environment) {
        TreeSet<String> known = new TreeSet<>();
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
            if (address.startsWith(provider.scheme() + ":")) {
                return provider.open(address.substring(provider.scheme().length() + 1), environment);
            }
            known.add(provider.usage());
        }
        throw unknown("store", address, known);
    }

    private static IllegalArgumentException unknown(String what, String address, Set<String> known) {
        return new IllegalArgumentException("'" + address + "' is no " + what + " known here; "
                + (known.isEmpty()
                        ? "no module that offers one is on the class path"
                        : "known are " + String.join(", ", known)));
    }
}
