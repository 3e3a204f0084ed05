package io.godwit.replication;

/** What the bulk of a copy goes over, and how. The code is its byte on the wire. */
enum Scope {
    /** Everything, onto empty disks. */
    COPY(0),
    /** Everything, by comparing digests with what the replica has. */
    ALL(1),
    /** By digests, what the source knows to have changed, and what the replica said. */
    TRACKED(2),
    /** By digests, what the replica said that it changed itself. */
    TOLD(3);

    private final int code;

    Scope(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Scope of(int code) {
        for (Scope scope : values()) {
            if (scope.code == code) {
                return scope;
            }
        }
        throw Wire.corrupt("a copy of unknown scope " + code);
    }
}
