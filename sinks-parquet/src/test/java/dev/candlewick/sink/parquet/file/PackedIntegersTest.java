package dev.candlewick.sink.parquet.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PackedIntegersTest {

    private static final int SLACK = 16;
    private static final int COUNT = 1_003;

    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void codesOfEveryWidthComeBackInPiecesOfAnyLength() {
        for (int width = 0; width <= 31; width++) {
            int[] codes = new int[COUNT];
            for (int i = 0; i < COUNT; i++) {
                codes[i] = width == 0 ? 0 : random.nextInt() >>> (32 - width);
                if (i > 0 && i % 100 < 20) {
                    codes[i] = codes[i - 1]; // runs among what is packed
                }
            }
            ByteBuilder out = new ByteBuilder(64);
            HybridEncoder.encode(codes, 0, COUNT, width, out);
            byte[] bytes = Arrays.copyOf(out.array(), out.size() + SLACK);
            for (int piece : new int[] {1, 3, 7, 8, 64, COUNT}) {
                HybridDecoder decoder = new HybridDecoder(bytes, 0, out.size(), width);
                int[] read = new int[COUNT];
                for (int at = 0; at < COUNT; at += piece) {
                    decoder.read(read, at, Math.min(piece, COUNT - at));
                }
                assertThat(read).as("width %d in pieces of %d", width, piece).isEqualTo(codes);
            }
        }
    }

    @Test
    void differencesOfEveryWidthComeBackInPiecesOfAnyLength() {
        for (int width = 0; width <= 64; width++) {
            long[] values = new long[COUNT];
            for (int i = 1; i < COUNT; i++) {
                long difference = width == 0 ? 5 : random.nextLong() >>> (64 - width);
                values[i] = values[i - 1] + difference - (i % 3);
            }
            ByteBuilder out = new ByteBuilder(64);
            new DeltaEncoder().encode(values, 0, COUNT, out);
            byte[] bytes = Arrays.copyOf(out.array(), out.size() + SLACK);
            for (int piece : new int[] {1, 3, 7, 32, 33, COUNT}) {
                DeltaDecoder decoder = new DeltaDecoder(bytes, 0, out.size(), false);
                long[] read = new long[COUNT];
                for (int at = 0; at < COUNT; at += piece) {
                    decoder.read(read, at, Math.min(piece, COUNT - at));
                }
                assertThat(read).as("width %d in pieces of %d", width, piece).isEqualTo(values);
            }
        }
    }
}
