package dev.candlewick.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class GunzipTest {

    @Property(tries = 150)
    void bothGiveBackWhatWasCompressedWhateverTheSettings(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = content(random, random.nextInt(1_200_000));
        byte[] gzip = gzip(random, bytes);
        for (CsvInflate inflate : CsvInflate.values()) {
            assertThat(Arrays.equals(gunzip(gzip, inflate, random), bytes))
                    .as("%s of seed %d", inflate, seed)
                    .isTrue();
        }
    }

    @Property(tries = 400)
    void damageIsNoticedByBothOrLeavesTheContentAsItWas(@ForAll long seed) {
        damaged(new Random(seed), 5_000);
    }

    @Test
    @Tag("faults")
    void damageIsNoticedInManyMoreTrials() {
        int trials = Integer.getInteger("candlewick.faults.trials", 25) * 1_000;
        for (int trial = 0; trial < trials; trial++) {
            damaged(new Random(trial), 60_000);
        }
    }

    private static void damaged(Random random, int size) {
        byte[] bytes = content(random, random.nextInt(size));
        byte[] gzip = gzip(random, bytes);
        if (random.nextInt(4) == 0) {
            gzip = Arrays.copyOf(gzip, random.nextInt(gzip.length));
        } else {
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                int at = random.nextInt(3) == 0
                        ? random.nextInt(Math.min(gzip.length, 100))
                        : random.nextInt(gzip.length);
                gzip[at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        Optional<byte[]> own = tried(gzip, CsvInflate.OWN, random);
        Optional<byte[]> jdk = tried(gzip, CsvInflate.JDK, random);
        assertThat(own.isPresent()).isEqualTo(jdk.isPresent());
        if (own.isPresent()) {
            assertThat(own.get()).isEqualTo(jdk.orElseThrow());
        }
    }

    @ParameterizedTest
    @EnumSource(CsvInflate.class)
    void everyCutIsNoticedAndNamedWithTheFile(CsvInflate inflate) {
        byte[] gzip = CsvRowsTest.gzip("a,b\n1,2\n".repeat(50).getBytes(StandardCharsets.UTF_8), 1);
        for (int length = 2; length < gzip.length; length++) {
            byte[] cut = Arrays.copyOf(gzip, length);
            assertThatThrownBy(() -> gunzip(cut, inflate, new Random(1)))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("file is damaged")
                    .hasMessageContaining("byte");
        }
    }

    @ParameterizedTest
    @EnumSource(CsvInflate.class)
    void zerosBehindTheLastMemberArePassedOverAndAnythingElseIsDamage(CsvInflate inflate) {
        byte[] bytes = "a,b\n".getBytes(StandardCharsets.UTF_8);
        byte[] gzip = CsvRowsTest.gzip(bytes, 2);
        assertThat(gunzip(Arrays.copyOf(gzip, gzip.length + 512), inflate, new Random(1)))
                .isEqualTo(bytes);
        byte[] more = Arrays.copyOf(gzip, gzip.length + 1);
        more[gzip.length] = 'x';
        assertThatThrownBy(() -> gunzip(more, inflate, new Random(1)))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("not gzip");
    }

    @ParameterizedTest
    @EnumSource(CsvInflate.class)
    void aChecksumThatDiffersIsDamage(CsvInflate inflate) {
        byte[] gzip = CsvRowsTest.gzip("a,b\n".getBytes(StandardCharsets.UTF_8), 1);
        for (int behind : new int[] {5, 1}) {
            byte[] other = gzip.clone();
            other[gzip.length - behind] ^= 1;
            assertThatThrownBy(() -> gunzip(other, inflate, new Random(1)))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("differs");
        }
    }

    @ParameterizedTest
    @EnumSource(CsvInflate.class)
    void theChecksumOfAHeaderCountsWhereThereIsOne(CsvInflate inflate) {
        byte[] plain = CsvRowsTest.gzip("a,b\n".getBytes(StandardCharsets.UTF_8), 1);
        byte[] gzip = new byte[plain.length + 2];
        System.arraycopy(plain, 0, gzip, 0, 10);
        System.arraycopy(plain, 10, gzip, 12, plain.length - 10);
        gzip[3] = 2;
        CRC32 checksum = new CRC32();
        checksum.update(gzip, 0, 10);
        gzip[10] = (byte) checksum.getValue();
        gzip[11] = (byte) (checksum.getValue() >>> 8);
        assertThat(gunzip(gzip, inflate, new Random(1))).isEqualTo("a,b\n".getBytes(StandardCharsets.UTF_8));
        gzip[4] ^= 1;
        assertThatThrownBy(() -> gunzip(gzip, inflate, new Random(1)))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("checksum of its header");
    }

    private static Optional<byte[]> tried(byte[] gzip, CsvInflate inflate, Random random) {
        try {
            return Optional.of(gunzip(gzip, inflate, random));
        } catch (Corrupt noticed) {
            return Optional.empty();
        }
    }

    private static byte[] gunzip(byte[] gzip, CsvInflate inflate, Random random) {
        return gunzip(gzip, inflate, random, "file");
    }

    /** The bytes of a file, which arrives whole or in pieces. */
    static InputStream inPieces(byte[] file, Random random) {
        long seed = random.nextLong();
        return new ByteArrayInputStream(file) {
            private final Random pieces = new Random(seed);
            private final boolean small = pieces.nextInt(4) == 0;

            @Override
            public synchronized int read(byte[] target, int from, int count) {
                return super.read(target, from, small ? Math.min(count, 1 + pieces.nextInt(100)) : count);
            }
        };
    }

    static byte[] gunzip(byte[] gzip, CsvInflate inflate, Random random, String file) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (ByteBlocks blocks = new FileBlocks(new RawInput(inPieces(gzip, random), file), inflate)) {
            for (ByteBlock block = blocks.next(); block != null; block = blocks.next()) {
                all.write(block.bytes, block.from, block.to - block.from);
            }
        }
        return all.toByteArray();
    }

    /** Text, noise, runs and repetitions, near and far. */
    static byte[] content(Random random, int size) {
        byte[] bytes = new byte[size];
        int alphabet = 1 + random.nextInt(256);
        for (int at = 0; at < size; ) {
            int length = Math.min(size - at, 1 + random.nextInt(1 << random.nextInt(1, 16)));
            int kind = random.nextInt(4);
            for (int i = 0, back = at == 0 ? 0 : 1 + random.nextInt(Math.min(at, 1 << random.nextInt(1, 17)));
                    i < length;
                    i++, at++) {
                bytes[at] = kind == 0 && back > 0
                        ? bytes[at - back]
                        : kind == 1
                                ? (byte) "0123456789.,\nbuysell".charAt(random.nextInt(20))
                                : (byte) random.nextInt(alphabet);
            }
        }
        return bytes;
    }

    private static final class Counting implements Deflated {
        private final Deflated deflated = new JdkDeflated();
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public void start(ByteBlock block) {
            deflated.start(block);
        }

        @Override
        public boolean inflate(RawInput in, ByteBlock block) {
            return deflated.inflate(in, block);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
            deflated.close();
        }
    }

    @Test
    void whatTheDeflaterHoldsIsFreedAtTheEndAtDamageAndWhenClosedEarly() {
        byte[] whole = gzip(new Random(1), new byte[1 << 20]);
        byte[] cut = Arrays.copyOf(whole, whole.length / 2);

        Counting read = new Counting();
        ByteBlocks blocks = blocks(whole, read);
        for (ByteBlock block = blocks.next(); block != null; ) {
            block = blocks.next();
        }
        assertThat(read.closed).hasValue(1);
        assertThat(blocks.next()).isNull();

        Counting damaged = new Counting();
        ByteBlocks half = blocks(cut, damaged);
        assertThatThrownBy(() -> {
                    while (half.next() != null) {
                        // until the damage
                    }
                })
                .isInstanceOf(Corrupt.class);
        assertThat(damaged.closed).hasValue(1);

        Counting early = new Counting();
        ByteBlocks left = blocks(whole, early);
        left.next();
        left.close();
        left.close();
        assertThat(early.closed).hasValue(1);
        assertThatThrownBy(left::next).isInstanceOf(Cancelled.class);
    }

    private static ByteBlocks blocks(byte[] bytes, Deflated deflated) {
        return new GzipBlocks(new RawInput(new ByteArrayInputStream(bytes), "file"), new BlockRing(2), deflated);
    }

    /** Members of every level and strategy, with and without the optional parts of a header. */
    static byte[] gzip(Random random, byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int members = 1 + random.nextInt(3);
        for (int member = 0; member < members; member++) {
            int from = (int) ((long) bytes.length * member / members);
            int to = (int) ((long) bytes.length * (member + 1) / members);
            int flags = random.nextInt(4) == 0 ? random.nextInt(32) & ~1 : 0;
            int header = out.size();
            out.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, (byte) flags, 0, 0, 0, 0, 0, 0});
            if ((flags & 4) != 0) {
                out.writeBytes(new byte[] {3, 0, 9, 9, 9});
            }
            if ((flags & 8) != 0) {
                out.writeBytes(new byte[] {'n', 0});
            }
            if ((flags & 16) != 0) {
                out.writeBytes(new byte[] {'c', 'c', 0});
            }
            if ((flags & 2) != 0) {
                CRC32 checksum = new CRC32();
                checksum.update(out.toByteArray(), header, out.size() - header);
                out.write((int) checksum.getValue());
                out.write((int) checksum.getValue() >>> 8);
            }
            Deflater deflater = new Deflater(random.nextInt(10), true);
            deflater.setStrategy(random.nextInt(3));
            deflater.setInput(bytes, from, to - from);
            byte[] buffer = new byte[4_096];
            if (random.nextInt(3) == 0) {
                int count;
                while ((count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH)) > 0) {
                    out.write(buffer, 0, count);
                }
            }
            deflater.finish();
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            deflater.end();
            CRC32 crc = new CRC32();
            crc.update(bytes, from, to - from);
            for (long value : new long[] {crc.getValue(), to - from}) {
                for (int shift = 0; shift < 32; shift += 8) {
                    out.write((int) (value >>> shift));
                }
            }
        }
        return out.toByteArray();
    }
}
