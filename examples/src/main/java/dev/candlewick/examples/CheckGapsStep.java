package dev.candlewick.examples;

import dev.candlewick.instrument.Venues;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The days that an exchange's instruments are not defined on. Reads the ledger only. */
final class CheckGapsStep implements TicksStep {

    @Override
    public ExitCode run(TicksJob job) {
        Map<String, List<LocalDate>> missing = new TreeMap<>();
        for (String exchange : job.settings().exchanges()) {
            String venue = Venues.canonical(exchange);
            for (LocalDate day : job.days()) {
                if (!Definitions.isKnown(job.store(), venue, day)) {
                    missing.computeIfAbsent(exchange, none -> new ArrayList<>()).add(day);
                }
            }
        }
        int exchanges = job.settings().exchanges().size();
        job.print(job.printsJson() ? json(job, missing) : text(job, exchanges, missing));
        return missing.isEmpty() ? ExitCode.DONE : ExitCode.DONE_WITH_GAPS;
    }

    private static String text(TicksJob job, int exchanges, Map<String, List<LocalDate>> missing) {
        if (missing.isEmpty()) {
            return "check-gaps: instruments of " + exchanges + (exchanges == 1 ? " exchange" : " exchanges")
                    + " are defined on every day from " + job.days().get(0) + " to "
                    + job.days().get(job.days().size() - 1);
        }
        StringBuilder text = new StringBuilder("check-gaps: days without definitions of instruments");
        missing.forEach((exchange, days) -> text.append("\n  ")
                .append(exchange)
                .append(": ")
                .append(days.size())
                .append(" of ")
                .append(job.days().size())
                .append(", ")
                .append(Shortened.list(days)));
        return text.append("\n'candlewick ticks instruments' makes them.").toString();
    }

    private static String json(TicksJob job, Map<String, List<LocalDate>> missing) {
        String gaps = missing.entrySet().stream()
                .map(entry -> "{\"exchange\":" + JsonText.quote(entry.getKey()) + ",\"days\":["
                        + entry.getValue().stream()
                                .map(day -> JsonText.quote(day.toString()))
                                .collect(Collectors.joining(","))
                        + "]}")
                .collect(Collectors.joining(","));
        return "{\"mode\":\"check-gaps\",\"days\":" + job.days().size() + ",\"missing\":[" + gaps + "]}";
    }
}
