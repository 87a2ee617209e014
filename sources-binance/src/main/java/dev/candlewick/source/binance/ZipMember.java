package dev.candlewick.source.binance;

import dev.candlewick.Corrupt;
import dev.candlewick.Unavailable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The one CSV inside an archive zip as a stream, for files that are too large to be held. Bytes are counted as they come,
 * never believed from a header; names inside are compared, never used as paths; the CRC and what follows the member are
 * checked when the stream ends, so whoever reads to the end has seen a whole file.
 */
final class ZipMember extends InputStream {

    /** Real files of trades compress 4 to 8 times; DEFLATE can reach 1,030. */
    private static final int HIGHEST_RATIO = 100;

    private static final long SMALLEST_CAP = 1 << 20;
    private static final int BUFFER_BYTES = 64 << 10;

    private final ZipInputStream zip;
    private final String member;
    private final String file;
    private final long cap;
    private long length;
    private boolean ended;

    private ZipMember(ZipInputStream zip, String member, String file, long cap) {
        this.zip = zip;
        this.member = member;
        this.file = file;
        this.cap = cap;
    }

    /** Opens the expected member; a zip that begins with another one is {@link Corrupt}. */
    static ZipMember open(ZipBytes bytes, String member, String file) {
        try {
            long packed = bytes.size();
            ZipInputStream zip = new ZipInputStream(new BufferedInputStream(bytes.open(), BUFFER_BYTES));
            ZipMember opened =
                    new ZipMember(zip, member, file, Math.max(SMALLEST_CAP, Math.multiplyExact(packed, HIGHEST_RATIO)));
            try {
                if (!opened.next()) {
                    throw new Corrupt(file + " is no zip with a member '" + member + "' (" + packed + " bytes)");
                }
            } catch (RuntimeException | IOException unfit) {
                zip.close();
                throw unfit;
            }
            return opened;
        } catch (java.util.zip.ZipException | IllegalArgumentException | java.io.EOFException damaged) {
            throw new Corrupt(file + " is damaged: " + damaged.getMessage(), damaged);
        } catch (IOException unreadable) {
            throw new Unavailable(file + " cannot be read from " + bytes + ": " + unreadable.getMessage(), unreadable);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
        if (ended) {
            return -1;
        }
        try {
            int read = zip.read(target, from, count);
            if (read < 0) {
                ended = true;
                if (next()) {
                    throw new Corrupt(file + " holds the member '" + member + "' twice");
                }
                return -1;
            }
            length += read;
            if (length > cap) {
                throw new Corrupt(
                        file + " unpacks to more than " + cap + " bytes: no file of ticks compresses so well");
            }
            return read;
        } catch (java.util.zip.ZipException | IllegalArgumentException | java.io.EOFException damaged) {
            throw new Corrupt(file + " is damaged after " + length + " bytes: " + damaged.getMessage(), damaged);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /** Whether the expected member comes next; what macOS adds is passed over, anything else refused. */
    private boolean next() throws IOException {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            String name = entry.getName();
            if (name.equals(member)) {
                return true;
            }
            if (!name.startsWith("__MACOSX/")) {
                String shown = name.length() > 80 ? name.substring(0, 80) + "…" : name;
                throw new Corrupt(file + " holds a member '" + shown.replaceAll("\\p{Cntrl}", "?")
                        + "' beside or in place of the expected '" + member + "'");
            }
        }
        return false;
    }
}
