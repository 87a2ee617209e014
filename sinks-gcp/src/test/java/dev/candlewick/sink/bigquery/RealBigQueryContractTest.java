package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQuery.DatasetDeleteOption;
import com.google.cloud.bigquery.DatasetId;
import dev.candlewick.Store;
import dev.candlewick.testkit.StoreContract;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The contract against a project of Google's: in datasets that begin with {@code BIGQUERY_DATASET} and are deleted
 * afterwards. Costs some cents and takes long; skipped where the environment names no project.
 */
@EnabledIfEnvironmentVariable(named = "GCP_PROJECT_ID", matches = ".+", disabledReason = "no GCP_PROJECT_ID")
@EnabledIfEnvironmentVariable(named = "BIGQUERY_DATASET", matches = ".+", disabledReason = "no BIGQUERY_DATASET")
class RealBigQueryContractTest extends StoreContract {

    private final String project = System.getenv().getOrDefault("GCP_PROJECT_ID", "none");
    private final String dataset = System.getenv().getOrDefault("BIGQUERY_DATASET", "none") + "_"
            + UUID.randomUUID().toString().replace("-", "");

    private BigQueryStore.Builder settings() {
        BigQueryStore.Builder settings = BigQueryStore.builder(project, dataset).creating(Creation.DATASET_AND_TABLES);
        Optional.ofNullable(System.getenv("GCP_CREDENTIALS_PATH")).map(Path::of).ifPresent(settings::credentials);
        Optional.ofNullable(System.getenv("BIGQUERY_LOCATION")).ifPresent(settings::location);
        Optional.ofNullable(System.getenv("BIGQUERY_ENDPOINT")).ifPresent(settings::endpoint);
        return settings;
    }

    @Override
    protected Store openStore() {
        return settings().build();
    }

    @Override
    protected Store reopen(Store open) {
        open.close();
        return openStore();
    }

    @AfterEach
    void dropDataset() {
        settings().client().delete(DatasetId.of(project, dataset), DatasetDeleteOption.deleteContents());
    }
}
