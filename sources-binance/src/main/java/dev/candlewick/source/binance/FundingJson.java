package dev.candlewick.source.binance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candlewick.Corrupt;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.http.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** REST answers with funding events: {@code {"symbol":"BTCUSDT","fundingTime":…,"fundingRate":"0.0001","markPrice":"…"}}. */
final class FundingJson {

    private FundingJson() {}

    static EventLines.Content read(byte[] body, String request) {
        try {
            JsonNode list = Json.tree(body);
            if (!list.isArray()) {
                throw new Corrupt(
                        request + " answered with '" + TradeJson.start(body) + "' in place of a list of events");
            }
            List<EventRow> rows = new ArrayList<>();
            List<QuarantinedRow> quarantined = new ArrayList<>();
            int element = 0;
            for (JsonNode node : list) {
                element++;
                try {
                    long time = Long.parseLong(node.path("fundingTime").asText());
                    long micros = TimeUnitProof.of(time).toMicros(time);
                    String mark = node.path("markPrice").asText();
                    rows.add(EventRow.of(
                            micros,
                            micros,
                            null,
                            EventLines.decimal(node.path("fundingRate").asText()),
                            mark.isEmpty() ? null : EventLines.decimal(mark)));
                } catch (IllegalArgumentException unfit) {
                    quarantined.add(new QuarantinedRow(
                            request, element, "", String.valueOf(unfit.getMessage()), node.toString()));
                }
            }
            return new EventLines.Content(rows, quarantined);
        } catch (IOException malformed) {
            throw new Corrupt(request + " answered with something that is not JSON, '" + TradeJson.start(body) + "'");
        }
    }
}
