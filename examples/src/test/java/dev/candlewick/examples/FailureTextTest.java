package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Unavailable;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailureTextTest {

    @Test
    void theReasonStandsBesideTheFile() {
        assertThat(FailureText.of(new Unavailable("Opening parquet:/x failed: /x.", new NoSuchFileException("/x"))))
                .isEqualTo("Opening parquet:/x failed: /x (no such file or directory)");
        assertThat(FailureText.of(new Unavailable(
                        "Opening parquet:/x failed: /x", new UncheckedIOException(new NotDirectoryException("/x")))))
                .endsWith("(not a directory)");
        assertThat(FailureText.of(new Unavailable("Failed: Permission denied", new AccessDeniedException("/x"))))
                .as("a reason that is there already is not repeated")
                .isEqualTo("Failed: Permission denied");
        assertThat(FailureText.of(new FileSystemException("/x", null, "No space left on device")))
                .isEqualTo("Reading or writing /x failed: No space left on device");
    }

    @Test
    void anErrorIsOneClearLine() {
        assertThat(ended(new OutOfMemoryError("Java heap space")))
                .contains("memory", "CANDLEWICK_JAVA_OPTS=-Xmx2g")
                .hasLineCount(1);
        assertThat(ended(new StackOverflowError()))
                .contains("should not have happened")
                .hasLineCount(1);
        assertThat(ended(new NoClassDefFoundError("x"))).contains("library").hasLineCount(1);
    }

    private static String ended(Error error) {
        Command failing = new Command() {
            @Override
            public Usage usage() {
                return Usage.of("fail", "Fails.");
            }

            @Override
            public ExitCode run(Arguments arguments, Console console) {
                throw error;
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                Clock.systemUTC(),
                Terminal.none());
        assertThat(new CommandLine(List.of(failing)).run(List.of("fail"), console))
                .isEqualTo(ExitCode.FAILED);
        return err.toString(StandardCharsets.UTF_8);
    }
}
