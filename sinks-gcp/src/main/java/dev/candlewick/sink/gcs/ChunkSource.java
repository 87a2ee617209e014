package dev.candlewick.sink.gcs;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads content piece by piece; from its start again only when a piece before the last one is wanted. For one thread. */
final class ChunkSource implements AutoCloseable {

    private static final System.Logger LOGGER = System.getLogger(ChunkSource.class.getName());

    private final String doing;
    private final Content content;
    private Optional<InputStream> open = Optional.empty();
    private long at;

    ChunkSource(String doing, Content content) {
        this.doing = doing;
        this.content = content;
    }

    void fill(byte[] into, int count, long offset) {
        try {
            if (open.isEmpty() || offset < at) {
                close();
                open = Optional.of(content.bytes().open());
                at = 0;
            }
            InputStream in = open.get();
            in.skipNBytes(offset - at);
            if (in.readNBytes(into, 0, count) < count) {
                throw new IOException("it became shorter");
            }
            at = offset + count;
        } catch (IOException failed) {
            throw Content.unreadable(doing, failed);
        }
    }

    @Override
    public void close() {
        try {
            if (open.isPresent()) {
                open.get().close();
            }
        } catch (IOException failed) {
            // Every byte that was wanted has been read: what became of them is for the service to say.
            LOGGER.log(System.Logger.Level.DEBUG, doing + ": what was to be written cannot be closed", failed);
        }
    }
}
