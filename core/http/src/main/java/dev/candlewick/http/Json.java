package dev.candlewick.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * Reads JSON from servers that may send anything: with limits on what a document can make us hold, and with numbers
 * exact. Thread-safe.
 *
 * <p>Prices and quantities come as JSON strings; read their text and parse it exactly. A number with a fraction that is
 * not a string becomes a {@link java.math.BigDecimal}, never a {@code double}.
 */
public final class Json {

    private static final long MAX_DOCUMENT_BYTES = 64L << 20;
    private static final int MAX_STRING = 1 << 20;
    private static final int MAX_NUMBER = 64;
    private static final int MAX_NAME = 256;
    private static final int MAX_DEPTH = 64;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(MAX_DOCUMENT_BYTES)
                    .maxStringLength(MAX_STRING)
                    .maxNumberLength(MAX_NUMBER)
                    .maxNameLength(MAX_NAME)
                    .maxNestingDepth(MAX_DEPTH)
                    .build())
            .build();

    private static final ObjectMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final ObjectReader WHOLE = MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private interface Reading {
        JsonNode read() throws IOException;
    }

    private Json() {}

    /** Makes streaming parsers; for arrays of many rows. */
    public static JsonFactory factory() {
        return FACTORY;
    }

    /** Makes parsers that {@link #tree(JsonParser)} can read values from. Do not reconfigure it: it is shared. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /**
     * A whole document.
     *
     * @throws com.fasterxml.jackson.core.JsonProcessingException when it is not JSON, more follows behind it, or a number in
     *     it is of a size that nothing can hold
     */
    public static JsonNode tree(byte[] document) throws IOException {
        return read(() -> WHOLE.readTree(document));
    }

    /** As {@link #tree(byte[])}. */
    public static JsonNode tree(String document) throws IOException {
        return read(() -> WHOLE.readTree(document));
    }

    /** The value that a parser of {@link #mapper} stands at, as {@link #tree(byte[])}; what follows it is not looked at. */
    public static JsonNode tree(JsonParser at) throws IOException {
        return read(at::readValueAsTree);
    }

    /**
     * Checks that nothing follows behind the value at whose end the parser stands.
     *
     * @throws JsonParseException when something does
     */
    public static void requireEnd(JsonParser at) throws IOException {
        if (at.nextToken() != null) {
            throw new JsonParseException(at, "more follows behind its end");
        }
    }

    private static JsonNode read(Reading reading) throws IOException {
        try {
            return reading.read();
        } catch (NumberFormatException beyond) {
            // An exponent of more than 32 bits: the one thing of which the library says so in an exception of this
            // kind.
            throw new JsonParseException(null, String.valueOf(beyond.getMessage()), beyond);
        }
    }
}
