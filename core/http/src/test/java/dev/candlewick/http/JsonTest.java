package dev.candlewick.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

    @ParameterizedTest
    @ValueSource(strings = {"[1e30000000000]", "{\"a\":1E-30000000000}", "[1] [2]", "{}x", "[1", "{\"a\":NaN}"})
    void whatIsNoDocumentIsMalformedHoweverItIsRead(String text) {
        assertThatThrownBy(() -> Json.tree(text)).isInstanceOf(JsonProcessingException.class);
        assertThatThrownBy(() -> Json.tree(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(JsonProcessingException.class);
        assertThatThrownBy(() -> {
                    try (JsonParser at = Json.mapper().createParser(text)) {
                        at.nextToken();
                        Json.tree(at);
                        Json.requireEnd(at);
                    }
                })
                .isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void numbersKeepTheirDigits() throws IOException {
        assertThat(Json.tree("[0.10000000000000000555, 1e2]")).asString().isEqualTo("[0.10000000000000000555,1E+2]");
    }
}
