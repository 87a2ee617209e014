package dev.candlewick.examples;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What {@code candlewick --version} prints: which Candlewick on which Java. */
final class Version {

    private static final String RESOURCE = "version.properties";

    private Version() {}

    static String text() throws IOException {
        Properties properties = new Properties();
        try (InputStream resource = Version.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IOException(RESOURCE + " is missing from the class path");
            }
            properties.load(resource);
        }
        return "candlewick " + properties.getProperty("version") + " on Java " + Runtime.version() + "\n";
    }
}
