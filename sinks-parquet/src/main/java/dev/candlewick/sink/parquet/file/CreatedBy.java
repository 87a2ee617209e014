package dev.candlewick.sink.parquet.file;

import java.util.Optional;

/** Who wrote a file, in the form that readers parse to work around known bugs: {@code name version v (build b)}. */
final class CreatedBy {

    private CreatedBy() {}

    static String text() {
        // Classes that run outside their jar have no version; a fixed word keeps equal rows equal bytes.
        String version = Optional.ofNullable(CreatedBy.class.getPackage().getImplementationVersion())
                .map(text -> text.replace("-SNAPSHOT", ""))
                .orElse("0.0.0");
        return "candlewick version " + version + " (build parquet-1)";
    }
}
