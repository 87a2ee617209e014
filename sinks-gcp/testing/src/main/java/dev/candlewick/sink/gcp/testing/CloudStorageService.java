package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candlewick.sink.gcp.testing.CloudObjects.Conditions;
import dev.candlewick.sink.gcp.testing.GoogleErrors.Failed;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What each request does. Thread-safe. */
final class CloudStorageService {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");
    private static final Pattern CHUNK = Pattern.compile("bytes (?:(\\d+)-(\\d+)|\\*)/(\\d+|\\*)");
    private static final int MOST_COMPOSED = 32;
    private static final int MOST_LISTED = 1_000;

    private final CloudObjects objects;
    private final Path folder;
    private final CloudStorageTraffic traffic;
    private final Map<String, ResumableUpload> uploads = new ConcurrentHashMap<>();
    private volatile int pageSize = MOST_LISTED;

    CloudStorageService(CloudObjects objects, Path folder, CloudStorageTraffic traffic) {
        this.objects = objects;
        this.folder = folder;
        this.traffic = traffic;
    }

    void pageSize(int most) {
        pageSize = Math.min(most, MOST_LISTED);
    }

    void answer(Conversation to, int life, String endpoint) throws IOException, Failed {
        StorageRequest request = to.request();
        switch (request.call()) {
            case BUCKET -> bucket(to, endpoint);
            case HEAD -> head(to, endpoint);
            case READ, SIGNED_READ -> read(to);
            case LIST -> list(to, endpoint);
            case WRITE -> write(to, life, endpoint);
            case UPLOAD_START -> startUpload(to, endpoint);
            case UPLOAD_CHUNK, UPLOAD_STATUS -> chunk(to, life, endpoint);
            case UPLOAD_CANCEL -> cancelUpload(to);
            case DELETE -> {
                objects.delete(
                        life,
                        request.bucket(),
                        request.object(),
                        CloudObjects.number(request, "generation"),
                        Conditions.of(request));
                to.empty(204);
            }
            case COMPOSE -> compose(to, life, endpoint);
            case TOKEN, OTHER ->
                throw new Failed(
                        501,
                        "notImplemented",
                        "This server does not know " + request.method() + " of " + request.object());
        }
    }

    private void bucket(Conversation to, String endpoint) throws IOException, Failed {
        StorageRequest request = to.request();
        if (request.method().equals("POST") && request.bucket().isEmpty()) {
            String name = JSON.readTree(to.body().readAllBytes()).path("name").asText();
            if (!GoogleNames.isBucket(name)) {
                throw GoogleErrors.invalid("Invalid bucket name: '" + name + "'");
            }
            if (!objects.create(name)) {
                throw GoogleErrors.of(409);
            }
            json(to, bucketJson(name, endpoint));
        } else if (request.method().equals("GET") && request.bucket().isEmpty()) {
            ObjectNode answer = JSON.createObjectNode().put("kind", "storage#buckets");
            ArrayNode items = answer.putArray("items");
            objects.buckets().forEach(name -> items.add(bucketJson(name, endpoint)));
            json(to, answer);
        } else if (request.method().equals("GET")) {
            if (!objects.hasBucket(request.bucket())) {
                throw GoogleErrors.noBucket();
            }
            json(to, bucketJson(request.bucket(), endpoint));
        } else {
            throw new Failed(501, "notImplemented", "This server neither changes nor deletes buckets");
        }
    }

    private static ObjectNode bucketJson(String name, String endpoint) {
        return JSON.createObjectNode()
                .put("kind", "storage#bucket")
                .put("id", name)
                .put("name", name)
                .put("selfLink", endpoint + "/storage/v1/b/" + name)
                .put("projectNumber", "1")
                .put("metageneration", "1")
                .put("location", "US")
                .put("storageClass", "STANDARD")
                .put("timeCreated", "2024-01-01T00:00:00.000Z")
                .put("updated", "2024-01-01T00:00:00.000Z")
                .put("etag", "CAE=");
    }

