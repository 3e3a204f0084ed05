# What Debian packages are missing, and their installation: by root, after saying so; anyone else is told the command.

readonly PACKAGES=$GODWIT_ROOT/dist/debian-packages
readonly POLICY=/usr/sbin/policy-rc.d

# Sees to the packages of a purpose (build, lab, bench, test); the other arguments are the user's, --yes among them is heeded.
require_packages() {
    local purpose=$1 missing
    shift
    mapfile -t missing < <(missing_packages "$purpose")
    if ((${#missing[@]})); then
        ((EUID == 0)) || refuse "these Debian packages are missing; install them with:" \
            "sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
        command -v apt-get >/dev/null || refuse "these programs are missing, and this is not Debian: ${missing[*]}" \
            "(names of Debian's packages; dist/debian-packages says what each is for)."
        confirm_installation "${missing[*]}" "$@"
        install_packages "${missing[@]}"
    fi
    case $purpose in lab | test) require_package_lists ;; esac
}

missing_packages() {
    local package probe purposes _
    while read -r package probe purposes _; do
        [[ $package != \#* && -n $package ]] || continue
        case $1,$purposes, in test,* | *,build,* | *,"$1",*) ;; *) continue ;; esac
        [[ -e $probe ]] || command -v "$probe" >/dev/null || echo "$package"
    done <"$PACKAGES"
}

confirm_installation() {
    local packages=$1 word answer
    shift
    say "will install the Debian packages $packages"
    [[ -t 0 && -t 2 && -z ${CI:-} ]] || return 0
    for word; do
        [[ $word != --yes ]] || return 0
    done
    read -r -p "godwit: install them now? [Y/n] " answer
    [[ $answer =~ ^([yY].*)?$ ]] || refuse "nothing was installed and nothing was started."
}

# Installs without starting any daemon: a policy-rc.d forbids it for as long as the installation takes.
install_packages() (
    local log=$GODWIT_HOME/install.log
    make_home
    if [[ ! -e $POLICY ]]; then
        trap 'rm -f "$POLICY"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$POLICY"
        chmod 755 "$POLICY"
    fi
    export DEBIAN_FRONTEND=noninteractive
    have_package_lists || update_package_lists
    apt-get -y -qq install --no-install-recommends "$@" </dev/null >"$log" 2>&1 && return
    update_package_lists                      # old lists name files that the mirror no longer has
    apt-get -y -qq install --no-install-recommends "$@" </dev/null >"$log" 2>&1 && return
    tail -n 5 "$log" >&2
    refuse "apt-get could not install $*; the lines above are the end of $log."
)

have_package_lists() {
    local lists=(/var/lib/apt/lists/*_Packages*)
    ((${#lists[@]}))
}

update_package_lists() {
    say "fetching Debian's package lists"
    apt-get -qq update </dev/null >&2 || say "apt-get update failed; trying with the lists that are there"
}

# The guest's image is made of Debian packages, which apt finds by its lists.
require_package_lists() {
    have_package_lists && return
    ((EUID == 0)) || refuse "apt's package lists are empty, and the guest is built from Debian packages; run: sudo apt-get update"
    update_package_lists
}
