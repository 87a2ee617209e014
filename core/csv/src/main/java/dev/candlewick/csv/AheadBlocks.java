package dev.candlewick.csv;

import dev.candlewick.Cancelled;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Fills blocks ahead of the thread that reads them, in a thread of its own that lasts as long as the file. A file of one
 * block needs none. Failures of the other thread come out of {@link #next} behind the blocks before them; closing, or an
 * interrupt of the reader, ends both.
 */
final class AheadBlocks implements ByteBlocks {

    /** Blocks in the hands of either: one read, one written, two waiting. */
    static final int BLOCKS = 4;

    private final ByteBlocks blocks;
    private final String file;
    private final Queue<ByteBlock> ready = new ArrayDeque<>();
    private int free = BLOCKS;
    private boolean reading;
    private boolean started;
    private boolean ended;
    private boolean closed;
    private @Nullable Throwable failure;

    AheadBlocks(ByteBlocks blocks, String file) {
        this.blocks = blocks;
        this.file = file;
    }

    @Override
    public @Nullable ByteBlock next() {
        if (!reading) {
            reading = true;
            free--;
            return blocks.next();
        }
        return awaited();
    }

    private synchronized @Nullable ByteBlock awaited() {
        free++;
        if (!started && !closed) {
            started = true;
            Thread ahead = new Thread(this::fill, "candlewick-gunzip");
            ahead.setDaemon(true);
            ahead.start();
        }
        notifyAll();
        while (ready.isEmpty() && !ended && !closed) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                close();
                throw new Cancelled("Reading " + file + " was interrupted", interrupted);
            }
        }
        if (closed) {
            throw new Cancelled("Reading " + file + " was closed before its end");
        }
        ByteBlock block = ready.poll();
        if (block == null && failure instanceof RuntimeException failed) {
            throw failed;
        } else if (block == null && failure instanceof Error failed) {
            throw failed;
        }
        return block;
    }

    private void fill() {
        try {
            while (granted()) {
                ByteBlock block = blocks.next();
                if (offered(block)) {
                    return;
                }
            }
        } catch (RuntimeException | Error failed) {
            end(failed);
        }
    }

    /** Waits until there is a block to fill; false when nobody wants it any more. */
    private synchronized boolean granted() {
        while (free == 0 && !closed) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                throw new Cancelled("Reading " + file + " was interrupted", interrupted);
            }
        }
        free--;
        return !closed;
    }

    /** Hands a block over; true when it was the last. */
    private synchronized boolean offered(@Nullable ByteBlock block) {
        if (block == null) {
            ended = true;
        } else {
            ready.add(block);
        }
        notifyAll();
        return ended;
    }

    private synchronized void end(Throwable failed) {
        failure = failed;
        ended = true;
        notifyAll();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        blocks.close();
    }
}
