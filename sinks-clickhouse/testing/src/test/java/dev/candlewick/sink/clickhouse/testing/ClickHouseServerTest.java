package dev.candlewick.sink.clickhouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ClickHouseServerTest {

    private static final String USERS = """
            <clickhouse>
              <profiles><default/><looking><readonly>1</readonly></looking></profiles>
              <quotas><default/></quotas>
              <users>
                <default><password/><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default>
                <reader><password>secret</password><networks><ip>::/0</ip></networks><profile>looking</profile><quota>default</quota></reader>
              </users>
            </clickhouse>
            """;

    @Test
    void aSharedServerAnswersAndGivesEmptyDatabases() {
        ClickHouseServer server = ClickHouseServer.shared();
        String database = server.freshDatabase();
        assertThat(server.execute("SELECT 1 + 1")).isEqualTo("2");
        assertThat(database).startsWith(server.url() + "/").isNotEqualTo(server.freshDatabase());
        assertThat(ClickHouseServer.shared()).isSameAs(server);
    }

    @Test
    void whatWasWrittenSurvivesAKillAndARestart() {
        try (ClickHouseServer server = ClickHouseServer.start()) {
            server.execute("CREATE DATABASE d");
            server.execute("CREATE TABLE d.t (x UInt64) ENGINE = MergeTree ORDER BY x");
            server.execute("INSERT INTO d.t SELECT number FROM numbers(1000)");
            long before = server.pid();
            server.kill();
            server.restart();
            assertThat(server.pid()).isNotEqualTo(before);
            assertThat(server.execute("SELECT count() FROM d.t")).isEqualTo("1000");
            server.pause();
            server.resume();
            assertThat(server.execute("SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void usersOfItsOwnNeedTheirPasswords() {
        try (ClickHouseServer server = ClickHouseServer.start(USERS)) {
            server.execute("CREATE DATABASE d");
            assertThat(server.execute("SELECT name FROM system.users ORDER BY name"))
                    .isEqualTo("default\nreader");
        }
    }

    @Test
    void anEngineThatEndsAtOnceSaysWhy() {
        assertThatThrownBy(() -> ClickHouseServer.start("<clickhouse><users>"))
                .hasStackTraceContaining("ended at once")
                .hasStackTraceContaining("users.xml");
    }
}
