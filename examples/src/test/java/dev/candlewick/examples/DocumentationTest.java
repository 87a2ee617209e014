package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.Test;

/** What the pages say is true: code runs, links lead somewhere, every command is described. */
class DocumentationTest {

    private static final Path ROOT = root();

    // What pages take for given.
    private static final String IMPORTED = """
            import dev.candlewick.sink.bigquery.*;
            import dev.candlewick.sink.bigquery.streaming.*;
            import dev.candlewick.sink.gcs.*;
            import dev.candlewick.sink.parquet.objects.*;
            import dev.candlewick.sink.s3.*;
            import java.net.URI;
            import java.time.*;
            import java.util.concurrent.*;
            """;
    private static final String GIVEN = """
            BinanceSource binance;
            Source source;
            Store store;
            Series series;
            Series btc;
            TimeRange range;
            TimeRange lastTwoYears;
            Batch batch;
            BackfillListener metrics;
            ExecutorService executor;
            ObjectStorage storage;
            Iterable<Batch> live;
            Source ticks;
            Source candles;
            TardisSource tardis;
            InstrumentCatalog catalog;
            Clock clock;
            String name;
            long sum;
            void save(Object position) {}
            """;

    @Test
    void theReadmeRunsCodeWithinItsFirst25Lines() throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve("README.md"));

        assertThat(lines.subList(0, 25)).anyMatch(line -> line.startsWith("./candlewick demo"));
        assertThat(lines.subList(0, 25)).anyMatch(line -> line.contains("backfiller.fill("));
    }

    @Test
    void theQuickStartCompiles() throws IOException {
        String code = blocks("README.md", "java").get(0);

        try (JShell shell = shell()) {
            assertRuns(shell, "void quickStart() throws Exception {\n" + code + "}");
        }
    }

    @Test
    void theLinesOnTicksCompile() throws IOException {
        String code = blocks("README.md", "java").get(1);

        try (JShell shell = shell()) {
            assertRuns(shell, "void ticks() throws Exception {\n" + code + "}");
        }
    }

    @Test
    void theJshellLinesOfTheReadmeRunWhole() throws IOException {
        List<String> values = runAll(blocks("README.md", "jshelllanguage").get(0));

        assertThat(values).anyMatch(value -> value.contains("4320 rows") || value.contains("4,320 rows"));
        assertThat(values).anyMatch(value -> value.contains("complete"));
    }

    @Test
    void theNotebookRunsWhole() throws IOException {
        List<String> values = runAll(Files.readString(ROOT.resolve("examples/notebook.jsh")));

        assertThat(values).anyMatch(value -> value.contains("Complete"));
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        Pattern link = Pattern.compile("\\]\\((?!https?:)([^)#]+)[^)]*\\)");
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            link.matcher(Files.readString(page))
                    .results()
                    .map(match -> match.group(1))
                    .forEach(target -> {
                        if (!Files.exists(page.resolveSibling(target).normalize())) {
                            broken.add(ROOT.relativize(page) + " -> " + target);
                        }
                    });
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyPageIsLinkedFromTheIndex() throws IOException {
        String index = Files.readString(ROOT.resolve("docs/index.md"));
        List<String> missing = new ArrayList<>();
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md"))
                    .map(file -> ROOT.resolve("docs").relativize(file))
                    .filter(page -> !page.startsWith("decisions") && !page.endsWith("index.md"))
                    .filter(page -> !index.contains("](" + page.toString().replace('\\', '/') + ")"))
                    .forEach(page -> missing.add(page.toString()));
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void theCodeOfEveryPageCompiles() throws IOException {
        // All in one: asking the compiler once for each takes most of a minute.
        String startup =
                Files.readString(ROOT.resolve("examples/src/main/resources/dev/candlewick/examples/startup.jsh"));
        StringBuilder pages = new StringBuilder(startup + IMPORTED + "abstract class Pages {\n" + GIVEN);
        int methods = 0;
        for (Path page : pages()) {
            for (String code : blocks(ROOT.relativize(page).toString(), "java")) {
                pages.append("// ").append(ROOT.relativize(page)).append("\nvoid page");
                pages.append(++methods)
                        .append("() throws Exception {\n")
                        .append(code)
                        .append("}\n");
            }
        }
        assertThat(methods).isGreaterThan(20);
        assertCompiles(pages.append("}\n").toString());
    }

    @Test
    void everyCommandAndFlagIsDescribed() throws IOException {
        String reference = Files.readString(ROOT.resolve("docs/reference/cli.md"));

        for (MatchResult command : Pattern.compile("(?m)^  ([a-z-]+) ")
                .matcher(Run.of(Map.of(), "help").out())
                .results()
                .toList()) {
            String name = command.group(1);
            assertThat(reference).contains("## " + name);
            String section =
                    reference.substring(reference.indexOf("## " + name)).split("\n## ")[0];
            Pattern.compile("--[a-z-]+")
                    .matcher(Run.of(Map.of(), name, "--help").out().split("\n\n")[1])
                    .results()
                    .forEach(flag -> assertThat(section).as(name).contains(flag.group()));
        }
    }

    private static void assertCompiles(String code) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        JavaFileObject source = new SimpleJavaFileObject(URI.create("string:///Pages.java"), Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoringErrors) {
                return code;
            }
        };
        List<String> options = List.of("-proc:none", "-classpath", System.getProperty("java.class.path"));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(null, files, found, options, null, List.of(source));
            task.parse();
            task.analyze(); // and nothing is written
        }
        String[] lines = code.split("\n", -1);
        assertThat(found.getDiagnostics())
                .filteredOn(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .extracting(each -> pageOf(lines, (int) each.getLineNumber()) + each.getMessage(null))
                .isEmpty();
    }

    /** The page that a line comes from, and the line. */
    private static String pageOf(String[] lines, int number) {
        for (int line = number; line > 0; line--) {
            if (lines[line - 1].startsWith("// ") && lines[line - 1].endsWith(".md")) {
                return lines[line - 1].substring(3) + ": " + lines[number - 1].strip() + ": ";
            }
        }
        return "";
    }

    private static List<String> runAll(String code) throws IOException {
        try (JShell shell = shell()) {
            return assertRuns(shell, code);
        }
    }

    private static JShell shell() throws IOException {
        JShell shell = JShell.builder().executionEngine("local").build();
        shell.addToClasspath(System.getProperty("java.class.path"));
        assertRuns(
                shell,
                Files.readString(ROOT.resolve("examples/src/main/resources/dev/candlewick/examples/startup.jsh")));
        return shell;
    }

    /** Feeds lines as the tool does: a snippet ends with the line that makes it whole. */
    private static List<String> assertRuns(JShell shell, String code) {
        List<String> values = new ArrayList<>();
        StringBuilder pending = new StringBuilder();
        for (String line : code.lines().toList()) {
            String rest = pending.append(line).append('\n').toString();
            while (!rest.isBlank()) {
                SourceCodeAnalysis.CompletionInfo next =
                        shell.sourceCodeAnalysis().analyzeCompletion(rest);
                if (!next.completeness().isComplete()) {
                    break;
                }
                for (SnippetEvent event : shell.eval(next.source())) {
                    values.add(valueOf(shell, event));
                }
                rest = next.remaining();
            }
            pending = new StringBuilder(rest);
        }
        assertThat(pending.toString()).as("code that never ends").isBlank();
        return values;
    }

    private static String valueOf(JShell shell, SnippetEvent event) {
        String source = event.snippet().source();
        assertThat(event.status())
                .as(source
                        + shell.diagnostics(event.snippet())
                                .map(why -> why.getMessage(null))
                                .toList())
                .isNotEqualTo(Snippet.Status.REJECTED);
        assertThat(event.exception()).as(source).isNull();
        return event.value() == null ? "" : event.value();
    }

    private static List<String> blocks(String page, String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve(page)))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(
                List.of(ROOT.resolve("README.md"), ROOT.resolve("CHANGELOG.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
    }

    private static Path root() {
        for (Path directory = Path.of("").toAbsolutePath(); directory != null; directory = directory.getParent()) {
            if (Files.exists(directory.resolve("CONTRIBUTING.md"))) {
                return directory;
            }
        }
        throw new UncheckedIOException(
                new IOException("The project's root is not above " + Path.of("").toAbsolutePath()));
    }
}
