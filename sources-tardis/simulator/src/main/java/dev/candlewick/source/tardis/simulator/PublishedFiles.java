package dev.candlewick.source.tardis.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/** The daily files: made when asked for, or what somebody put in their place. Thread-safe. */
final class PublishedFiles {

    private static final int KEPT = 64;

    private final Catalogue catalogue;
    private final int steps;
    private final Map<String, Optional<String>> replaced = new ConcurrentHashMap<>();
    private final Map<String, Optional<String>> made = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<String>> eldest) {
            return size() > KEPT;
        }
    };

    PublishedFiles(Catalogue catalogue, int steps) {
        this.catalogue = catalogue;
        this.steps = steps;
    }

    /** Puts these lines in the place of a file; nothing: there is no such file. */
    void replace(String path, Optional<String> csv) {
        replaced.put(path, csv);
    }

    /** The lines of a file by its path {@code /EXCHANGE/TYPE/YYYY/MM/DD/SYMBOL.csv.gz}. */
    Optional<String> csv(String path) {
        Optional<String> instead = replaced.get(path);
        if (instead != null) {
            return instead;
        }
        synchronized (made) {
            return made.computeIfAbsent(path, this::make);
        }
    }

    static byte[] zipped(String csv) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(csv.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private Optional<String> make(String path) {
        String[] parts = path.split("/", -1);
        String exchange = parts[1];
        String type = parts[2];
        LocalDate day =
                LocalDate.of(Integer.parseInt(parts[3]), Integer.parseInt(parts[4]), Integer.parseInt(parts[5]));
        String symbol = parts[6].substring(0, parts[6].length() - ".csv.gz".length());
        Instant end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        if (end.isAfter(catalogue.exportedUntil())) {
            return Optional.empty();
        }
        List<SyntheticDay.Row> rows = new ArrayList<>();
        boolean group = catalogue.groups(exchange).contains(symbol);
        boolean offered = group && SimulatedInstrument.groupTypes(symbol).contains(type);
        for (SimulatedInstrument each : catalogue.of(exchange)) {
            boolean meant = group ? each.group().equals(symbol) : each.id().equals(symbol);
            boolean listed = each.since().isBefore(end)
                    && each.until().map(to -> to.isAfter(end.minusSeconds(1))).orElse(true);
            if (meant && listed) {
                offered |= each.types().contains(type);
                rows.addAll(new SyntheticDay(each, day, steps, at -> silent(exchange, at)).rows(type));
            }
        }
        if (!offered) {
            return Optional.empty();
        }
        rows.sort(Comparator.comparingLong(SyntheticDay.Row::arrival));
        StringBuilder csv = new StringBuilder(SyntheticDay.header(type)).append('\n');
        rows.forEach(row -> csv.append(row.cells()).append('\n'));
        return Optional.of(csv.toString());
    }

    private boolean silent(String exchange, long epochMicros) {
        return catalogue.incidents().stream()
                .anyMatch(incident -> incident.exchange().equals(exchange) && incident.covers(epochMicros));
    }
}
