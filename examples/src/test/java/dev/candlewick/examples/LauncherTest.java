package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which of its two builds the launcher starts, seen by a Java that only repeats what it is started with. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    private static final List<String> OURS = List.of("GCS_BUCKET", "BIGQUERY_DATASET", "CANDLEWICK_CLOUD");

    @TempDir
    private Path directory;

    @BeforeEach
    void build() throws IOException {
        Files.copy(Path.of("..", "candlewick"), directory.resolve("candlewick"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String kind : List.of("launcher", "cloud-launcher")) {
            Path built = Files.createDirectories(directory.resolve("examples/target/" + kind + "/lib"));
            Files.writeString(built.resolveSibling("built"), "");
            Files.writeString(built.resolve("all.jar"), "");
        }
        Path java = Files.createDirectories(directory.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aStoreInTheCloudThatOnlyAFileNamesIsThere() throws Exception {
        file("lake.env", "export GCS_BUCKET=\"lake\"");
        file("lake.yaml", "data: gcs:lake/ticks");
        file("market.yaml", "environment:\n  BIGQUERY_DATASET: market");
        for (String words : List.of(
                "ticks download --env-file lake.env",
                "ticks download --env-file=lake.env",
                "ticks download --config-file lake.yaml",
                "ticks daily --config-file=market.yaml")) {
            assertThat(started(words)).as(words).contains("/cloud-launcher/lib/all.jar");
        }
        assertThat(started("status --store parquet:data")).doesNotContain("cloud-launcher");
        file(".env", "BIGQUERY_DATASET=market");
        assertThat(started("ticks download")).contains("/cloud-launcher/lib/all.jar");
    }

    @Test
    void aFileThatNamesNoneLeavesTheCloudOut() throws Exception {
        file(".env", "# GCS_BUCKET=lake\nGCS_BUCKET=\nTARDIS_API_KEY=TD.x");
        file("plain.yaml", "data: parquet:data # or gcs:lake\n");
        for (String words : List.of("ticks download", "ticks download --config-file plain.yaml", "ticks --env-file")) {
            assertThat(started(words)).as(words).contains("/launcher/lib/all.jar");
        }
    }

    @Test
    void whereTheCloudIsLeftOutTheMessageSaysHowToHaveIt() {
        List<String> forms = List.of("parquet:DIRECTORY");
        for (String address : List.of("gcs:lake", "bigquery:", "s3:lake/ticks")) {
            assertThatThrownBy(() -> StoreAddress.requireBuilt(address, forms))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("CANDLEWICK_CLOUD=1");
        }
        StoreAddress.requireBuilt("parquet:gcs:", forms);
        StoreAddress.requireBuilt("data", forms);
        StoreAddress.requireBuilt("gcs:lake", List.of("gcs:BUCKET/PREFIX"));
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private String started(String words) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", "candlewick"));
        command.addAll(List.of(words.split(" ")));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        Map<String, String> environment = builder.environment();
        OURS.forEach(environment::remove);
        environment.put("JAVA_HOME", directory.resolve("jdk").toString());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }
}
