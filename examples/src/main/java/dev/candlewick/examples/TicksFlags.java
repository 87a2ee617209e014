package dev.candlewick.examples;

import java.util.List;

/** The flags of {@code candlewick ticks}. */
final class TicksFlags {

    static final Flag MODE = Flag.word("mode", "MODE", "what to do; below");
    static final Flag START_DATE = Flag.of("start-date", "DATE", "first UTC day: 2023-05-23");
    static final Flag END_DATE = Flag.of("end-date", "DATE", "last UTC day, which is worked on too");
    static final Flag EXCHANGES = Flag.many("exchanges", "ID", "exchanges to define instruments of: deribit okex-swap");
    static final Flag VENUES = Flag.many("venues", "VENUE", "only these venues: deribit BINANCE-FUTURES");
    static final Flag INSTRUMENT_TYPES =
            Flag.many("instrument-types", "TYPE", "only these: spot_pair perpetual future option");
    static final Flag DATA_TYPES = Flag.many("data-types", "TYPE", "only these: trades book_snapshot_5 ...");
    static final Flag MAX_INSTRUMENTS = Flag.of("max-instruments", "N", "at most so many, by key");
    static final Flag MAX_WORKERS = Flag.of("max-workers", "N", "units worked on at once (4)");
    static final Flag FORCE = Flag.flagOnly("force", "also what is there already");
    static final Flag SHARD_INDEX = Flag.of("shard-index", "N", "this worker's share, from 0");
    static final Flag TOTAL_SHARDS = Flag.of("total-shards", "N", "how many shares there are");
    static final Flag DATA = Flag.of("data", "STORE", "where all of it is kept (parquet:data)");
    static final Flag BIGQUERY = Flag.of("bigquery", "STORE", "where bigquery-upload goes (bigquery:)");
    static final Flag TIMEFRAMES = Flag.many("timeframes", "INTERVAL", "15s 1m 5m 15m 1h 4h 24h");
    static final Flag FROM_TICKS = Flag.flagOnly("from-ticks", "make longer timeframes of ticks too, not of 1m");
    static final Flag ACCEPT_BOUNDARY =
            Flag.flagOnly("accept-boundary", "make the last rows of a day though the next day is not there");
    static final Flag ACCEPT_MISSING_FEEDS = Flag.flagOnly(
            "accept-missing-feeds", "make rows though books, tickers, liquidations or options are to come");
    static final Flag VPIN_VOLUME = Flag.of("vpin-volume", "AMOUNT", "volume of a bucket of VPIN; no VPIN without");
    static final Flag CROSS_CHECK = Flag.flagOnly("cross-check", "compare candles with those that Binance publishes");
    static final Flag ENV_FILE = Flag.of("env-file", "FILE", "environment variables, NAME=value (.env, if there)");
    static final Flag CONFIG_FILE = Flag.of("config-file", "FILE", "settings as YAML");
    static final Flag LOG_LEVEL = Flag.of("log-level", "LEVEL", "DEBUG, INFO, WARNING, ERROR or CRITICAL (INFO)");
    static final Flag VERBOSE =
            Flag.flagOnly("verbose", "as --log-level DEBUG; also -v").orLetter('v');
    static final Flag FORMAT = Flag.of("format", "FORMAT", "text or json: how reports are printed");

    static final List<Flag> OPTIONAL = List.of(
            START_DATE,
            END_DATE,
            EXCHANGES,
            VENUES,
            INSTRUMENT_TYPES,
            DATA_TYPES,
            MAX_INSTRUMENTS,
            MAX_WORKERS,
            FORCE,
            SHARD_INDEX,
            TOTAL_SHARDS,
            DATA,
            BIGQUERY,
            TIMEFRAMES,
            FROM_TICKS,
            ACCEPT_BOUNDARY,
            ACCEPT_MISSING_FEEDS,
            VPIN_VOLUME,
            CROSS_CHECK,
            FORMAT,
            ENV_FILE,
            CONFIG_FILE,
            LOG_LEVEL,
            VERBOSE);

    private TicksFlags() {}
}
