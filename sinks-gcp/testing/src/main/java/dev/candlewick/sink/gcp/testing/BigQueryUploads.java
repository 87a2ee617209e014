package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files that load jobs bring along: in one request, or in pieces that may be sent again. */
final class BigQueryUploads {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    private static final Pattern RANGE = Pattern.compile("bytes (?:(\\d+)-(\\d+)|\\*)/(\\d+|\\*)");

    private final Path directory;
    private final BigQueryJobs jobs;
    private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

    BigQueryUploads(Path directory, BigQueryJobs jobs) {
        this.directory = directory;
        this.jobs = jobs;
    }

    private static final class Upload {
        private final String project;
        private final ObjectNode body;
        private final Path file;
        private long received;
        private Optional<BigQueryJob> job = Optional.empty();

        private Upload(String project, ObjectNode body, Path file) {
            this.project = project;
            this.body = body;
            this.file = file;
        }
    }

    /**
     * What is answered to a piece.
     *
     * @param job the job, once every byte is there
     * @param received how many bytes are there
     */
    record Progress(Optional<ObjectNode> job, long received) {}

    /** Begins an upload in pieces, and returns its id. */
    String start(String project, ObjectNode body) throws IOException {
        String id = UUID.randomUUID().toString();
        Path file = directory.resolve(id + ".upload");
        Files.createFile(file);
        uploads.put(id, new Upload(project, body, file));
        return id;
    }

    /** Takes a piece; its last one begins the job, and when sent again is answered with the same job. */
    Progress take(String id, String contentRange, byte[] content) throws IOException {
        Upload upload = uploads.get(id);
        if (upload == null) {
            throw BigQueryError.notFound("Upload " + id);
        }
        synchronized (upload) {
            if (upload.job.isPresent()) {
                return new Progress(Optional.of(upload.job.get().resource()), upload.received);
            }
            Matcher range = RANGE.matcher(contentRange);
            long total = -1;
            if (contentRange.isEmpty()) {
                append(upload, 0, content);
                total = upload.received;
            } else if (!range.matches()) {
                throw BigQueryError.invalid("Failed to parse Content-Range header: " + contentRange);
            } else {
                if (range.group(1) != null) {
                    append(upload, Long.parseLong(range.group(1)), content);
                }
                if (!range.group(3).equals("*")) {
                    total = Long.parseLong(range.group(3));
                }
            }
            if (upload.received != total) {
                return new Progress(Optional.empty(), upload.received);
            }
            BigQueryJob job = jobs.insert(upload.project, upload.body, Optional.of(upload.file));
            upload.job = Optional.of(job);
            job.await(AT_ONCE);
            return new Progress(Optional.of(job.resource()), upload.received);
        }
    }

    private static void append(Upload upload, long start, byte[] content) throws IOException {
        if (start > upload.received) {
            // A hole: nothing of the piece is kept, and the answer says where to go on.
            return;
        }
        long known = upload.received - start;
        if (known < content.length) {
            Files.write(
                    upload.file,
                    Arrays.copyOfRange(content, (int) known, content.length),
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND);
            upload.received += content.length - known;
        }
    }

    /** Takes an upload in one request: a part with the job and a part with the file. */
    ObjectNode whole(String project, String contentType, byte[] body) throws IOException {
        Matcher boundary = Pattern.compile("boundary=\"?([^\";]+)\"?").matcher(contentType);
        if (!boundary.find()) {
            throw BigQueryError.invalid("An upload in one request needs multipart/related with a boundary");
        }
        // ISO 8859-1 keeps every byte, so that the parts can be looked for as text.
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String[] parts = text.split(Pattern.quote("--" + boundary.group(1)), 4);
        if (parts.length < 4) {
            throw BigQueryError.invalid("An upload in one request has two parts");
        }
        ObjectNode job = (ObjectNode) JSON.readTree(content(parts[1]));
        Path file = directory.resolve(UUID.randomUUID() + ".upload");
        Files.write(file, content(parts[2]));
        BigQueryJob inserted = jobs.insert(project, job, Optional.of(file));
        inserted.await(AT_ONCE);
        return inserted.resource();
    }

    private static byte[] content(String part) {
        int start = part.indexOf("\r\n\r\n") + 4;
        int end = part.endsWith("\r\n") ? part.length() - 2 : part.length();
        return part.substring(start, end).getBytes(StandardCharsets.ISO_8859_1);
    }
}
