// Paste into './candlewick jshell', or run it: ./candlewick jshell < examples/notebook.jsh
// Three days of 1-minute candles from a simulated Binance; for the real one, write BinanceSource.spot().
var market = SyntheticMarket.seeded(42).spot("BTCUSDT", "BTC", "USDT", Instant.parse("2020-01-01T00:00:00Z")).build();
var venue = BinanceSimulator.builder().market(market).start();
var binance = dev.candlewick.spi.Addresses.source("binance:spot", venue.environment());
var store = ParquetStore.at(Files.createTempDirectory("candlewick-notebook-"));
var btc = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
var january = TimeRange.of("2024-01-01", "2024-01-04");
var backfiller = Backfiller.from(binance).to(store).build();

backfiller.plan(btc, january)
backfiller.fill(btc, january)
store.coverage(btc, january)

// Rows as candles, as larger candles, and as columns.
var reader = CandleDataReader.over(store);
reader.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m", january).summary()
reader.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h", TimeRange.day("2024-01-01"))
var closes = store.read(btc, january).iterator().next().decimals("close");
IntStream.range(0, 5).mapToObj(closes::get).toList()

store.close(); binance.close(); venue.close();
