package dev.candlewick.source.tardis.simulator;

import java.time.Instant;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The documents about exchanges and instruments, as JSON. */
record Catalogue(List<SimulatedInstrument> instruments, List<SimulatedIncident> incidents, Instant exportedUntil) {

    private static final java.time.format.DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    /** The exchanges, sorted. */
    List<String> exchanges() {
        return List.copyOf(
                instruments.stream().map(SimulatedInstrument::exchange).collect(Collectors.toCollection(TreeSet::new)));
    }

    List<SimulatedInstrument> of(String exchange) {
        return instruments.stream()
                .filter(each -> each.exchange().equals(exchange))
                .toList();
    }

    String allExchanges() {
        return exchanges().stream()
                .map(id -> "{" + head(id) + ",\"supportsDatasets\":true,\"availableChannels\":[\"trade\"]}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    String exchange(String id) {
        List<String> symbols = new ArrayList<>();
        List<String> files = new ArrayList<>();
        for (SimulatedInstrument each : of(id)) {
            symbols.add("{\"id\":\"" + each.rawId() + "\",\"type\":\"" + each.kind() + "\","
                    + window(each.since(), each.until()) + "}");
            // As Tardis has it: the files of what is listed end where the export does.
            files.add(datasetSymbol(
                    each.id(), each.kind(), each.since(), each.until().orElse(exportedUntil), each.types()));
        }
        for (String group : groups(id)) {
            Instant since = of(id).stream()
                    .map(SimulatedInstrument::since)
                    .min(Instant::compareTo)
                    .orElse(exportedUntil);
            files.add(datasetSymbol(
                    group,
                    group.toLowerCase(Locale.ROOT),
                    since,
                    exportedUntil,
                    SimulatedInstrument.groupTypes(group)));
        }
        String reports = incidents.stream()
                .filter(each -> each.exchange().equals(id))
                .map(each -> "{\"from\":\"" + time(each.from()) + "\",\"to\":\"" + time(each.to()) + "\",\"status\":\""
                        + each.status() + "\",\"details\":\"" + each.details() + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
        return "{" + head(id) + ",\"availableChannels\":[\"trade\",\"depth\"],\"availableSymbols\":["
                + String.join(",", symbols)
                + "],\"incidentReports\":" + reports
                + ",\"channelDetails\":[{\"name\":\"trade\"}],\"datasets\":{\"formats\":"
                + "[\"csv\"],\"exportedFrom\":\"2024-01-01T00:00:00.000Z\",\"exportedUntil\":\"" + time(exportedUntil)
                + "\",\"stats\":{\"trades\":1,\"bookChanges\":2},\"symbols\":[" + String.join(",", files) + "]}}";
    }

    /** The groups of which an exchange has files. */
    List<String> groups(String exchange) {
        return List.copyOf(
                of(exchange).stream().map(SimulatedInstrument::group).collect(Collectors.toCollection(TreeSet::new)));
    }

    String instruments(String exchange) {
        return of(exchange).stream().map(this::instrument).collect(Collectors.joining(",", "[", "]"));
    }

    private String instrument(SimulatedInstrument each) {
        boolean derivative = !each.kind().equals("spot");
        StringBuilder json = new StringBuilder("{\"id\":\"" + each.rawId() + "\",\"datasetId\":\"" + each.id()
                + "\",\"exchange\":\"" + each.exchange() + "\",\"baseCurrency\":\"" + each.base()
                + "\",\"quoteCurrency\":\"" + each.quote() + "\",\"type\":\"" + each.kind() + "\",\"active\":"
                + each.until().isEmpty() + "," + window(each.since(), each.until()) + ",\"priceIncrement\":"
                + each.tick().toPlainString()
                + ",\"amountIncrement\":0.001,\"minTradeAmount\":0.001,\"makerFee\":0.0002,\"takerFee\":0.0004");
        if (derivative) {
            String contract = each.kind().equals("option")
                    ? (each.isCall() ? "call" : "put") + "_option"
                    : (each.inverse() ? "inverse_" : "linear_") + each.kind();
            json.append(",\"contractType\":\"")
                    .append(contract)
                    .append("\",\"inverse\":")
                    .append(each.inverse())
                    .append(",\"contractMultiplier\":1,\"settlementCurrency\":\"")
                    .append(each.inverse() ? each.base() : each.quote())
                    .append("\",\"underlyingType\":\"native\"");
        }
        each.expiry()
                .ifPresent(at -> json.append(",\"expiry\":\"").append(time(at)).append('"'));
        each.strike()
                .ifPresent(strike -> json.append(",\"strikePrice\":")
                        .append(strike.toPlainString())
                        .append(",\"optionType\":\"")
                        .append(each.isCall() ? "call" : "put")
                        .append('"'));
        return json.append('}').toString();
    }

    private String head(String id) {
        return "\"id\":\"" + id + "\",\"name\":\"" + id
                + "\",\"enabled\":true,\"availableSince\":\"2024-01-01T00:00:00.000Z\"";
    }

    private static String datasetSymbol(String id, String type, Instant since, Instant to, List<String> types) {
        return "{\"id\":\"" + id + "\",\"type\":\"" + type + "\"," + window(since, Optional.of(to)) + ",\"dataTypes\":"
                + types.stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(",", "[", "]")) + "}";
    }

    private static String window(Instant since, Optional<Instant> to) {
        return "\"availableSince\":\"" + time(since) + "\""
                + to.map(end -> ",\"availableTo\":\"" + time(end) + "\"").orElse("");
    }

    private static String time(Instant instant) {
        return MILLIS.format(instant);
    }
}
