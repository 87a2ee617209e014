package dev.candlewick.source.tardis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstRowTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exchange,symbol\nx,BTC\n",
                "exchange,symbol\r\nx,BTC\r\n",
                "exchange,symbol\n\n\r\n\nx,BTC",
                "\n\nexchange,symbol\nx,BTC"
            })
    void blankLinesBeforeTheFirstRowDoNotHideIt(String text) throws IOException {
        assertThat(read(text).symbol()).contains("BTC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exchange,symbol", "exchange,symbol\n", "exchange,symbol\n\n\r\n"})
    void aHeaderAndBlankLinesAreNoRow(String text) throws IOException {
        FirstRow first = read(text);
        assertThat(first.hasHeader()).isTrue();
        assertThat(first.symbol()).isEmpty();
    }

    @Test
    void aLineOfSpacesIsARowThatSomebodyHasToSetAside() throws IOException {
        assertThat(read("exchange,symbol\n  \n").symbol()).isEqualTo(Optional.of(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exchange,symbol\nx\nx,BTC\n",
                "exchange,symbol\nx,\nx,BTC\n",
                "exchange,symbol\nx,ETH\nx,BTC\n",
                "exchange,symbol\nx,y,BTC\nx,BTC\n",
                "\"exchange\",\"symbol\"\n\"x\",\"BTC\"\n"
            })
    void aWrongRowDoesNotSpeakForTheOthers(String text) throws IOException {
        assertThat(read(text).symbol()).contains("BTC");
    }

    private FirstRow read(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Path path = Files.write(directory.resolve("file"), bytes);
        DatasetFile file = new DatasetFile("x", TardisData.TRADES, "BTC", LocalDate.of(2020, 1, 1));
        return FirstRow.of(file, new CachedCopy(path, bytes.length, "", "", Instant.EPOCH));
    }
}
