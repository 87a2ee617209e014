package dev.candlewick.source.tardis;

import dev.candlewick.Source;
import dev.candlewick.spi.SourceProvider;
import java.util.Map;

/**
 * Opens {@code tardis}, with the settings of the environment, and {@code tardis:BASE_URL}, a mirror that has both files and
 * the catalogue.
 */
public final class TardisSourceProvider implements SourceProvider {

    /** For {@link java.util.ServiceLoader}. */
    public TardisSourceProvider() {}

    @Override
    public String scheme() {
        return "tardis";
    }

    @Override
    public String usage() {
        return "tardis, tardis:BASE_URL";
    }

    @Override
    public Source open(String address, Map<String, String> environment) {
        TardisSource.Builder builder = TardisSource.builder().fromEnvironment(environment);
        return (address.isBlank() ? builder : builder.baseUrl(address).apiUrl(address)).build();
    }
}
