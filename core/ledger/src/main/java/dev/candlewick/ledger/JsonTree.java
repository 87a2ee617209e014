package dev.candlewick.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON object in memory, whose members are asked for by name and type. A member that is missing or of another type is
 * an {@link IllegalArgumentException} that names it. Immutable.
 */
public final class JsonTree {

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, Object> members;

    private JsonTree(Map<String, Object> members) {
        this.members = members;
    }

    /**
     * Reads a text that is one object.
     *
     * @throws IOException when it is not JSON
     * @throws IllegalArgumentException when it is JSON but no object, or goes on after it
     */
    public static JsonTree parse(String text) throws IOException {
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is not a JSON object");
            }
            JsonTree tree = new JsonTree(object(json));
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("something follows its end");
            }
            return tree;
        }
    }

    private static Map<String, Object> object(JsonParser json) throws IOException {
        Map<String, Object> members = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            members.put(name, value(json));
        }
        return members;
    }

    private static Object value(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_ARRAY) {
            List<Object> elements = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(json));
            }
            return elements;
        } else if (token == JsonToken.START_OBJECT) {
            return new JsonTree(object(json));
        } else if (token == JsonToken.VALUE_NUMBER_INT) {
            return json.getLongValue();
        }
        return json.getText();
    }

    /** A text. */
    public String text(String name) {
        return member(name, String.class, "text");
    }

    /** A whole number. */
    public long number(String name) {
        return member(name, Long.class, "number");
    }

    /** A list of texts. */
    public List<String> texts(String name) {
        return elements(name, String.class, "texts");
    }

    /** A list of objects. */
    public List<JsonTree> objects(String name) {
        return elements(name, JsonTree.class, "objects");
    }

    private <T> List<T> elements(String name, Class<T> type, String what) {
        List<?> list = member(name, List.class, "list");
        for (Object element : list) {
            if (!type.isInstance(element)) {
                throw new IllegalArgumentException("its list '" + name + "' is not one of " + what);
            }
        }
        return list.stream().map(type::cast).toList();
    }

    private <T> T member(String name, Class<T> type, String what) {
        Object member = members.get(name);
        if (!type.isInstance(member)) {
            throw new IllegalArgumentException("it has no " + what + " '" + name + "'");
        }
        return type.cast(member);
    }
}