    private void head(Conversation to, String endpoint) throws IOException, Failed {
        json(to, wanted(to.request()).json(endpoint));
    }

    private CloudObject wanted(StorageRequest request) throws Failed {
        Optional<CloudObject> there = objects.find(request.bucket(), request.object());
        Optional<Long> generation = CloudObjects.number(request, "generation");
        CloudObject object = there.filter(found -> generation.isEmpty() || generation.get() == found.generation())
                .orElseThrow(() -> GoogleErrors.noObject(request.bucket(), request.object()));
        Conditions.of(request).require(there, 304);
        return object;
    }

    private void read(Conversation to) throws IOException, Failed {
        CloudObject object = wanted(to.request());
        StoredContent content = object.content();
        to.header("x-goog-generation", Long.toString(object.generation()));
        to.header("x-goog-metageneration", Long.toString(object.metageneration()));
        to.header("x-goog-stored-content-encoding", "identity");
        to.header("x-goog-stored-content-length", Long.toString(content.length()));
        to.header("x-goog-storage-class", "STANDARD");
        to.header("x-goog-hash", "crc32c=" + content.crc32c());
        if (object.components().isEmpty()) {
            to.header("x-goog-hash", "md5=" + content.md5());
        }
        to.header("ETag", object.etag());
        to.header("Content-Type", object.contentType());
        to.header("Accept-Ranges", "bytes");
        to.header(
                "Last-Modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(object.created().atOffset(ZoneOffset.UTC)));
        String wanted = to.request().header("range");
        Matcher range = RANGE.matcher(wanted);
        if (!range.matches() || wanted.equals("bytes=-")) {
            try (InputStream in = content.open(0)) {
                to.answer(200, content.length(), in);
            }
            return;
        }
        long length = content.length();
        boolean ending = range.group(1).isEmpty();
        long from = ending ? Math.max(0, length - Long.parseLong(range.group(2))) : Long.parseLong(range.group(1));
        long until = ending || range.group(2).isEmpty() ? length : Math.min(length, Long.parseLong(range.group(2)) + 1);
        if (from >= length || from >= until) {
            to.header("Content-Range", "bytes */" + length);
            throw GoogleErrors.of(416);
        }
        to.header("Content-Range", "bytes " + from + "-" + (until - 1) + "/" + length);
        try (InputStream in = content.open(from)) {
            to.answer(206, until - from, in);
        }
    }

    private void list(Conversation to, String endpoint) throws IOException, Failed {
        StorageRequest request = to.request();
        int most = CloudObjects.number(request, "maxResults")
                .map(asked -> (int) Math.min(asked, pageSize))
                .orElse(pageSize);
        CloudObjects.Page page = objects.list(
                request.bucket(),
                request.parameter("prefix"),
                request.parameter("delimiter"),
                request.parameter("pageToken"),
                most);
        ObjectNode answer = JSON.createObjectNode().put("kind", "storage#objects");
        page.next().ifPresent(token -> answer.put("nextPageToken", token));
        if (!page.objects().isEmpty()) {
            ArrayNode items = answer.putArray("items");
            page.objects().forEach(object -> items.add(object.json(endpoint)));
        }
        if (!page.prefixes().isEmpty()) {
            ArrayNode prefixes = answer.putArray("prefixes");
            page.prefixes().forEach(prefixes::add);
        }
        json(to, answer);
    }

    private void write(Conversation to, int life, String endpoint) throws IOException, Failed {
        StorageRequest request = to.request();
        JsonNode resource = JSON.createObjectNode();
        String contentType = request.header("content-type");
        StoredContent content;
        try (StoredContent.Arriving arriving = new StoredContent.Arriving(folder)) {
            InputStream body = new BufferedInputStream(to.body(), 1 << 16);
            if (request.parameter("uploadType").equals("multipart")) {
                MultipartBody parts = MultipartBody.read(contentType, body, arriving);
                resource = JSON.readTree(parts.resource());
                contentType = parts.contentType();
            } else {
                arriving.append(body);
            }
            traffic.written(arriving.length());
            content = arriving.done();
        }
        String name = resource.path("name").asText(request.parameter("name"));
        requireName(name);
        checkSums(content, resource, request.header("x-goog-hash"));
        CloudObject object = objects.write(
                life,
                request.bucket(),
                name,
                content,
                resource.path("contentType").asText(contentType),
                metadata(resource),
                Optional.empty(),
                Conditions.of(request));
        json(to, object.json(endpoint));
    }

    private void startUpload(Conversation to, String endpoint) throws IOException, Failed {
        StorageRequest request = to.request();
        byte[] body = to.body().readAllBytes();
        JsonNode resource = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        String name = resource.path("name").asText(request.parameter("name"));
        requireName(name);
        Conditions conditions = Conditions.of(request);
        conditions.require(objects.find(request.bucket(), name), 412);
        String id = UUID.randomUUID().toString();
        uploads.put(
                id,
                new ResumableUpload(request.bucket(), name, resource, conditions, new StoredContent.Arriving(folder)));
        to.header("X-GUploader-UploadID", id);
        to.header(
                "Location",
                endpoint + "/upload/storage/v1/b/" + request.bucket() + "/o?uploadType=resumable&name="
                        + GoogleNames.encoded(name) + "&upload_id=" + id);
        to.empty(200);
    }

    private void chunk(Conversation to, int life, String endpoint) throws IOException, Failed {
        StorageRequest request = to.request();
        ResumableUpload upload = uploads.get(request.parameter("upload_id"));
        if (upload == null) {
            throw new Failed(404, "notFound", "No such upload");
        }
        Matcher range = CHUNK.matcher(request.header("content-range"));
        synchronized (upload) {
            if (upload.done().isPresent()) {
                // One of the two statuses by which the service may say so.
                to.json(201, JSON.writeValueAsBytes(upload.done().get().json(endpoint)));
                return;
            }
            if (request.header("content-range").isEmpty()) {
                take(to, upload, 0, Long.MAX_VALUE);
                finish(to, life, upload, endpoint);
            } else if (!range.matches()) {
                throw GoogleErrors.invalid("Failed to parse Content-Range header.");
            } else {
                if (range.group(1) != null) {
                    long from = Long.parseLong(range.group(1));
                    take(to, upload, from, Long.parseLong(range.group(2)) + 1 - from);
                }
                boolean whole = !range.group(3).equals("*")
                        && upload.content().length() == Long.parseLong(range.group(3))
                        && (range.group(1) != null || Long.parseLong(range.group(3)) == 0);
                if (whole) {
                    finish(to, life, upload, endpoint);
                } else {
                    incomplete(to, upload);
                }
            }
        }
    }

    private static void incomplete(Conversation to, ResumableUpload upload) throws IOException {
        if (upload.content().length() > 0) {
            to.header("Range", "bytes=0-" + (upload.content().length() - 1));
        }
        to.empty(308);
    }

    /** Appends what is new of a chunk. Of one that breaks off it keeps whole grains, as the real service says of itself. */
    private void take(Conversation to, ResumableUpload upload, long from, long count) throws IOException, Failed {
        StoredContent.Arriving content = upload.content();
        if (from > content.length()) {
            throw GoogleErrors.invalid("Invalid request. According to the Content-Range header, the upload offset is "
                    + from + " byte(s), which exceeds already uploaded size of " + content.length() + " byte(s).");
        }
        InputStream body = to.body();
        byte[] grain = new byte[ResumableUpload.GRAIN];
        long at = from;
        while (at < from + count) {
            int wanted = (int) Math.min(grain.length, from + count - at);
            int read = body.readNBytes(grain, 0, wanted);
            long known = Math.min(read, Math.max(0, content.length() - at));
            if (read < wanted && count != Long.MAX_VALUE) {
                throw GoogleErrors.invalid("The chunk is shorter than its Content-Range says");
            }
            content.append(grain, (int) known, (int) (read - known));
            traffic.written(read);
            at += read;
            if (read < wanted) {
                break;
            }
        }
    }

    private void finish(Conversation to, int life, ResumableUpload upload, String endpoint) throws IOException, Failed {
        StoredContent content = upload.content().done();
        checkSums(content, upload.resource(), to.request().header("x-goog-hash"));
        CloudObject object = objects.write(
                life,
                upload.bucket(),
                upload.name(),
                content,
                upload.resource().path("contentType").asText("application/octet-stream"),
                metadata(upload.resource()),
                Optional.empty(),
                upload.conditions());
        upload.becomes(object);
        json(to, object.json(endpoint));
    }

    private void cancelUpload(Conversation to) throws IOException, Failed {
        if (uploads.remove(to.request().parameter("upload_id")) == null) {
            throw new Failed(404, "notFound", "No such upload");
        }
        to.empty(499);
    }

    private void compose(Conversation to, int life, String endpoint) throws IOException, Failed {
        StorageRequest request = to.request();
        JsonNode body = JSON.readTree(to.body().readAllBytes());
        JsonNode sources = body.path("sourceObjects");
        if (sources.isEmpty() || sources.size() > MOST_COMPOSED) {
            throw GoogleErrors.invalid("The number of source components provided (" + sources.size()
                    + ") must be from 1 to " + MOST_COMPOSED);
        }
        int components = 0;
        StoredContent content;
        try (StoredContent.Arriving arriving = new StoredContent.Arriving(folder)) {
            for (JsonNode source : sources) {
                String name = source.path("name").asText();
                CloudObject object = objects.find(request.bucket(), name)
                        .orElseThrow(() -> GoogleErrors.noObject(request.bucket(), name));
                long expected = source.path("objectPreconditions")
                        .path("ifGenerationMatch")
                        .asLong(source.path("generation").asLong(object.generation()));
                if (expected != object.generation()) {
                    throw GoogleErrors.of(412);
                }
                try (InputStream in = object.content().open(0)) {
                    arriving.append(in);
                }
                components += object.components().orElse(1);
            }
            content = arriving.done();
        }
        requireName(request.object());
        JsonNode destination = body.path("destination");
        CloudObject object = objects.write(
                life,
                request.bucket(),
                request.object(),
                content,
                destination.path("contentType").asText("application/octet-stream"),
                metadata(destination),
                Optional.of(components),
                Conditions.of(request));
        json(to, object.json(endpoint));
    }

    private static void requireName(String name) throws Failed {
        if (!GoogleNames.isObject(name)) {
            throw GoogleErrors.invalid("Disallowed name");
        }
    }

    private static void checkSums(StoredContent content, JsonNode resource, String header) throws Failed {
        Map<String, String> sent = new TreeMap<>();
        for (String sum : header.split(",", -1)) {
            int equals = sum.indexOf('=');
            if (equals > 0) {
                sent.put(
                        sum.substring(0, equals).trim(),
                        sum.substring(equals + 1).trim());
            }
        }
        check("CRC32C", resource.path("crc32c").asText(""), content.crc32c());
        check("CRC32C", sent.getOrDefault("crc32c", ""), content.crc32c());
        check("MD5 hash", resource.path("md5Hash").asText(""), content.md5());
        check("MD5 hash", sent.getOrDefault("md5", ""), content.md5());
    }

    private static void check(String what, String sent, String computed) throws Failed {
        if (!sent.isEmpty() && !sent.equals(computed)) {
            throw GoogleErrors.invalid("Provided " + what + " \"" + sent + "\" doesn't match calculated " + what + " \""
                    + computed + "\".");
        }
    }

    private static Map<String, String> metadata(JsonNode resource) {
        Map<String, String> metadata = new HashMap<>();
        resource.path("metadata")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        return Map.copyOf(metadata);
    }

    private static void json(Conversation to, ObjectNode answer) throws IOException {
        to.json(200, JSON.writeValueAsBytes(answer));
    }
}
