package dev.candlewick.source.tardis;

import dev.candlewick.csv.CsvOptions;
import dev.candlewick.http.HttpTransport;
import dev.candlewick.http.RateBudget;
import dev.candlewick.testkit.SimulatedTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/** Sources whose waits take no time. */
final class Opening {

    private Opening() {}

    static TardisSource.Builder source(String baseUrl, Path cache, SimulatedTime time) {
        return TardisSource.builder()
                .baseUrl(baseUrl)
                .apiUrl(baseUrl)
                .cache(cache)
                .clock(time)
                .sleeper(time::sleep)
                .random(new Random(7))
                .options(CsvOptions.DEFAULT.withRowsPerBatch(300))
                .transport(HttpTransport.builder()
                        .clock(time)
                        .sleeper(time::sleep)
                        .random(new Random(7))
                        .readTimeout(Duration.ofSeconds(5))
                        .patience(Duration.ofMinutes(30))
                        .build())
                .budget(RateBudget.pool("tardis-test")
                        .clock(time)
                        .random(new Random(7))
                        .leastThrottle(Duration.ofSeconds(60))
                        .build());
    }
}
