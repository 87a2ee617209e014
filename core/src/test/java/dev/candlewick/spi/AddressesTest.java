package dev.candlewick.spi;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of addresses where no module offers them. */
class AddressesTest {

    @Test
    void aSchemeWhoseModuleIsMissingNamesTheModule() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Addresses.store("gcs:bucket/prefix?key=secret", Map.of()))
                .withMessage("'gcs:…' needs a module that is not on the class path: add"
                        + " dev.candlewick:candlewick-sinks-gcp to it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Addresses.source("s3:bucket", Map.of()))
                .withMessageContaining("dev.candlewick:candlewick-sinks-s3");
    }

    @Test
    void aSchemeThatNobodyKnowsIsNoStore() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Addresses.store("gsc:bucket", Map.of()))
                .withMessage("'gsc:…' is no store known here; no module that offers one is on the class path");
    }
}
