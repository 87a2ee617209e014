package dev.candlewick.sink.bigquery.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.TableId;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.bigquery.RowSelection;
import dev.candlewick.sink.bigquery.RowStreams;
import dev.candlewick.sink.gcp.testing.StreamFaults.AppendFault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that end in the middle, and faults in any order. */
class StreamCrashTest {

    private static final int ROWS = 30_000;

    @TempDir
    Path directory;

    private final StreamBed bed = new StreamBed();

    @AfterEach
    void close() {
        bed.close();
    }

    @Test
    @Timeout(240)
    void writersThatAreKilledLoseAndDoubleNothing() throws Exception {
        killUntilFinished(new Random(1), 2);
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(ROWS));
    }

    @Test
    @Tag("faults")
    void writersThatAreKilledAgainAndAgainLoseAndDoubleNothing() throws Exception {
        killUntilFinished(new Random(2), Integer.getInteger("candlewick.faults.trials", 25));
        assertThat(bed.numbers()).isEqualTo(StreamBed.upTo(ROWS));
    }

    @Test
    @Tag("faults")
    void anyFaultsInAnyOrderLoseAndDoubleNothing() {
        AppendFault[] faults = {
            AppendFault.UNAVAILABLE,
            AppendFault.ACKNOWLEDGEMENT_LOST,
            AppendFault.STREAM_FINALIZED,
            AppendFault.ACKNOWLEDGEMENT_LOST_AND_FINALIZED,
            AppendFault.RESOURCE_EXHAUSTED,
            AppendFault.INTERNAL
        };
        int at = 0;
        for (int trial = 0; trial < Integer.getInteger("candlewick.faults.trials", 25); trial++) {
            Random random = new Random(trial);
            for (int nth = 1; nth <= 40; nth++) {
                if (random.nextInt(4) == 0) {
                    bed.server.faults().onAppend(nth, faults[random.nextInt(faults.length)]);
                }
            }
            try (BigQueryStream stream = bed.into(StreamBed.TICKS)
                    .inFlight(1_000 + random.nextInt(20_000))
                    .open(StreamBed.TICKS)) {
                for (int piece = 0; piece < 15; piece++) {
                    int count = 1 + random.nextInt(40);
                    stream.append(StreamBed.ticks(at, count));
                    at += count;
                    if (random.nextInt(10) == 0) {
                        bed.server.cutConnections();
                    }
                }
                stream.flush();
            }
            assertThat(bed.numbers()).as("trial %s", trial).isEqualTo(StreamBed.upTo(at));
        }
    }

    private void killUntilFinished(Random random, int kills) throws Exception {
        Path saved = directory.resolve("position");
        int killed = 0;
        for (int run = 0; run < 200; run++) {
            Process writer = start("StreamWriterProcess", bed.endpoint(), saved.toString(), String.valueOf(ROWS));
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
                awaitLine(output, "begun");
                if (killed < kills) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
                    writer.destroyForcibly();
                    killed++;
                } else {
                    awaitLine(output, "finished");
                }
            }
            assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
            if (writer.exitValue() == 0) {
                return;
            }
        }
        throw new AssertionError("No writer came to its end");
    }

    /** A user's process has no flags; the tests' own process has one, for the encoder of the server. */
    @Test
    @Timeout(120)
    void readingNeedsNoFlagOfTheJvm() throws Exception {
        try (BigQueryStream stream = bed.into(StreamBed.TICKS).open(StreamBed.TICKS)) {
            stream.append(StreamBed.ticks(0, 2_000));
            stream.flush();
        }
        Process reader = start("StreamCrashTest$Reader", bed.endpoint());
        String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(reader.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("2000 rows");
        assertThat(said).doesNotContain("add-opens");
    }

    /** Reads the table in a process of its own. */
    static final class Reader {

        private Reader() {}

        /** {@code ENDPOINT}. */
        public static void main(String[] arguments) {
            long count = 0;
            try (RowStreams streams = new StorageRowStreamsProvider()
                            .open(dev.candlewick.sink.bigquery.StorageAccess.emulator("p", arguments[0]));
                    RowStreams.Rows rows = streams.read(new RowSelection(
                            TableId.of("p", "d", "ticks"),
                            StreamBed.BTC,
                            TimeRange.ofEpochMicros(StreamBed.START, StreamBed.START + 5_000),
                            StreamBed.TICKS.schema().names(),
                            "code = 'BTC-USDT'",
                            List.of("number")))) {
                while (rows.hasNext()) {
                    count += rows.next().rows();
                }
            }
            System.out.println(count + " rows");
        }
    }

    private static void awaitLine(BufferedReader output, String wanted) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.equals(wanted)) {
                return;
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("The process ended before it said '" + wanted + "': " + said);
    }

    private static Process start(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.add("dev.candlewick.sink.bigquery.streaming." + name);
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
