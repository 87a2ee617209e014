package dev.candlewick.spi;

import dev.candlewick.Source;
import dev.candlewick.Store;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Opens sources and stores by their address, {@code scheme:rest}, through the providers on the class path. */
public final class Addresses {

    /** Where the schemes of this project come from, for those who use one and lack its module. */
    private static final Map<String, String> MODULES = Map.of(
            "binance", "candlewick-sources-binance",
            "archive", "candlewick-sources-binance",
            "parquet", "candlewick-sinks-parquet",
            "postgres", "candlewick-sinks-postgres",
            "clickhouse", "candlewick-sinks-clickhouse",
            "gcs", "candlewick-sinks-gcp",
            "bigquery", "candlewick-sinks-gcp",
            "s3", "candlewick-sinks-s3",
            "tardis", "candlewick-sources-tardis");

    private Addresses() {}

    /** Opens a source such as {@code binance:spot} or {@code tardis}; a store is a source too. The caller closes it. */
    public static Source source(String address, Map<String, String> environment) {
        for (SourceProvider provider : ServiceLoader.load(SourceProvider.class)) {
            if (address.equals(provider.scheme())) {
                return provider.open("", environment);
            }
            if (address.startsWith(provider.scheme() + ":")) {
                return provider.open(address.substring(provider.scheme().length() + 1), environment);
            }
        }
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
            if (address.startsWith(provider.scheme() + ":")) {
                return provider.open(address.substring(provider.scheme().length() + 1), environment);
            }
        }
        Set<String> known = new TreeSet<>(sourceForms());
        known.addAll(storeForms());
        throw unknown("source", address, known);
    }

    /** Opens a store such as {@code parquet:data}. The caller closes it. */
    public static Store store(String address, Map<String, String> environment) {
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
            if (address.startsWith(provider.scheme() + ":")) {
                return provider.open(address.substring(provider.scheme().length() + 1), environment);
            }
        }
        throw unknown("store", address, new TreeSet<>(storeForms()));
    }

    /** How the addresses of stores look, by the {@linkplain StoreProvider#usage providers} on the class path, sorted. */
    public static List<String> storeForms() {
        return ServiceLoader.load(StoreProvider.class).stream()
                .map(provider -> provider.get().usage())
                .sorted()
                .toList();
    }

    /** How the addresses of venues look, by the {@linkplain SourceProvider#usage providers} on the class path, sorted. */
    public static List<String> sourceForms() {
        return ServiceLoader.load(SourceProvider.class).stream()
                .map(provider -> provider.get().usage())
                .sorted()
                .toList();
    }

    private static IllegalArgumentException unknown(String what, String address, Set<String> known) {
        String scheme = address.substring(0, Math.max(0, address.indexOf(':')));
        String module = MODULES.get(scheme);
        if (module != null
                && Stream.concat(sourceForms().stream(), storeForms().stream())
                        .noneMatch(form -> form.startsWith(scheme + ":"))) {
            return new IllegalArgumentException(shown(address) + " needs a module that is not on the class path: add"
                    + " dev.candlewick:" + module + " to it");
        }
        return new IllegalArgumentException(shown(address) + " is no " + what + " known here; "
                + (known.isEmpty()
                        ? "no module that offers one is on the class path"
                        : "known are " + String.join(", ", known)));
    }

    // What follows the scheme may hold a password.
    private static String shown(String address) {
        int colon = address.indexOf(':');
        String scheme = colon < 0 ? address : address.substring(0, colon);
        return scheme.matches("[A-Za-z0-9+._-]{1,40}") ? "'" + scheme + (colon < 0 ? "'" : ":…'") : "The address given";
    }
}
