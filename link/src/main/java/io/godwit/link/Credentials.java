package io.godwit.link;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** A private key and the certificates that vouch for it, the key's own first. */
record Credentials(PrivateKey key, List<X509Certificate> chain) {
    Credentials {
        chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
        return "credentials of " + chain.getFirst().getSubjectX500Principal();
    }
}
