package dev.candlewick.sink.gcs;

import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.SignUrlOption;
import dev.candlewick.Refused;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Addresses that let read without credentials, signed by the client's own. Thread-safe. */
final class SignedUrls {

    private final String name;
    private final String bucket;
    private final Optional<URI> endpoint;
    private final Supplier<Storage> signer;

    SignedUrls(String name, String bucket, Optional<URI> endpoint, Supplier<Storage> signer) {
        this.name = name;
        this.bucket = bucket;
        this.endpoint = endpoint;
        this.signer = signer;
    }

    URI of(String full, Duration validity) {
        List<SignUrlOption> options = new ArrayList<>(List.of(SignUrlOption.withV4Signature()));
        endpoint.ifPresent(address -> options.add(SignUrlOption.withHostName(address.toString())));
        try {
            return URI.create(signer.get()
                    .signUrl(
                            BlobInfo.newBuilder(bucket, full).build(),
                            validity.toSeconds(),
                            TimeUnit.SECONDS,
                            options.toArray(new SignUrlOption[0]))
                    .toString());
        } catch (RuntimeException refused) {
            // Without the cause, which may quote what was to be signed.
            throw new Refused("The credentials of " + name + " cannot sign addresses ("
                    + refused.getClass().getSimpleName()
                    + "). Use the key file of a service account, or grant the account of the machine"
                    + " iam.serviceAccounts.signBlob on itself (roles/iam.serviceAccountTokenCreator)");
        }
    }
}
