package dev.candlewick.sink.gcp.internal;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import dev.candlewick.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where credentials of Google come from. What a file has within is in no message, and no cause that may quote it. */
public final class Login {

    /** What to do about missing or wrong credentials, as the end of a message. */
    public static final String ADVICE = "Name the key file of a service account in GCP_CREDENTIALS_PATH or"
            + " GOOGLE_APPLICATION_CREDENTIALS, or run: gcloud auth application-default login";

    private Login() {}

    /**
     * Those of a file as Google hands it out: of a service account, a user, or a federated identity.
     *
     * @param transport asks for tokens
     * @throws Refused when there is no such file, or nothing of the kind in it
     */
    public static GoogleCredentials of(Path file, HttpTransportFactory transport) {
        if (!Files.isRegularFile(file)) {
            throw new Refused("There is no credentials file " + file + ". " + ADVICE);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return GoogleCredentials.fromStream(in, transport);
        } catch (IOException | IllegalArgumentException | ClassCastException malformed) {
            throw new Refused("The credentials file " + file + " cannot be read as one ("
                    + malformed.getClass().getSimpleName() + "). " + ADVICE);
        }
    }

    /**
     * Those of Google's usual chain: the environment, gcloud's own file, the machine's account in the cloud.
     *
     * @param transport asks for tokens
     * @param service for whom, in words
     * @param without what there is for a server that wants none, in words
     * @throws Refused when there are none
     */
    public static GoogleCredentials usual(HttpTransportFactory transport, String service, String without) {
        try {
            return GoogleCredentials.getApplicationDefault(transport);
        } catch (IOException | IllegalArgumentException | ClassCastException none) {
            throw new Refused("There are no credentials for " + service + " that can be read ("
                    + none.getClass().getSimpleName() + "). " + ADVICE + ". " + without);
        }
    }
}
