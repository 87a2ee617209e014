package dev.candlewick.sink.postgres;

import dev.candlewick.Store;
import dev.candlewick.spi.StoreProvider;
import java.util.Map;

/**
 * Opens {@code postgres:jdbc:postgresql://…}. User and password may be in {@code PGUSER} and {@code PGPASSWORD} instead;
 * {@code postgres:} alone is the database in {@code DATABASE_URL}.
 */
public final class PostgresStoreProvider implements StoreProvider {

    /** For {@link java.util.ServiceLoader}. */
    public PostgresStoreProvider() {}

    @Override
    public String scheme() {
        return "postgres";
    }

    @Override
    public String usage() {
        return "postgres:jdbc:postgresql://HOST:5432/DATABASE";
    }

    @Override
    public Store open(String address, Map<String, String> environment) {
        String url = address.isBlank() ? environment.getOrDefault("DATABASE_URL", "") : address;
        if (url.isBlank()) {
            throw new IllegalArgumentException("'postgres:' needs a database: " + usage()
                    + ", with user and password in PGUSER and PGPASSWORD; or the whole address in DATABASE_URL");
        }
        return PostgresStore.builder(url).credentialsFrom(environment).build();
    }
}
