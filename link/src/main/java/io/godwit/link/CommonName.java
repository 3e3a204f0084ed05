package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import java.security.cert.X509Certificate;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;

/** The one naming attribute in a certificate of ours: a site's name, or that name as an authority. */
record CommonName(String value) {
    private static final String AUTHORITY = " authority";

    static CommonName ofSite(SiteName site) {
        return new CommonName(site.value());
    }

    static CommonName ofAuthority(SiteName site) {
        return new CommonName(site.value() + AUTHORITY);
    }

    X500Name name() {
        return new X500Name("CN=" + value);
    }

    /** The site that a certificate names. */
    static SiteName siteOf(X509Certificate certificate) {
        return new SiteName(read(certificate));
    }

    /** The site whose authority a certificate belongs to. */
    static SiteName authorityOf(X509Certificate certificate) {
        String name = read(certificate);
        if (!name.endsWith(AUTHORITY)) {
            throw new GodwitException(
                    ErrorCode.DENIED, "the certificate of '%s' is not an authority's".formatted(name));
        }
        return new SiteName(name.substring(0, name.length() - AUTHORITY.length()));
    }

    private static String read(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
        if (!subject.startsWith("CN=")) {
            throw new GodwitException(ErrorCode.DENIED, "a certificate does not name a site");
        }
        return subject.substring("CN=".length());
    }
}
