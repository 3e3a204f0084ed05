# Finding a JDK 25. Sets and exports JAVA_HOME; ends with a sentence when there is none.

readonly JAVA_RELEASE=25

require_jdk() {
    local home
    if [[ -n ${GODWIT_JAVA_HOME:-} ]]; then
        is_jdk "$GODWIT_JAVA_HOME" || refuse "GODWIT_JAVA_HOME is $GODWIT_JAVA_HOME, and that is no JDK $JAVA_RELEASE."
        export JAVA_HOME=$GODWIT_JAVA_HOME
        return
    fi
    for home in "${JAVA_HOME:-}" "$(jdk_on_path)" ${GODWIT_JDK_FOLDERS-/usr/lib/jvm/* /opt/*}; do
        if is_jdk "$home"; then
            export JAVA_HOME=$home
            return
        fi
    done
    refuse "this needs a JDK $JAVA_RELEASE, and there is none in GODWIT_JAVA_HOME, JAVA_HOME, PATH, /usr/lib/jvm or /opt." \
        "$(jdk_advice)"
}

# Whether a folder holds a JDK (with a compiler, to build) of the release that the sources are written for.
is_jdk() {
    [[ -n $1 && -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] &&
        grep -qE "^JAVA_VERSION=\"$JAVA_RELEASE(\.|\"|\+|-)" "$1/release"
}

jdk_on_path() {
    local java
    java=$(command -v java) || return 0
    java=$(readlink -f "$java")
    echo "${java%/bin/java}"
}

jdk_advice() {
    if apt-cache show "openjdk-$JAVA_RELEASE-jdk-headless" >/dev/null 2>&1; then
        echo "Install Debian's: apt-get install openjdk-$JAVA_RELEASE-jdk-headless"
    else
        echo "This system's package list has no openjdk-$JAVA_RELEASE-jdk-headless: unpack a JDK $JAVA_RELEASE" \
            "(https://adoptium.net has one) under /opt, or set GODWIT_JAVA_HOME to where it is."
    fi
}
