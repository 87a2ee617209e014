package dev.candlewick.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SpillBufferTest {

    @Property(tries = 200)
    void whateverFitsInMemoryEverythingComesBackInOrder(
            @ForAll @IntRange(max = 300) int memory, @ForAll @Size(max = 20) List<byte[]> pieces) throws IOException {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (SpillBuffer buffer = new SpillBuffer(memory)) {
            for (byte[] piece : pieces) {
                buffer.write(piece);
                expected.write(piece);
                assertThat(all(buffer)).isEqualTo(expected.toByteArray());
            }
            buffer.write(7);
            expected.write(7);
            assertThat(buffer.size()).isEqualTo(expected.size());
            assertThat(all(buffer)).isEqualTo(expected.toByteArray());
            assertThat(all(buffer)).as("read again").isEqualTo(expected.toByteArray());
        }
    }

    @Property(tries = 200)
    void anyStretchComesBackWhereverItLies(
            @ForAll @IntRange(max = 300) int memory,
            @ForAll @Size(max = 600) byte[] bytes,
            @ForAll @IntRange(max = 600) int from,
            @ForAll @IntRange(max = 600) int count)
            throws IOException {
        try (SpillBuffer buffer = new SpillBuffer(memory)) {
            buffer.write(bytes);
            byte[] target = new byte[count + 2];
            if (from + count > bytes.length) {
                assertThatThrownBy(() -> buffer.read(from, target, 1, count)).isInstanceOf(EOFException.class);
            } else {
                buffer.read(from, target, 1, count);
                assertThat(Arrays.copyOfRange(target, 1, count + 1))
                        .isEqualTo(Arrays.copyOfRange(bytes, from, from + count));
                assertThat(target[0] + target[count + 1]).isZero();
            }
        }
    }

    @Test
    void closingDeletesTheFile() throws IOException {
        SpillBuffer buffer = new SpillBuffer(10);
        buffer.write(new byte[100]);
        Path file = Path.of(buffer.toString().replaceFirst(".* in ", ""));
        assertThat(file).exists();
        buffer.close();
        buffer.close();
        assertThat(Files.exists(file)).isFalse();
        assertThat(buffer.size()).isZero();
    }

    private static byte[] all(SpillBuffer buffer) throws IOException {
        try (InputStream bytes = buffer.read()) {
            return bytes.readAllBytes();
        }
    }
}
