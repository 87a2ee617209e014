package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.source.binance.simulator.BinanceSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code --out} replaces regular files and nothing else. */
@DisabledOnOs(OS.WINDOWS)
class OutputTargetTest {

    private static final String RANGE = StoreOnTrial.range("2023-01-01", "2023-01-02");

    @TempDir
    private static Path shared;

    private static BinanceSimulator venue;
    private static StoreOnTrial store;

    @TempDir
    private Path directory;

    @BeforeAll
    static void fill() {
        venue = StoreOnTrial.openVenue();
        store = new StoreOnTrial(venue, shared.resolve("store"));
        assertThat(store.backfill(RANGE).code()).isEqualTo(ExitCode.DONE);
    }

    @AfterAll
    static void shut() {
        venue.close();
    }

    @Test
    void aLinkStaysALinkAndWhatItLeadsToIsReplaced() throws IOException {
        Path file = Files.writeString(
                Files.createDirectory(directory.resolve("elsewhere")).resolve("f.csv"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link.csv"), Path.of("elsewhere/f.csv"));
        Path second = Files.createSymbolicLink(directory.resolve("second.csv"), Path.of("link.csv"));

        assertThat(read(second).code()).isEqualTo(ExitCode.DONE);

        assertThat(second).isSymbolicLink();
        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent(store.csv(StoreOnTrial.BTC, RANGE));
    }

    @Test
    void aLinkToNothingYetLeadsToTheNewFile() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link.csv"), Path.of("new.csv"));

        assertThat(read(link).code()).isEqualTo(ExitCode.DONE);

        assertThat(link).isSymbolicLink();
        assertThat(directory.resolve("new.csv")).hasContent(store.csv(StoreOnTrial.BTC, RANGE));
    }

    @Test
    void aPipeGetsTheRowsAndStaysAPipe() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        CompletableFuture<String> other = CompletableFuture.supplyAsync(() -> {
            try {
                return Files.readString(pipe);
            } catch (IOException unreadable) {
                throw new AssertionError(unreadable);
            }
        });

        assertThat(read(pipe).code()).isEqualTo(ExitCode.DONE);

        assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(store.csv(StoreOnTrial.BTC, RANGE));
        assertThat(Files.isRegularFile(pipe)).isFalse();
        assertOnlyThere(pipe);
    }

    @Test
    void anOpenStreamIsWrittenToWhateverItWasOpenedOn() throws Exception {
        Path target = Files.writeString(directory.resolve("target.csv"), "before\n");
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/proc/self/fd/1"));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Candlewick.class.getName(),
                "read",
                "--format",
                "csv",
                "--out",
                link.toString(),
                "--store",
                "parquet:" + store.directory(),
                "--series",
                StoreOnTrial.BTC,
                "--start",
                "2023-01-01",
                "--end",
                "2023-01-02");
        Process process = builder.redirectOutput(ProcessBuilder.Redirect.appendTo(target.toFile()))
                .redirectError(directory.resolve("err").toFile())
                .start();

        assertThat(process.waitFor())
                .as(Files.readString(directory.resolve("err")))
                .isZero();

        assertThat(link).isSymbolicLink();
        assertThat(target).hasContent("before\n" + store.csv(StoreOnTrial.BTC, RANGE));
    }

    @Test
    void nothingIsWrittenIntoTheStoreThatIsRead() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("way-in"), store.directory());

        assertRefused(store.directory().resolve("x.csv"), "lies in the store");
        assertRefused(link.resolve("x.csv"), "lies in the store");
        assertThat(store.directory().resolve("x.csv")).doesNotExist();
        Run combine = store.run("combine --store parquet:" + store.directory() + " --series " + StoreOnTrial.BTC
                + " --out " + link.resolve("x.parquet"));
        assertThat(combine.code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatCannotBeWrittenIsNamedAsTyped() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        Path circle = Files.createSymbolicLink(directory.resolve("circle"), Path.of("circle"));

        assertRefused(directory, "is a directory");
        assertRefused(directory.resolve("nowhere/x.csv"), "there is no directory " + directory.resolve("nowhere"));
        assertRefused(file.resolve("x.csv"), file + " is no directory");
        assertRefused(circle, "circle");
    }

    private void assertRefused(Path out, String reason) {
        Run read = read(out);
        assertThat(read.code()).as(read.err()).isEqualTo(ExitCode.USAGE);
        assertThat(read.err()).contains("--out " + out, reason);
        assertThat(read.out()).isEmpty();
    }

    private void assertOnlyThere(Path... expected) throws IOException {
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactlyInAnyOrder(expected);
        }
    }

    private static Run read(Path out) {
        return store.run("read --format csv --store parquet:" + store.directory() + " --series " + StoreOnTrial.BTC
                + " " + RANGE + " --out " + out);
    }
}
