package dev.candlewick.sink.parquet.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions of a directory under a clock that does not help to tell them apart. */
class DirectoryVersionsTest {

    private static final String NAME = "a/2024-01.parquet";
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    Path directory;

    @Test
    void theSameBytesCreatedAgainAfterADeletionHaveAnotherVersion() {
        ObjectVersion stale = create(storage(NOW), "same").version();
        assertThat(storage(NOW).delete(NAME, stale)).isTrue();
        ObjectHead again = create(storage(NOW), "same");
        assertThat(again.version()).isNotEqualTo(stale);

        assertThat(storage(NOW).write(NAME, bytes("late"), Precondition.unchangedSince(stale)))
                .isEmpty();
        assertThat(storage(NOW).delete(NAME, stale)).isFalse();
        assertThat(storage(NOW).read(NAME, Optional.of(stale), 0, 4)).isEmpty();
        assertThat(storage(NOW).head(NAME)).contains(again);
    }

    @Test
    void noVersionComesBackHoweverOftenANameIsDeletedAndTheClockIsSetBack() {
        Set<ObjectVersion> seen = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            DirectoryStorage storage = storage(NOW.minus(Duration.ofSeconds(i)));
            ObjectVersion created = create(storage, "same").version();
            ObjectVersion replaced = storage.write(NAME, bytes("else"), Precondition.unchangedSince(created))
                    .orElseThrow()
                    .version();
            assertThat(seen.add(created)).as("creation " + i).isTrue();
            assertThat(seen.add(replaced)).as("replacement " + i).isTrue();
            assertThat(storage.delete(NAME, replaced)).isTrue();
        }
    }

    private DirectoryStorage storage(Instant now) {
        return new DirectoryStorage(directory, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static ObjectHead create(ObjectStorage storage, String content) {
        return storage.write(NAME, bytes(content), Precondition.absent()).orElseThrow();
    }

    private static ObjectBytes bytes(String text) {
        return ObjectBytes.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
