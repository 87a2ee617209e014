package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Simulated candles never get into a store of real ones. */
class DemoDirectoryTest {

    @TempDir
    private Path directory;

    @Test
    void aDirectoryWithAnythingInItIsLeftAlone() throws IOException {
        Path there = Files.createDirectory(directory.resolve("store"));
        Files.createDirectory(there.resolve("_candlewick"));

        Run demo = Run.of(Map.of(), "demo", "--dir", there.toString());

        assertThat(demo.code()).isEqualTo(ExitCode.USAGE);
        assertThat(demo.err()).contains("--dir " + there + " is not empty");
        assertThat(there)
                .isDirectoryContaining("glob:**_candlewick")
                .isDirectoryNotContaining("glob:**.candlewick-demo");
    }

    @Test
    void aFileIsNoPlaceForADemo() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "mine");

        Run demo = Run.of(Map.of(), "demo", "--dir", file.toString());

        assertThat(demo.code()).isEqualTo(ExitCode.USAGE);
        assertThat(demo.err()).contains("--dir " + file + " is a file");
        assertThat(file).hasContent("mine");
    }

    @Test
    void aDemoRunsAgainWhereItRan() {
        String there = directory.resolve("new").toString();

        Run first = Run.of(Map.of(), "demo", "--dir", there);
        assertThat(first.code()).as(first.err()).isEqualTo(ExitCode.DONE);
        Run again = Run.of(Map.of(), "demo", "--dir", there);
        assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.DONE);
    }
}
