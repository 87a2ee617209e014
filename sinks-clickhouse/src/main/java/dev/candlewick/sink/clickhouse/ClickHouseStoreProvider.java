package dev.candlewick.sink.clickhouse;

import dev.candlewick.Store;
import dev.candlewick.spi.StoreProvider;
import java.util.Map;

/**
 * Opens {@code clickhouse:http://HOST:8123/DATABASE}, with user and password from the address or from {@code
 * CLICKHOUSE_USER} and {@code CLICKHOUSE_PASSWORD}; and {@code clickhouse:} alone with all of it from the environment.
 */
public final class ClickHouseStoreProvider implements StoreProvider {

    /** For {@link java.util.ServiceLoader}. */
    public ClickHouseStoreProvider() {}

    @Override
    public String scheme() {
        return "clickhouse";
    }

    @Override
    public String usage() {
        return "clickhouse:http://HOST:8123/DATABASE";
    }

    @Override
    public Store open(String address, Map<String, String> environment) {
        if (address.isBlank()) {
            return ClickHouseStore.fromEnvironment(environment).build();
        }
        return ClickHouseStore.builder(address).credentialsFrom(environment).build();
    }
}
