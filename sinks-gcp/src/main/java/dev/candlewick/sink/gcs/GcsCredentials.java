package dev.candlewick.sink.gcs;

import com.google.auth.Credentials;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import dev.candlewick.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where credentials come from. What a file has within is in no message. */
final class GcsCredentials {

    static final String ADVICE = "Name the key file of a service account in GCP_CREDENTIALS_PATH or"
            + " GOOGLE_APPLICATION_CREDENTIALS, or run: gcloud auth application-default login";

    private GcsCredentials() {}

    /** Those of a file as Google hands it out: of a service account, a user, or a federated identity. */
    static Credentials of(Path file, HttpTransportFactory transport) {
        if (!Files.isRegularFile(file)) {
            throw new Refused("There is no credentials file " + file + ". " + ADVICE);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return GoogleCredentials.fromStream(in, transport);
        } catch (IOException | IllegalArgumentException malformed) {
            // Without the cause, which may quote the file.
            throw new Refused("The credentials file " + file + " cannot be read as one ("
                    + malformed.getClass().getSimpleName() + "). " + ADVICE);
        }
    }

    /** Google's usual chain: the environment, gcloud's own file, the machine's account in the cloud. */
    static Credentials applicationDefault(HttpTransportFactory transport) {
        try {
            return GoogleCredentials.getApplicationDefault(transport);
        } catch (IOException none) {
            throw new Refused("There are no credentials for Cloud Storage. " + ADVICE
                    + ". For a public bucket or an emulator use GcsStorage.Builder.withoutCredentials, or"
                    + " STORAGE_EMULATOR_HOST");
        }
    }

    static Credentials none() {
        return NoCredentials.getInstance();
    }
}
