package dev.candlewick.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
