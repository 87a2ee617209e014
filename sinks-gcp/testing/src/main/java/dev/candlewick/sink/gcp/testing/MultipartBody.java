package dev.candlewick.sink.gcp.testing;

import dev.candlewick.sink.gcp.testing.GoogleErrors.Failed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The body of an upload in one request: two parts, what the object is to be as JSON, and its content. The content is
 * everything up to the last boundary, which is why it may contain anything.
 */
final class MultipartBody {

    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");

    private final byte[] resource;
    private final String contentType;

    private MultipartBody(byte[] resource, String contentType) {
        this.resource = resource;
        this.contentType = contentType;
    }

    byte[] resource() {
        return resource;
    }

    String contentType() {
        return contentType;
    }

    static MultipartBody read(String type, InputStream in, StoredContent.Arriving content) throws IOException, Failed {
        Matcher boundary = BOUNDARY.matcher(type);
        if (!boundary.find()) {
            throw GoogleErrors.invalid("Missing the boundary of a multipart body");
        }
        byte[] end = ("\r\n--" + boundary.group(1)).getBytes(StandardCharsets.ISO_8859_1);
        if (!line(in).equals("--" + boundary.group(1))) {
            throw GoogleErrors.invalid("Malformed multipart body");
        }
        headers(in);
        ByteArrayOutputStream resource = new ByteArrayOutputStream();
        copyUntil(in, end, (bytes, offset, count) -> resource.write(bytes, offset, count));
        line(in);
        String contentType = headers(in);
        copyUntil(in, end, content::append);
        if (!line(in).equals("--")) {
            throw GoogleErrors.invalid("Malformed multipart body: it does not end after two parts");
        }
        return new MultipartBody(resource.toByteArray(), contentType);
    }

    private interface Target {
        void append(byte[] bytes, int offset, int count) throws IOException;
    }

    // Knuth, Morris and Pratt: a boundary is found also when it begins within what looked like one.
    private static void copyUntil(InputStream in, byte[] end, Target target) throws IOException, Failed {
        int[] fallback = new int[end.length + 1];
        fallback[0] = -1;
        for (int i = 0, known = -1; i < end.length; fallback[++i] = ++known) {
            while (known >= 0 && end[i] != end[known]) {
                known = fallback[known];
            }
        }
        byte[] out = new byte[1 << 16];
        int held = 0;
        int matched = 0;
        while (matched < end.length) {
            int next = in.read();
            if (next < 0) {
                throw GoogleErrors.invalid("Malformed multipart body: it ends before its boundary");
            }
            int before = matched;
            while (matched >= 0 && end[matched] != (byte) next) {
                matched = fallback[matched];
            }
            matched++;
            int released = before + 1 - matched;
            for (int i = 0; i < released; i++) {
                if (held == out.length) {
                    target.append(out, 0, held);
                    held = 0;
                }
                out[held++] = i < before ? end[i] : (byte) next;
            }
        }
        target.append(out, 0, held);
    }

    private static String headers(InputStream in) throws IOException, Failed {
        String contentType = "application/octet-stream";
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-type:")) {
                contentType = line.substring("content-type:".length()).trim();
            }
        }
        return contentType;
    }

    private static String line(InputStream in) throws IOException, Failed {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                if (line.length() > 0) {
                    return line.toString();
                }
                throw GoogleErrors.invalid("Malformed multipart body");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
