package dev.candlewick.source.binance.simulator;

import java.math.BigDecimal;

/**
 * What an asset's market typically looks like: the price it moves around, grids and activity.
 *
 * @param price around which the path moves, in quote units
 * @param tickScale decimals of the price grid
 * @param stepScale decimals of the quantity grid
 * @param tradesPerMinute on an average minute
 * @param averageTrade base quantity of an average trade
 */
record AssetProfile(BigDecimal price, int tickScale, int stepScale, int tradesPerMinute, BigDecimal averageTrade) {

    static AssetProfile of(MarketType market, String baseAsset) {
        if (market == MarketType.COIN_MARGINED) {
            AssetProfile asset = asset(baseAsset);
            return new AssetProfile(asset.price, Math.max(1, asset.tickScale - 1), 0, 40, new BigDecimal("25"));
        }
        AssetProfile asset = asset(baseAsset);
        return market == MarketType.SPOT
                ? asset
                : new AssetProfile(
                        asset.price,
                        Math.max(1, asset.tickScale - 1),
                        Math.max(0, asset.stepScale - 2),
                        asset.tradesPerMinute * 2,
                        asset.averageTrade.multiply(BigDecimal.TEN));
    }

    private static AssetProfile asset(String baseAsset) {
        return switch (baseAsset) {
            case "BTC" -> profile("52000.00", 5, 600, "0.03");
            case "ETH" -> profile("2600.00", 4, 400, "0.45");
            case "BNB" -> profile("420.00", 3, 150, "1.5");
            case "SOL" -> profile("120.00", 3, 200, "8");
            case "XRP" -> profile("0.5400", 0, 120, "1500");
            case "DOGE" -> profile("0.12000", 0, 90, "6000");
            default -> profile("1.2500", 1, 25, "300");
        };
    }

    private static AssetProfile profile(String price, int stepScale, int tradesPerMinute, String averageTrade) {
        BigDecimal around = new BigDecimal(price);
        return new AssetProfile(around, around.scale(), stepScale, tradesPerMinute, new BigDecimal(averageTrade));
    }

    AssetProfile withPrice(BigDecimal around) {
        return new AssetProfile(around, Math.max(0, around.scale()), stepScale, tradesPerMinute, averageTrade);
    }

    AssetProfile withStepScale(int decimals) {
        return new AssetProfile(price, tickScale, decimals, tradesPerMinute, averageTrade);
    }

    AssetProfile withActivity(int trades, BigDecimal quantity) {
        return new AssetProfile(price, tickScale, stepScale, trades, quantity);
    }

    long priceTicks() {
        return price.movePointRight(tickScale).longValueExact();
    }

    long averageTradeSteps() {
        return Math.max(1, averageTrade.movePointRight(stepScale).longValue());
    }
}
