package dev.candlewick.examples;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The modes of {@code candlewick ticks}. */
enum TicksMode {
    CHECK_GAPS("check-gaps", "days without definitions of instruments", new CheckGapsStep()),
    INSTRUMENTS("instruments", "define the instruments of each day", new InstrumentsStep()),
    MISSING("missing-tick-reports", "what of each day is not stored, and why", TickReportsStep.missing()),
    AVAILABLE("available-tick-reports", "what of each day is stored", TickReportsStep.available()),
    DOWNLOAD("download", "fetch the ticks that are missing", new TickDownloadStep()),
    CANDLES("candle-processing", "make candles with features of the ticks", FeaturesStep.hft()),
    MFT("mft-processing", "make indicators of the candles", FeaturesStep.mft()),
    VALIDATE("validate", "coverage, and what is wrong with rows", new TicksValidationStep()),
    UPLOAD("bigquery-upload", "copy candles with features to BigQuery", new BigQueryUploadStep()),
    FULL("full-pipeline-ticks", "check-gaps, instruments, reports, download, candles, validate", new PipelineStep()),
    DAILY("daily", "the day's whole schedule: of yesterday unless days are given", new DailyStep()),
    DEMO("demo", "all of it in a temporary directory, without network or key", new TicksDemoStep());

    private final String word;
    private final String summary;

    @SuppressWarnings("ImmutableEnumChecker") // steps hold no state
    private final TicksStep step;

    TicksMode(String word, String summary, TicksStep step) {
        this.word = word;
        this.summary = summary;
        this.step = step;
    }

    /** The mode of a word. */
    static TicksMode parse(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        if (word.equals("missing-reports")) {
            return MISSING;
        }
        return Arrays.stream(values())
                .filter(mode -> mode.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new UsageException("There is no mode '" + TerminalText.typed(text) + "'"
                        + NearMatches.nearest(word, words())
                                .map(match -> "; did you mean '" + match + "'?")
                                .orElse("; there are " + String.join(", ", words()))));
    }

    /** The words of all modes. */
    static List<String> words() {
        return Arrays.stream(values()).map(TicksMode::word).toList();
    }

    /** Every mode with what it does, a line each. */
    static String listed() {
        StringBuilder text = new StringBuilder();
        Arrays.stream(values())
                .forEach(mode -> text.append(String.format(Locale.ROOT, "  %-22s %s%n", mode.word, mode.summary)));
        return text.toString().replace("\r\n", "\n");
    }

    String word() {
        return word;
    }

    TicksStep step() {
        return step;
    }

    /** Whether days have to be given. */
    boolean needsDays() {
        return this != DAILY && this != DEMO;
    }

    /** The mode that a step belongs to, if it is one of these. */
    static Optional<TicksMode> of(TicksStep step) {
        return Arrays.stream(values()).filter(mode -> mode.step == step).findFirst();
    }
}
