package io.godwit.lab;

import io.godwit.core.SiteName;
import io.godwit.lab.wire.Namespace;
import java.nio.file.Path;

/**
 * One of a lab's two data centres, as its site daemon needs to know it. Addresses are in text form.
 *
 * @param stateDir on a disk of the site's own, which may fill up
 * @param runDir for sockets; its path is short
 * @param underlayAddress this site's address on the link between the sites
 * @param peerUnderlayAddress the other site's
 * @param speakerPort where the site's gobgpd listens for its client, on 127.0.0.1 in the site's namespace
 */
public record LabSite(
        SiteName name,
        Place place,
        Namespace namespace,
        Path stateDir,
        Path runDir,
        String underlayAddress,
        String peerUnderlayAddress,
        int speakerPort) {
    /** Where its daemon answers people. */
    public Path api() {
        return runDir.resolve("api.sock");
    }
}
