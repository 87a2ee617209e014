package dev.candlewick.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

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

    private Json() {}

    /** Makes streaming parsers; for arrays of many rows. */
    public static JsonFactory factory() {
        return FACTORY;
    }

    /** Reads trees; for small documents. Do not reconfigure it: it is shared. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }
}
