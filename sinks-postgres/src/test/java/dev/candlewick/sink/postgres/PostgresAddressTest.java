package dev.candlewick.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresAddressTest {

    @Test
    void whatCannotBeAnAddressIsRefusedWithoutQuotingIt() {
        for (String wrong : List.of(
                "postgresql://me:canary/ret?x@localhost/db",
                "postgresql://me:canary?x@localhost/db",
                "postgresql://me:5432/canary@localhost/db",
                "postgresql://me:5432/canary?x=1@localhost/db",
                "postgresql://me:can#ary@local#canary/db",
                "postgresql://me:100%canary@localhost/db",
                "postgresql://me:100%zzcanary@localhost/db",
                "jdbc:postgresql://localhost/db;password=canary",
                "jdbc:postgresql://localhost/db&password=canary",
                "jdbc:postgresql://localhost/db password=canary",
                "jdbc:postgresql://localhost/db?canary",
                "jdbc:postgresql://localhost/db?user=me&can ary=1",
                "jdbc:postgresql://localhost/db?password=canary%",
                "jdbc:postgresql://localhost:canary/db",
                "jdbc:postgresql://localhost:99999/canary",
                "jdbc:postgresql://localhost:0/canary",
                "jdbc:postgresql://localhost:5432:canary/db",
                "jdbc:postgresql://loc_al host/canary",
                "jdbc:postgresql://localhost/",
                "jdbc:postgresql:canary",
                "postgresql://canary@host",
                "mysql://me:canary@host/db",
                "canary")) {
            assertThatThrownBy(() -> PostgresStore.at(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("jdbc:postgresql://HOST:5432/DATABASE")
                    .satisfies(refused -> assertThat(printed(refused)).doesNotContain("canary", "ary", "zz"));
        }
    }

    @Test
    void whatIsAnAddressIsTaken() {
        PostgresAddress plain =
                PostgresAddress.parse("jdbc:postgresql://db.example:5433/market?user=me@azure&password=p@ss");
        assertThat(plain.places()).isEqualTo("db.example:5433/market");
        assertThat(plain.user()).isEqualTo("me@azure");
        assertThat(plain.password()).isEqualTo("p@ss");
        PostgresAddress encoded =
                PostgresAddress.parse("postgresql://me%40x:s%2Fe%3Fc%25+ret@[::1]:5432,b/my%20db?sslmode=require");
        assertThat(encoded.places()).isEqualTo("[::1]:5432,b/my%20db");
        assertThat(encoded.user()).isEqualTo("me@x");
        assertThat(encoded.password()).isEqualTo("s/e?c%+ret");
        assertThat(encoded.parameters()).containsEntry("sslmode", "require");
        assertThat(PostgresAddress.parse("postgres:///market").jdbcUrl()).isEqualTo("jdbc:postgresql:///market");
        assertThat(PostgresAddress.parse("postgresql://me:p@ss@host/db").password())
                .isEqualTo("p@ss");
    }

    @Test
    void everySecretOfAnAddressIsTakenOutOfMessages() {
        PostgresAddress address = PostgresAddress.parse(
                "jdbc:postgresql://host/db?user=me&password=canary-1&sslpassword=canary-2&sslkey=key");
        Failures failures = new Failures("place", address.user(), address.secrets());
        SQLException failure = new SQLException("canary-2", new SQLException("of canary-1"));
        assertThat(printed(failures.of("Doing", failure))).contains("***").doesNotContain("canary");
        assertThat(address + " " + PostgresStore.at("jdbc:postgresql://host/db?sslpassword=canary-2"))
                .doesNotContain("canary");
    }

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString().lines().filter(line -> !line.startsWith("\tat ")).reduce("", (a, b) -> a + "\n" + b);
    }
}
