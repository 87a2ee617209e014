package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A service account whose key exists only here: hands out tokens for its signature, and checks signed addresses. Thread-safe. */
final class ServiceAccount {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter SIGNED_AT = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

    // What Google's library for Java names as the audience, whatever the key file says.
    private static final String GOOGLES_ENDPOINT = "https://oauth2.googleapis.com/token";

    private final Clock clock;
    private final String email = "tester@candlewick-test.iam.gserviceaccount.com";
    private final KeyPair keys = newKeys();
    private final Map<String, Instant> tokens = new HashMap<>();

    ServiceAccount(Clock clock) {
        this.clock = clock;
    }

    /** What Google hands out as the key file of an account. */
    String json(String tokenEndpoint) {
        return json(tokenEndpoint, keys);
    }

    /** The same with a key that is not the account's. */
    String jsonWithWrongKey(String tokenEndpoint) {
        return json(tokenEndpoint, newKeys());
    }

    private String json(String tokenEndpoint, KeyPair pair) {
        ObjectNode json = JSON.createObjectNode();
        json.put("type", "service_account")
                .put("project_id", "candlewick-test")
                .put("private_key_id", UUID.randomUUID().toString().replace("-", ""))
                .put(
                        "private_key",
                        "-----BEGIN PRIVATE KEY-----\n"
                                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                        .encodeToString(pair.getPrivate().getEncoded())
                                + "\n-----END PRIVATE KEY-----\n")
                .put("client_email", email)
                .put("client_id", "100000000000000000001")
                .put("token_uri", tokenEndpoint);
        return json.toString();
    }

    /** Answers the request for a token: what OAuth 2.0 calls the JWT bearer grant. Empty when the assertion is not ours. */
    String token(String form, String tokenEndpoint, Duration validity) throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        if (!"urn:ietf:params:oauth:grant-type:jwt-bearer".equals(fields.get("grant_type"))
                || !isOurs(fields.getOrDefault("assertion", ""), tokenEndpoint)) {
            return "";
        }
        String token = "ya29." + UUID.randomUUID();
        synchronized (tokens) {
            tokens.put(token, clock.instant().plus(validity));
        }
        return JSON.createObjectNode()
                .put("access_token", token)
                .put("expires_in", validity.toSeconds())
                .put("token_type", "Bearer")
                .toString();
    }

    /** Whether requests with this header are let in. */
    boolean admits(String authorization) {
        synchronized (tokens) {
            Instant until = authorization.startsWith("Bearer ") ? tokens.get(authorization.substring(7)) : null;
            return until != null && clock.instant().isBefore(until);
        }
    }

    /** No token that was given so far lets anybody in any more. */
    void revokeTokens() {
        synchronized (tokens) {
            tokens.clear();
        }
    }

    private boolean isOurs(String assertion, String tokenEndpoint) throws IOException {
        String[] parts = assertion.split("\\.", -1);
        if (parts.length != 3) {
            return false;
        }
        Base64.Decoder decoder = Base64.getUrlDecoder();
        JsonNode claims = JSON.readTree(decoder.decode(parts[1]));
        long now = clock.instant().getEpochSecond();
        return email.equals(claims.path("iss").asText())
                && (tokenEndpoint.equals(claims.path("aud").asText())
                        || GOOGLES_ENDPOINT.equals(claims.path("aud").asText()))
                && claims.path("exp").asLong() > now
                && isSigned(parts[0] + "." + parts[1], decoder.decode(parts[2]));
    }

    /** Why a signed address (version 4, by a service account) lets nobody in; empty when it does. */
    String objectionTo(String method, String rawPath, String rawQuery, String host) {
        TreeMap<String, String> query = new TreeMap<>();
        for (String pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        String signature = query.remove("X-Goog-Signature");
        String time = query.getOrDefault("X-Goog-Date", "");
        String credential = URLDecoder.decode(query.getOrDefault("X-Goog-Credential", ""), StandardCharsets.UTF_8);
        if (signature == null || !credential.startsWith(email + "/") || !time.matches("\\d{8}T\\d{6}Z")) {
            return "SignatureDoesNotMatch";
        }
        Instant signed = LocalDateTime.parse(time, SIGNED_AT).toInstant(ZoneOffset.UTC);
        long validity = Long.parseLong(query.getOrDefault("X-Goog-Expires", "0"));
        if (!clock.instant().isBefore(signed.plusSeconds(validity))) {
            return "ExpiredToken";
        }
        StringBuilder canonical = new StringBuilder(method + "\n" + rawPath + "\n");
        String separator = "";
        for (Map.Entry<String, String> entry : query.entrySet()) {
            canonical.append(separator).append(entry.getKey()).append('=').append(entry.getValue());
            separator = "&";
        }
        canonical.append("\nhost:").append(host).append("\n\nhost\nUNSIGNED-PAYLOAD");
        String text = "GOOG4-RSA-SHA256\n" + time + "\n" + credential.substring(email.length() + 1) + "\n"
                + HexFormat.of().formatHex(sha256(canonical.toString()));
        return isSigned(text, HexFormat.of().parseHex(signature)) ? "" : "SignatureDoesNotMatch";
    }

    private boolean isSigned(String text, byte[] signature) {
        try {
            Signature check = Signature.getInstance("SHA256withRSA");
            check.initVerify(keys.getPublic());
            check.update(text.getBytes(StandardCharsets.UTF_8));
            return check.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException("Every Java has SHA-256", never);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2_048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException("Every Java has RSA", never);
        }
    }
}
