package dev.candlewick.sink.postgres.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PostgresServerTest {

    @Test
    void aSharedServerAnswersAndGivesEmptyDatabases() {
        PostgresServer server = PostgresServer.shared();
        String database = server.freshDatabase();
        assertThat(server.execute("SELECT 1 + 1, 'a'")).isEqualTo("2\ta");
        assertThat(database).isNotEqualTo(server.jdbcUrl()).isNotEqualTo(server.freshDatabase());
        PostgresServer.execute(database, "CREATE TABLE t (x int)");
        assertThat(PostgresServer.execute(database, "SELECT count(*) FROM t")).isEqualTo("0");
        assertThat(PostgresServer.shared()).isSameAs(server);
    }

    @Test
    void whatWasCommittedSurvivesAKillAndARestart() {
        try (PostgresServer server = PostgresServer.start("max_connections=20")) {
            assertThat(server.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit'),"
                            + " current_setting('max_connections')"))
                    .isEqualTo("on\ton\t20");
            server.execute("CREATE TABLE t AS SELECT * FROM generate_series(1, 1000)");
            long before = server.pid();
            server.kill();
            server.restart();
            assertThat(server.pid()).isNotEqualTo(before);
            assertThat(server.execute("SELECT count(*) FROM t")).isEqualTo("1000");
            server.pause();
            server.resume();
            server.restart();
            assertThat(server.execute("SELECT 1")).isEqualTo("1");
        }
    }
}
