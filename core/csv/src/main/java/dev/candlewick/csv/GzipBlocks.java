package dev.candlewick.csv;

import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A gzip file of one member or several, each of whose checksums and lengths are compared. Zeros behind the last member, as
 * tapes leave them, are passed over; anything else there is damage.
 */
final class GzipBlocks implements ByteBlocks {

    private static final int HAS_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final RawInput in;
    private final BlockRing ring;
    private final Deflated deflated;
    private final CRC32 crc = new CRC32();
    private int length;
    private boolean inMember;
    private boolean ended;
    /** Held while the deflater works: what it holds is freed by whoever is the last to let go of it. */
    private final ReentrantLock working = new ReentrantLock();

    private volatile boolean closed;
    private boolean freed;

    GzipBlocks(RawInput in, BlockRing ring, Deflated deflated) {
        this.in = in;
        this.ring = ring;
        this.deflated = deflated;
    }

    /** Whether these bytes begin as a gzip file does. */
    static boolean isGzip(RawInput in) {
        return in.has(2) && (in.bytes[in.at] & 0xFF) == 0x1F && (in.bytes[in.at + 1] & 0xFF) == 0x8B;
    }

    @Override
    public @Nullable ByteBlock next() {
        working.lock();
        try {
            if (closed && !ended) {
                throw new Cancelled("Reading " + in.file() + " was closed before its end");
            }
            return filled();
        } catch (RuntimeException | Error failed) {
            closed = true;
            throw failed;
        } finally {
            working.unlock();
            if (closed) {
                free();
            }
        }
    }

    private @Nullable ByteBlock filled() {
        ByteBlock block = ring.next();
        try {
            while (block.to < block.limit() && !ended) {
                fill(block);
            }
        } catch (Deflated.BadGzip bad) {
            throw new Corrupt(in.file() + " is damaged at about byte " + in.position() + " of its gzip: "
                    + bad.getMessage() + "; fetch it again");
        }
        if (ended) {
            closed = true;
        }
        return block.to == block.from ? null : block;
    }

    private void fill(ByteBlock block) {
        if (!inMember) {
            if (!header()) {
                ended = true;
                return;
            }
            deflated.start(block);
            crc.reset();
            length = 0;
            inMember = true;
        }
        int start = block.to;
        boolean done = deflated.inflate(in, block);
        crc.update(block.bytes, start, block.to - start);
        length += block.to - start;
        if (done) {
            trailer();
            inMember = false;
        }
    }

    /** Reads the header of the next member; false where the file ends instead. */
    private boolean header() {
        if (!isGzip(in)) {
            onlyZerosFollow();
            return false;
        }
        need(10);
        int method = in.bytes[in.at + 2];
        int flags = in.bytes[in.at + 3] & 0xFF;
        if (method != 8 || (flags & RESERVED) != 0) {
            throw new Deflated.BadGzip("it is of a kind that nobody writes, method " + method + ", flags " + flags);
        }
        crc.reset();
        crc.update(in.bytes, in.at, 10);
        in.at += 10;
        if ((flags & HAS_EXTRA) != 0) {
            int extra = headerOctet() | headerOctet() << 8;
            for (int i = 0; i < extra; i++) {
                headerOctet();
            }
        }
        for (int flag = HAS_NAME; flag <= HAS_COMMENT; flag *= 2) {
            if ((flags & flag) != 0) {
                skipText();
            }
        }
        if ((flags & HAS_CHECKSUM) != 0) {
            int checksum = (int) crc.getValue() & 0xFFFF;
            if (u16() != checksum) {
                throw new Deflated.BadGzip("the checksum of its header differs");
            }
        }
        return true;
    }

    private void skipText() {
        while (headerOctet() != 0) {
            // until its end
        }
    }

    private int headerOctet() {
        int octet = octet();
        crc.update(octet);
        return octet;
    }

    private void trailer() {
        need(8);
        int checksum = u16() | u16() << 16;
        int size = u16() | u16() << 16;
        if (checksum != (int) crc.getValue()) {
            throw new Deflated.BadGzip("its checksum differs");
        }
        if (size != length) {
            throw new Deflated.BadGzip("its length differs");
        }
    }

    private void onlyZerosFollow() {
        while (in.has(1)) {
            if (octet() != 0) {
                throw new Deflated.BadGzip("something that is not gzip follows");
            }
        }
    }

    private void need(int count) {
        if (!in.has(count)) {
            throw new Deflated.BadGzip("it ends early");
        }
    }

    private int octet() {
        need(1);
        return in.bytes[in.at++] & 0xFF;
    }

    private int u16() {
        return octet() | octet() << 8;
    }

    @Override
    public void close() {
        closed = true;
        in.close();
        free();
    }

    private void free() {
        if (working.tryLock()) {
            try {
                if (!freed) {
                    freed = true;
                    deflated.close();
                }
            } finally {
                working.unlock();
            }
        }
    }
}
