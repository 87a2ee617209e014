package dev.candlewick.sink.bigquery.streaming;

import dev.candlewick.sink.bigquery.StorageAccess;
import dev.candlewick.sink.bigquery.streaming.BigQueryStream.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A writer in a process of its own that may be killed at any moment. It keeps its position in a file and goes on from there:
 * row {@code n} of the source is row {@code n} of the table.
 */
final class StreamWriterProcess {

    private StreamWriterProcess() {}

    /** {@code ENDPOINT FILE ROWS}. */
    public static void main(String[] arguments) throws IOException {
        Path saved = Path.of(arguments[1]);
        int rows = Integer.parseInt(arguments[2]);
        BigQueryStream.Builder builder =
                BigQueryStream.into("p.d.ticks").access(StorageAccess.emulator("p", arguments[0]));
        int done = 0;
        if (Files.exists(saved)) {
            String[] lines = Files.readString(saved).split("\n");
            done = Integer.parseInt(lines[0]);
            builder.from(Position.parse(lines[1]));
        }
        try (BigQueryStream stream = builder.open(StreamBed.TICKS)) {
            save(saved, done, stream.position());
            System.out.println("begun");
            // Pieces of another size in every process.
            int piece = 20 + done % 37;
            int unsaved = 0;
            for (int at = done; at < rows; at += piece) {
                stream.append(StreamBed.ticks(at, Math.min(piece, rows - at)));
                unsaved++;
                if (unsaved % 5 == 0) {
                    save(saved, Math.min(rows, at + piece), stream.flush());
                }
            }
            save(saved, rows, stream.flush());
        }
        System.out.println("finished");
    }

    private static void save(Path file, int done, Position position) throws IOException {
        Path next = file.resolveSibling("next");
        Files.writeString(next, done + "\n" + position + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
