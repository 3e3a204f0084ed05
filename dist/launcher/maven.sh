# What a developer does: test, check, format.

# Modules that don't need each other are built and tested side by side, one for each processor.
maven() {
    (cd "$GODWIT_ROOT" && mvn -B -ntp -T 1C -Dstyle.color=never "$@" </dev/null)
}

# The user's words for Maven: all but the one that is for the installation of packages.
maven_arguments() {
    local word
    for word; do
        [[ $word == --yes ]] || printf '%s\n' "$word"
    done
}

# Runs every test; ends with the sum of what the test runner counted and with Maven's exit code.
run_tests() {
    local arguments result=0
    mapfile -t arguments < <(maven_arguments "$@")
    require_jdk
    require_packages test "$@"
    require_build                             # for the tests that run the whole through this launcher
    lock_build
    ((EUID == 0)) || say "not root: the tests that make network namespaces are skipped."
    touch "$GODWIT_HOME/tests-began"
    maven verify "${arguments[@]}" || result=$?
    summarize_tests
    exit $result
}

# Adds up the reports that this run has written.
summarize_tests() {
    local reports
    mapfile -t reports < <(find "$GODWIT_ROOT" -path '*/target/surefire-reports/TEST-*.xml' -newer "$GODWIT_HOME/tests-began")
    ((${#reports[@]})) || return 0
    grep -h -m 1 -oE '<testsuite .*' "${reports[@]}" | awk '
        function count(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3) + 0 : 0 }
        { tests += count("tests"); failures += count("failures"); errors += count("errors"); skipped += count("skipped") }
        END { printf "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d\n", tests, failures, errors, skipped }'
}

run_check() {
    local arguments
    mapfile -t arguments < <(maven_arguments "$@")
    require_jdk
    require_packages build "$@"
    lock_build
    maven -q spotless:check test-compile "${arguments[@]}"
    check_shell
    say "format and static analysis have nothing to say."
}

# Shell scripts are checked by bash itself, and by shellcheck where it is installed.
check_shell() {
    local scripts=(godwit .ci/run dist/launcher/*.sh lab/guest/build) script
    cd "$GODWIT_ROOT" || exit
    for script in "${scripts[@]}"; do
        bash -n "$script"
    done
    ! command -v shellcheck >/dev/null || shellcheck --shell=bash "${scripts[@]}"
}

run_format() {
    local arguments
    mapfile -t arguments < <(maven_arguments "$@")
    require_jdk
    require_packages build "$@"
    lock_build
    maven -q spotless:apply "${arguments[@]}"
}
