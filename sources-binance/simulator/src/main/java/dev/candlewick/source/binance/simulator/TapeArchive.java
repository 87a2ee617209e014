package dev.candlewick.source.binance.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The archive's files with trades, aggregates and funding, with whatever the effects spoil in them. */
final class TapeArchive {
    private static final LocalDate SPOT_MICROS_FROM = LocalDate.of(2025, 1, 1);

    private final Catalog catalog;
    private final ArchiveRules rules;
    private final RecentBytes<TapeFile> recent = new RecentBytes<>();

    TapeArchive(Catalog catalog, ArchiveRules rules) {
        this.catalog = catalog;
        this.rules = rules;
    }

    /** The zip of a file that is there at an instant; empty if it is not. */
    Optional<byte[]> zip(TapeFile file, Instant now, List<Effect> effects) {
        if (now.isBefore(file.publishedAt(rules)) || effects.stream().anyMatch(Effect.Absent.class::isInstance)) {
            return Optional.empty();
        }
        Optional<Catalog.Listed> listed = catalog.find(file.market(), file.symbol())
                .filter(each -> each.instrument().listedSince().toEpochMilli() < file.endMillis());
        if (listed.isEmpty() || isEmpty(file, listed.get())) {
            return Optional.empty();
        }
        return Optional.of(
                effects.stream().anyMatch(Effect::isPublished)
                        ? build(file, listed.get(), effects)
                        : recent.get(file, () -> build(file, listed.get(), List.of())));
    }

    private static boolean isEmpty(TapeFile file, Catalog.Listed listed) {
        return file.content() == TapeFile.Content.FUNDING
                ? new FundingTape(listed.instrument())
                        .between(file.startMillis(), file.endMillis(), 1)
                        .isEmpty()
                : listed.tape().isEmpty(file.startMillis(), file.endMillis());
    }

    private byte[] build(TapeFile file, Catalog.Listed listed, List<Effect> effects) {
        List<String[]> rows = rows(file, listed);
        for (Effect effect : effects) {
            if (effect instanceof Effect.Rows tampering) {
                rows = tampering.change().apply(rows);
            }
        }
        boolean header = file.content() == TapeFile.Content.FUNDING
                || (file.market() != MarketType.SPOT && !file.start().isBefore(rules.futuresHeadersFrom()));
        String lines = (header ? TapeText.header(file.content(), file.market()) + "\n" : "")
                + rows.stream().map(row -> String.join(",", row) + "\n").collect(Collectors.joining());
        byte[] csv = lines.getBytes(StandardCharsets.UTF_8);
        for (Effect effect : effects) {
            if (effect instanceof Effect.Content change) {
                csv = change.change().apply(csv);
            }
        }
        for (Effect effect : effects) {
            if (effect instanceof Effect.Packing packing) {
                return packing.zip().apply(file.stem() + ".csv", csv);
            }
        }
        return ZipBytes.of(file.stem() + ".csv", csv);
    }

    private static List<String[]> rows(TapeFile file, Catalog.Listed listed) {
        if (file.content() == TapeFile.Content.FUNDING) {
            return new FundingTape(listed.instrument())
                    .between(file.startMillis(), file.endMillis(), Integer.MAX_VALUE).stream()
                            .map(FundingTape.Event::fields)
                            .toList();
        }
        TradeTape.Kind kind =
                file.content() == TapeFile.Content.TRADES ? TradeTape.Kind.TRADES : TradeTape.Kind.AGGREGATES;
        boolean micros = file.market() == MarketType.SPOT && !file.start().isBefore(SPOT_MICROS_FROM);
        return new TapeText(listed.instrument())
                .fields(
                        file.content(),
                        listed.tape().between(kind, file.startMillis(), file.endMillis(), Integer.MAX_VALUE),
                        micros ? TimeFormat.MICROS : TimeFormat.MILLIS);
    }
}
