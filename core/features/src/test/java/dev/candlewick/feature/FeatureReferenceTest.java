package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The reference of features is made of what their classes say of themselves. */
class FeatureReferenceTest {

    private static final String BEGIN =
            "<!-- What follows is made of the classes' own words; FeatureReferenceTest keeps it in step. -->";

    @Test
    void theReferenceSaysWhatTheClassesSay() throws IOException {
        Path file = root().resolve("docs/reference/features.md");
        String text = Files.readString(file);
        String made = text.substring(0, text.indexOf(BEGIN)) + BEGIN + "\n" + tables();
        if (Boolean.getBoolean("candlewick.docs.write")) {
            Files.writeString(file, made);
            return;
        }
        assertThat(text)
                .as("run the test with -Dcandlewick.docs.write=true to write it anew")
                .isEqualTo(made);
    }

    @Test
    void everyColumnIsExplained() {
        for (FeatureColumn column : HftDatasets.columns()) {
            assertThat(List.of(column.unit(), column.formula(), column.absent()))
                    .as(column.field().name())
                    .allMatch(text -> !text.isBlank());
        }
    }

    private static String tables() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("## `features:hft:INTERVAL`");
        lines.add("");
        lines.add("| Column | Type | Unit | Formula | No value when | Longer intervals | After |");
        lines.add("|---|---|---|---|---|---|---|");
        for (FeatureColumn column : HftDatasets.columns()) {
            lines.add(row(
                    "`" + column.field().name() + "`",
                    column.field().type().toString(),
                    column.unit(),
                    column.formula(),
                    column.absent(),
                    column.law().name().toLowerCase(Locale.ROOT),
                    column.source()));
        }
        for (IndicatorSet set : List.of(IndicatorSet.MFT, IndicatorSet.LIVE)) {
            lines.add("");
            lines.add("## `features:" + set.name() + ":INTERVAL`");
            lines.add("");
            lines.add(
                    "C, H, L, O, V, Q are a bar's close, high, low, open, volume and quote volume; all columns are float64.");
            lines.add("");
            lines.add("| Column | Unit | Formula | Window | No value when | After |");
            lines.add("|---|---|---|---|---|---|");
            for (Indicator indicator : set.indicators()) {
                lines.add(row(
                        "`" + indicator.column() + "`",
                        indicator.unit(),
                        indicator.formula(),
                        indicator.window(),
                        indicator.whenNull(),
                        indicator.source()));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String row(String... cells) {
        List<String> escaped = new ArrayList<>();
        for (String cell : cells) {
            escaped.add(cell.replace("|", "\\|"));
        }
        return "| " + String.join(" | ", escaped) + " |";
    }

    private static Path root() {
        Path at = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        while (!Files.isDirectory(at.resolve("docs/reference"))) {
            at = at.getParent();
        }
        return at;
    }
}
