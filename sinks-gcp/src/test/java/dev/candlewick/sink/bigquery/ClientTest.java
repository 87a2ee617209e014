package dev.candlewick.sink.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.candlewick.Refused;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store makes of credentials, and of a client that it is given. */
class ClientTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'service_account', 'client_id': '1', 'client_email': 'a@b.example', 'private_key_id': 'SECRET',"
                        + " 'private_key': '-----BEGIN PRIVATE KEY-----\\n*SECRET*\\n-----END PRIVATE KEY-----\\n'}",
                "{'type': 'service_account', 'client_id': '1', 'client_email': 'a@b.example', 'private_key_id': 'SECRET',"
                        + " 'private_key': 'SECRET'}",
                "{'type': 'SECRET'}",
                "{'type': 7, 'SECRET': 1}",
                "SECRET",
                ""
            })
    void aKeyFileThatCannotBeReadIsNamedAndNothingInItIs(String content) throws IOException {
        Path file = folder.resolve("key.json");
        Files.writeString(file, content.replace('\'', '"'));
        BigQueryStore.Builder settings =
                BigQueryStore.builder("my-project", "market").credentials(file);
        Throwable refused = catchThrowable(settings::client);
        assertThat(refused).isInstanceOf(Refused.class).hasMessageContaining(file.toString());
        StringWriter trace = new StringWriter();
        refused.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("SECRET");
    }
}
