package dev.candlewick.source.tardis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Documents that no honest server sends. */
final class CatalogueProperties {

    /** Whatever a server sends, it is read, or refused as damaged: no other error comes out. */
    @Property(tries = 300)
    void anyDocumentIsReadOrRefused(@ForAll String garbage, @ForAll int cut) {
        String good =
                "{\"id\":\"x\",\"availableSymbols\":[{\"id\":\"a\",\"availableSince\":\"2024-01-01T00:00:00Z\"}],\"datasets\":"
                        + "{\"exportedUntil\":\"2024-01-05\",\"symbols\":[]}}";
        int at = Math.floorMod(cut, good.length());
        for (String text : List.of(garbage, good.substring(0, at) + garbage + good.substring(at))) {
            try {
                MetadataJson.details(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }
}
