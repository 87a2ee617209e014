package dev.candlewick.sink.gcs;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.storage.model.StorageObject;
import dev.candlewick.MarketDataException;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.gcs.Retries.Fate;
import dev.candlewick.sink.gcs.Retries.GaveUp;
import dev.candlewick.sink.parquet.objects.Precondition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends content: in one request up to a chunk, else in chunks that begin again where the service has got to. The service
 * compares the checksum, and judges the condition when the last byte has arrived. Thread-safe.
 */
final class Uploads {

    private static final Pattern UPLOAD_ID = Pattern.compile("[?&]upload_id=([^&]+)");
    private static final Pattern ARRIVED = Pattern.compile("bytes=0-(\\d{1,18})");
    private static final int MOST_SESSIONS = 3;
    // A chunk that never grows is no progress.
    private static final int MOST_STANDSTILLS = 5;

    private final Retries retries;
    private final Paths paths;
    private final int chunkBytes;

    Uploads(Retries retries, Paths paths, int chunkBytes) {
        this.retries = retries;
        this.paths = paths;
        this.chunkBytes = chunkBytes;
    }

    /** Sends it and gives the answer that ended it, which may be a refusal. */
    Answer send(String doing, String name, Content content, Precondition precondition) throws GaveUp {
        String condition = "ifGenerationMatch="
                + precondition
                        .version()
                        .map(version -> Paths.encoded(version.text()))
                        .orElse("0");
        String type = type(name);
        String description = description(name, content, type);
        if (content.length() <= chunkBytes) {
            return retries.send(new Call(
                            doing,
                            "POST",
                            paths.upload("uploadType=multipart&fields=" + Found.FIELDS + "&" + condition))
                    .content(new Multipart(description, type, content)));
        }
        for (int session = 1; ; session++) {
            Answer begun = retries.send(new Call(
                            doing,
                            "POST",
                            paths.upload("uploadType=resumable&fields=" + Found.FIELDS + "&" + condition))
                    .header("X-Upload-Content-Length", Long.toString(content.length()))
                    .header("X-Upload-Content-Type", type)
                    .content(ByteArrayContent.fromString("application/json; charset=UTF-8", description)));
            if (session > 1 && Retries.isDenied(begun)) {
                throw retries.denied(begun, Fate.UNKNOWN);
            }
            if (begun.status() != 200) {
                return begun;
            }
            Optional<Answer> end = chunks(doing, sessionPath(begun), content);
            if (end.isPresent()) {
                return end.get();
            }
            if (session == MOST_SESSIONS) {
                throw new GaveUp(
                        new Unavailable(doing + ": Cloud Storage forgot the upload " + MOST_SESSIONS
                                + " times in its middle; run it again later"),
                        Fate.UNKNOWN);
            }
        }
    }

    // The answer names a whole address. Only its identifier is taken, so that credentials go nowhere but to the
    // endpoint.
    private String sessionPath(Answer begun) throws GaveUp {
        Matcher id = UPLOAD_ID.matcher(begun.line("Location").orElse(""));
        if (!id.find()) {
            throw new GaveUp(
                    new Unavailable(begun.call().doing() + ": the upload was accepted without an address to send it to;"
                            + " see whether the endpoint is a Cloud Storage, or a proxy answers in its place"),
                    Fate.NOT_DONE);
        }
        return paths.upload("uploadType=resumable&fields=" + Found.FIELDS + "&upload_id="
                + Paths.encoded(URLDecoder.decode(id.group(1), StandardCharsets.UTF_8)));
    }

    /** The answer to the last chunk; empty when the service does not know the upload any more. */
    private Optional<Answer> chunks(String doing, String session, Content content) throws GaveUp {
        boolean ended = false;
        try (ChunkSource source = new ChunkSource(doing, content)) {
            long offset = 0;
            int standstills = 0;
            byte[] chunk = new byte[chunkBytes];
            while (true) {
                int count = (int) Math.min(chunkBytes, content.length() - offset);
                source.fill(chunk, count, offset);
                Answer answer = chunk(doing, session, chunk, offset, count, content);
                if (answer.status() == 404 || answer.status() == 410) {
                    ended = true;
                    return answer.saysNoBucket() ? Optional.of(answer) : Optional.empty();
                }
                if (answer.status() != 308) {
                    ended = true;
                    return Optional.of(answer);
                }
                long arrived = arrived(answer);
                if (arrived <= offset) {
                    retries.rest(answer.call(), ++standstills);
                }
                if (arrived > offset + count || standstills > MOST_STANDSTILLS) {
                    throw new GaveUp(
                            new Unavailable(doing + ": the upload does not get beyond byte " + arrived + " of "
                                    + content.length() + "; run it again later"),
                            Fate.NOT_DONE);
                }
                offset = arrived;
            }
        } finally {
            if (!ended && !Thread.currentThread().isInterrupted()) {
                cancel(session);
            }
        }
    }

    /** Sends a chunk, or asks how much of it arrived when it broke off. */
    private Answer chunk(String doing, String session, byte[] chunk, long offset, int count, Content content)
            throws GaveUp {
        Call call = new Call(doing, "PUT", session)
                .header("Content-Range", "bytes " + offset + "-" + (offset + count - 1) + "/" + content.length())
                .content(new ByteArrayContent("application/octet-stream", chunk, 0, count));
        Optional<Answer> first = retries.once(call);
        if (first.isPresent()) {
            return first.get();
        }
        Fate fate = offset + count == content.length() ? Fate.ON_ITS_WAY : Fate.NOT_DONE;
        Answer status;
        try {
            status = retries.send(
                    new Call(doing, "PUT", session).header("Content-Range", "bytes */" + content.length()));
        } catch (GaveUp gaveUp) {
            throw new GaveUp(gaveUp.failure(), fate);
        }
        if (Retries.isDenied(status)) {
            throw retries.denied(status, fate);
        }
        return status;
    }

    private static long arrived(Answer answer) {
        Matcher range = ARRIVED.matcher(answer.line("Range").orElse(""));
        return range.matches() ? Long.parseLong(range.group(1)) + 1 : 0;
    }

    // What has arrived is never seen, and the service forgets it after a week: a courtesy, so once and quietly.
    private void cancel(String session) {
        try {
            retries.once(new Call("Giving an upload up", "DELETE", session));
        } catch (MarketDataException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String description(String name, Content content, String type) {
        return describe(new StorageObject().setCrc32c(content.crc32c()).setContentType(type), name);
    }

    private static String describe(StorageObject object, String name) {
        try {
            return GsonFactory.getDefaultInstance().toString(object.setName(name));
        } catch (IOException never) {
            throw new UncheckedIOException("A description of " + name + " cannot be written", never);
        }
    }

    private static String type(String name) {
        return name.endsWith(".parquet")
                ? "application/vnd.apache.parquet"
                : name.endsWith(".json") ? "application/json" : "application/octet-stream";
    }
}
