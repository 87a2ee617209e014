package dev.candlewick.sink.parquet.objects;

import java.io.IOException;
import java.io.InputStream;

/** Content to be written, which can be read as often as the storage has to send it. */
public interface ObjectBytes {

    /** How many bytes there are. */
    long length();

    /** The bytes from the first on; the caller closes the stream. */
    InputStream open() throws IOException;

    /** Bytes in memory, which the caller leaves unchanged. */
    static ObjectBytes of(byte[] bytes) {
        return new ObjectBytes() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public InputStream open() {
                return new java.io.ByteArrayInputStream(bytes);
            }
        };
    }
}
