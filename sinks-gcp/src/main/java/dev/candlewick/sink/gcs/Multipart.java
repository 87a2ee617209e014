package dev.candlewick.sink.gcs;

import com.google.api.client.http.AbstractHttpContent;
import com.google.api.client.http.HttpMediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** An object and its description in one body. Sent as often as needed. */
final class Multipart extends AbstractHttpContent {

    private final byte[] head;
    private final Content content;
    private final byte[] tail;

    Multipart(String description, String contentType, Content content) {
        // Nobody can guess it, so that no content has it within.
        this("candlewick-" + UUID.randomUUID(), description, contentType, content);
    }

    private Multipart(String boundary, String description, String contentType, Content content) {
        super(new HttpMediaType("multipart/related").setParameter("boundary", boundary));
        this.head = ("--" + boundary + "\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n" + description
                        + "\r\n--" + boundary + "\r\nContent-Type: " + contentType + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        this.content = content;
        this.tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public long getLength() {
        return head.length + content.length() + tail.length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(head);
        try (InputStream in = content.bytes().open()) {
            in.transferTo(out);
        }
        out.write(tail);
        out.flush();
    }
}
