# Building, once per state of the sources. Each build is kept in its own folder, so that a running lab or daemon is never
# changed under its feet; a folder that nobody runs from is removed when newer ones exist.

readonly KEPT_BUILDS=2
readonly BUILD_MEBIBYTES=400

# Sets JAVA_HOME and GODWIT_APP, building when the sources have changed since the last build.
require_build() {
    require_jdk
    if [[ -n ${GODWIT_APP:-} && -e $GODWIT_APP/complete ]]; then
        return
    fi
    GODWIT_APP=$GODWIT_HOME/app/$(fingerprint)
    export GODWIT_APP
    [[ -e $GODWIT_APP/complete ]] || build
}

# Names the state of everything that a build is made of.
fingerprint() {
    local key
    key=$({
        echo "$JAVA_HOME"
        cat "$JAVA_HOME/release"
        cd "$GODWIT_ROOT" || exit
        find pom.xml ./*/pom.xml ./*/src/main .mvn -type f -printf '%p %s %T@\n' | sort
    } | sha256sum)
    echo "${key:0:16}"
}

make_home() {
    if ! mkdir -p "$GODWIT_HOME" 2>/dev/null || [[ ! -w $GODWIT_HOME ]]; then
        refuse "cannot write to $GODWIT_HOME; run as its owner, or set GODWIT_HOME to a folder of your own."
    fi
}

# Waits for its turn to use Maven's output folders; the lock ends with this process and its children.
lock_build() {
    make_home
    exec 9>"$GODWIT_HOME/build.lock" || refuse "cannot write to $GODWIT_HOME."
    flock --nonblock 9 && return
    say "waiting for another build in this checkout"
    flock 9
}

unlock_build() {
    exec 9>&-
}

build() {
    require_packages build
    lock_build
    if [[ ! -e $GODWIT_APP/complete ]]; then
        require_room
        say "building (once; the log is $GODWIT_HOME/build.log)"
        compile
        keep_build
        remove_old_builds
    fi
    unlock_build
}

require_room() {
    local free
    [[ -w $GODWIT_ROOT && (! -e $GODWIT_ROOT/dist/target || -w $GODWIT_ROOT/dist/target) ]] ||
        refuse "cannot build: $GODWIT_ROOT is not writable for you; run as its owner, or remove what another user built there."
    free=$(df --output=avail -BM "$GODWIT_HOME" | tail -n 1 | tr -dc 0-9)
    ((free >= BUILD_MEBIBYTES)) ||
        refuse "cannot build: $GODWIT_HOME has $free MiB free, and a build wants $BUILD_MEBIBYTES MiB."
}

compile() {
    local log=$GODWIT_HOME/build.log
    rm -rf "$GODWIT_ROOT/dist/target/lib"
    (cd "$GODWIT_ROOT" && mvn -B -ntp -T 1C -Dstyle.color=never -Dmaven.test.skip=true package) </dev/null >"$log" 2>&1 9>&- && return
    grep -m 10 -E 'WARNING.*\.java:|ERROR|No space left' "$log" >&2 || tail -n 10 "$log" >&2
    ! grep -q 'No space left' "$log" || refuse "cannot build: the disk is full."
    say "the build failed; all of it is in $log"
    exit 1
}

# Copies what Maven made to a folder that no later build touches.
keep_build() {
    local fresh=$GODWIT_APP.new
    rm -rf "$fresh"
    mkdir -p "$fresh"
    cp -r "$GODWIT_ROOT/dist/target/lib" "$fresh/lib"
    touch "$fresh/complete"
    chmod -R go+rX "$fresh"
    rm -rf "$GODWIT_APP"
    mv "$fresh" "$GODWIT_APP"
    archive_classes || say "starts will be slower: the class archive could not be made; see $GODWIT_HOME/rehearsal.log"
}

# Has the JVM keep every class, parsed and verified, in a file that later starts map.
archive_classes() {
    "$JAVA_HOME/bin/java" "${SHARED_FLAGS[@]}" "-XX:ArchiveClassesAtExit=$GODWIT_APP/classes.jsa" \
        -cp "$(class_path)" io.godwit.cli.Rehearsal </dev/null >"$GODWIT_HOME/rehearsal.log" 2>&1 9>&-
}

# A build is in use when a process has it on its class path: the lab's daemons, for example, outlive their launcher.
remove_old_builds() {
    local old
    while read -r old; do
        grep -qsFf <(echo "$old") /proc/[0-9]*/cmdline || rm -rf "$old"
    done < <(find "$GODWIT_HOME/app" -mindepth 1 -maxdepth 1 -printf '%T@ %p\n' | sort -rn | cut -d' ' -f2- | tail -n +$((KEPT_BUILDS + 1)))
}

class_path() {
    local jars=("$GODWIT_APP"/lib/*.jar)
    (IFS=: && echo "${jars[*]}")
}
