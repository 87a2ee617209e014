package dev.candlewick.source.binance;

import dev.candlewick.Source;
import dev.candlewick.spi.SourceProvider;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens {@code archive:DIR}, and {@code archive:DIR?market=um} where no folder of it names the market. */
public final class ArchiveDirectorySourceProvider implements SourceProvider {

    private static final Pattern WITH_MARKET = Pattern.compile("(.+)\\?market=([A-Za-z]+)", Pattern.DOTALL);

    /** For {@link java.util.ServiceLoader}. */
    public ArchiveDirectorySourceProvider() {}

    @Override
    public String scheme() {
        return "archive";
    }

    @Override
    public String usage() {
        return "archive:DIR";
    }

    @Override
    public Source open(String address, Map<String, String> environment) {
        Matcher parts = WITH_MARKET.matcher(address);
        boolean named = parts.matches();
        String directory = named ? parts.group(1) : address;
        if (directory.isEmpty()) {
            throw new IllegalArgumentException("'archive:' names no directory; expected archive:DIR");
        }
        try {
            ArchiveDirectorySource.Builder builder = ArchiveDirectorySource.builder(Path.of(directory));
            if (named) {
                builder.market(Market.parse(parts.group(2)));
            }
            return builder.build();
        } catch (InvalidPathException unnameable) {
            throw new IllegalArgumentException(
                    "'" + directory + "' is no directory name here: " + unnameable.getReason(), unnameable);
        }
    }
}
