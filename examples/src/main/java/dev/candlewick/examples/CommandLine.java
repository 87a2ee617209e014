package dev.candlewick.examples;

import dev.candlewick.Cancelled;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** Finds the command that was typed, runs it, and turns every failure into one clear message and an exit status. */
final class CommandLine {

    static final String DEBUG = "--debug";

    private final List<Command> commands;

    CommandLine(List<Command> commands) {
        this.commands = List.copyOf(commands);
    }

    /** All commands that ship with the launcher. */
    static CommandLine standard() {
        return new CommandLine(List.of(
                new DemoCommand(),
                new PlanCommand(),
                new BackfillCommand(),
                new DownloadCommand(),
                new IngestCommand(),
                new GapsCommand(),
                new ReadCommand(),
                new LatestCommand(),
                new StatusCommand(),
                new VerifyCommand(),
                new StorageCheckCommand(),
                new CopyCommand(),
                new CompareCommand(),
                new CombineCommand(),
                new LinksCommand(),
                new TicksCommand(),
                new JshellCommand()));
    }

    /** Runs what was typed; never throws and never ends the process. */
    ExitCode run(List<String> words, Console console) {
        List<String> typed = new ArrayList<>(words);
        boolean debug = typed.removeIf(DEBUG::equals)
                || !console.environment().getOrDefault("CANDLEWICK_DEBUG", "").isEmpty();
        try {
            return dispatch(typed, console);
        } catch (OutputClosed seenEnough) {
            return ExitCode.DONE;
        } catch (Exception | Error e) { // whatever it was, the reader gets one clear line
            if (debug) {
                StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace, true));
                console.note(trace.toString().stripTrailing());
            }
            return report(e, typed, console);
        }
    }

    private ExitCode dispatch(List<String> words, Console console) throws Exception {
        String name = words.isEmpty() ? "help" : words.get(0);
        if (name.equals("help") || name.equals("--help") || name.equals("-h")) {
            console.print(words.size() > 1 ? find(words.get(1)).usage().help() : HelpText.of(commands));
            return ExitCode.DONE;
        }
        if (name.equals("--version") || name.equals("-V")) {
            console.print(Version.text());
            return ExitCode.DONE;
        }
        Command command = find(name);
        List<String> rest = words.subList(1, words.size());
        if (rest.contains("--help") || rest.contains("-h")) {
            console.print(command.usage().help());
            return ExitCode.DONE;
        }
        return command.run(Arguments.parse(command.usage(), rest), console);
    }

    private Command find(String name) {
        List<String> known = new ArrayList<>(
                commands.stream().map(command -> command.usage().command()).toList());
        known.add("help");
        return commands.stream()
                .filter(command -> command.usage().command().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("Unknown command '" + TerminalText.typed(name) + "'"
                        + NearMatches.nearest(name, known)
                                .map(match -> "; did you mean '" + match + "'?")
                                .orElse("; there are " + String.join(", ", known))));
    }

    private ExitCode report(Throwable e, List<String> words, Console console) {
        if (e instanceof UsageException) {
            console.note("candlewick: " + e.getMessage());
            boolean known = !words.isEmpty()
                    && commands.stream()
                            .anyMatch(command -> command.usage().command().equals(words.get(0)));
            console.note("Try 'candlewick " + (known ? words.get(0) + " --help" : "help") + "'.");
            return ExitCode.USAGE;
        }
        if (e instanceof Cancelled || e instanceof InterruptedException) {
            console.note("candlewick: stopped. What was committed stays; the same command goes on from there.");
            return ExitCode.INTERRUPTED;
        }
        console.note("candlewick: " + FailureText.of(e));
        return ExitCode.FAILED;
    }
}
