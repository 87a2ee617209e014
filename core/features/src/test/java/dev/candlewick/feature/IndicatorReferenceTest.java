package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference says what the indicators say of themselves. */
class IndicatorReferenceTest {

    private static final Path REFERENCE =
            Path.of(System.getProperty("user.dir")).resolve("../../docs/reference/books-and-indicators.md");

    @Test
    void everyIndicatorIsDescribedAsItDescribesItself() throws IOException {
        String reference = Files.readString(REFERENCE);

        assertThat(reference).contains(table(IndicatorSet.MFT)).contains(table(IndicatorSet.LIVE));
    }

    @Test
    void everyColumnOfSurfacesIsDescribed() throws IOException {
        String reference = Files.readString(REFERENCE);

        assertThat(OptionFeatures.dataset(Interval.parse("1m")).schema().names())
                .allSatisfy(column -> assertThat(reference).contains("`" + column + "`"));
    }

    static String table(IndicatorSet set) {
        StringBuilder table = new StringBuilder(
                "| Column | Formula | Unit | Window | No value | Source |\n|---|---|---|---|---|---|\n");
        for (Indicator indicator : set.indicators()) {
            table.append("| `")
                    .append(String.join(
                            " | ",
                            indicator.column() + "`",
                            indicator.formula().replace("|", "\\|"),
                            indicator.unit(),
                            indicator.window(),
                            indicator.whenNull(),
                            indicator.source()))
                    .append(" |\n");
        }
        return table.toString();
    }
}
