package dev.candlewick.csv;

import dev.candlewick.Corrupt;
import dev.candlewick.testkit.HostileInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Gzip that nobody would write: our own inflating and the platform's must find the same, bytes or damage. */
@Tag("fuzz")
final class HostileGzipTest {

    /** What goes on beyond this is compared no further. */
    private static final long ENOUGH = 4 << 20;

    /** Four blocks of half a megabyte for each of two, and what the platform's own reader holds. */
    private static final long MOST_MEMORY = 64 << 20;

    /**
     * What an inflater made of a stretch.
     *
     * @param position of the byte of the file behind it; -1 when it goes on
     */
    private record Inflated(long length, long checksum, long position) {}

    @Test
    void filesOfGzip() {
        HostileInput target = HostileInput.named("gzip").covering(CsvRows.class).mostMemory(MOST_MEMORY);
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            target.seed(GunzipTest.gzip(random, GunzipTest.content(random, random.nextInt(seed < 50 ? 500 : 20_000))));
        }
        target.seed(CsvRowsTest.gzip(new byte[0], 1)).run((input, choices) -> {
            if (input.length < 2 || input[0] != 0x1F || input[1] != (byte) 0x8B) {
                return;
            }
            Optional<Corrupt> own = Optional.empty();
            byte[] bytes = {};
            try {
                bytes = GunzipTest.gunzip(input, CsvInflate.OWN, choices, HostileInput.FILE);
            } catch (Corrupt damage) {
                own = Optional.of(damage);
            }
            Optional<Corrupt> jdk = Optional.empty();
            byte[] same = {};
            try {
                same = GunzipTest.gunzip(input, CsvInflate.JDK, choices, HostileInput.FILE);
            } catch (Corrupt damage) {
                jdk = Optional.of(damage);
            }
            if (own.isPresent() != jdk.isPresent()) {
                throw new AssertionError("own: " + own + ", platform's: " + jdk);
            }
            if (own.isPresent()) {
                throw own.get();
            }
            if (!Arrays.equals(bytes, same) || !Arrays.equals(bytes, platform(input))) {
                throw new AssertionError("other bytes");
            }
        });
    }

    /** The platform's reader of gzip, which passes over whatever follows the last member. */
    private static byte[] platform(byte[] input) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(input))) {
            return in.readAllBytes();
        }
    }

    @Test
    void deflatedStretchesWithoutAChecksumThatWouldTell() {
        HostileInput target =
                HostileInput.named("deflate").covering(CsvRows.class).mostMemory(MOST_MEMORY);
        for (int seed = 0; seed < 80; seed++) {
            Random random = new Random(seed);
            byte[] content = GunzipTest.content(random, random.nextInt(seed < 70 ? 1 << (1 + seed % 12) : 70_000));
            target.seed(deflated(content, seed % 10, seed % 3));
        }
        // A last block by hand: stored, fixed, and coded with a single distance.
        target.seed(new byte[] {1, 1, 0, -2, -1, 'x'})
                .seed(new byte[] {3, 0})
                .seed(new byte[] {5, (byte) 0xC0, (byte) 0x81, 8, 0, 0, 0, 0, 32, 127, (byte) 235, 11, 0, 0});
        target.run((input, choices) -> {
            long pieces = choices.nextLong();
            Optional<Inflated> own = inflated(new OwnDeflated(), input, new Random(pieces));
            Optional<Inflated> jdk = inflated(new JdkDeflated(), input, new Random(pieces));
            if (!own.equals(jdk)) {
                throw new AssertionError("own: " + own + ", platform's: " + jdk);
            }
        });
    }

    private static byte[] deflated(byte[] content, int level, int strategy) {
        Deflater deflater = new Deflater(level, true);
        deflater.setStrategy(strategy);
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[4_096];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    /** Empty when the stretch is damaged.. */
    private static Optional<Inflated> inflated(Deflated deflated, byte[] input, Random pieces) {
        RawInput in = new RawInput(GunzipTest.inPieces(input, pieces), HostileInput.FILE);
        BlockRing ring = new BlockRing(2);
        CRC32 checksum = new CRC32();
        long length = 0;
        try (deflated) {
            ByteBlock block = ring.next();
            // Bytes of a member before this one, which this one must not refer to.
            byte[] before = "before".repeat(pieces.nextInt(3)).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(before, 0, block.bytes, block.to, before.length);
            block.to += before.length;
            deflated.start(block);
            while (true) {
                int start = block.to;
                boolean done = deflated.inflate(in, block);
                checksum.update(block.bytes, start, block.to - start);
                length += block.to - start;
                if (done) {
                    return Optional.of(new Inflated(length, checksum.getValue(), in.position()));
                }
                if (length > ENOUGH) {
                    return Optional.of(new Inflated(0, 0, -1));
                }
                if (block.to >= block.limit()) {
                    block = ring.next();
                }
            }
        } catch (Deflated.BadGzip damaged) {
            return Optional.empty();
        }
    }
}
