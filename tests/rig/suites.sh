#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: suites.sh update SUITE...                   fetch the lists of these suites, at most once in six hours
#        suites.sh versions SUITE PATTERN            "PACKAGE VERSION" of each package whose name matches, oldest first
#        suites.sh download SUITE DIR PACKAGE...     their .deb files into DIR; PACKAGE may be NAME=VERSION or NAME:ARCH
#        suites.sh depends SUITE PACKAGE             the names that it depends on, alternatives left out
#        suites.sh sources SUITE                     the lines of a sources.list; with :ARCH, those that are good for it
#
# Packages of any Debian suite on any Debian machine: with lists, sources and a cache of apt's that are the rig's own, below
# the cache; the machine's sources stay as they are. SUITE is one of known_suites, with :ARCH for another architecture. What
# arrives is signed by Debian's archive keys, or apt refuses it.
#
# NF_VIP_MIRROR and NF_VIP_MIRROR_SECURITY name other mirrors than deb.debian.org.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

mirror=${NF_VIP_MIRROR:-http://deb.debian.org/debian}
security=${NF_VIP_MIRROR_SECURITY:-http://deb.debian.org/debian-security}
keys=/usr/share/keyrings/debian-archive-keyring.gpg

known_suites() { echo bookworm trixie backports forky sid; }

# lines SUITE: its sources, "URI SUITE" each
lines()
{
	case $1 in
	bookworm|trixie) printf '%s\n' "$mirror $1" "$mirror $1-updates" "$security $1-security" ;;
	backports)	echo "$mirror trixie-backports" ;;
	forky|sid)	echo "$mirror $1" ;;
	*)		die "no suite $1 (there are: $(known_suites))" ;;
	esac
}

# arch_in SUITE[:ARCH], lists_of SUITE[:ARCH]: the architecture; the name of its directory, and of the lock of that
arch_in() { if [[ $1 = *:* ]]; then echo "${1#*:}"; else dpkg --print-architecture; fi; }
lists_of() { echo "${1%%:*}-$(arch_in "$1")"; }

# The archive's lists of security and backports do not match their signature for the smaller architectures: its fault,
# for years at times. Its main lists do.
sources()
{
	local uri name suite=${1%%:*} arch found=''
	arch=$(arch_in "$1")
	while read -r uri name; do
		[[ $arch =~ ^(amd64|arm64)$ || $name = "$suite" ]] || continue
		echo "deb [signed-by=$keys] $uri $name main"
		found=1
	done < <(lines "$suite")
	[ -n "$found" ] || die "$suite has no lists for $arch"
}

# prepare SUITE[:ARCH]: its directory, in $dir, with the options that make apt use it alone, in $apt
prepare()
{
	local suite=${1%%:*} arch
	arch=$(arch_in "$1")
	dir=$CACHE/apt/$(lists_of "$1")
	mkdir -p "$dir"/{lists/partial,archives/partial,parts}
	[ -e "$dir/status" ] || : >"$dir/status"
	sources "$1" >"$dir/sources.list.$BASHPID"
	cmp -s "$dir/sources.list.$BASHPID" "$dir/sources.list" || rm -f "$dir/fresh"
	mv "$dir/sources.list.$BASHPID" "$dir/sources.list"
	apt=(-qq -o "APT::Architecture=$arch" -o "APT::Architectures=$arch" -o APT::Sandbox::User=root
		-o "Dir::Etc::SourceList=$dir/sources.list" -o "Dir::Etc::SourceParts=$dir/parts"
		-o "Dir::Etc::PreferencesParts=$dir/parts" -o "Dir::State::Lists=$dir/lists"
		-o "Dir::State::status=$dir/status" -o "Dir::Cache=$dir" -o "Dir::Cache::archives=$dir/archives"
		-o Acquire::Languages=none -o Acquire::Retries=3)
	# A mirror's copy of what is still being made may be older than its own promise; the signature is checked all the same.
	case $suite in forky|sid) apt+=(-o Acquire::Check-Valid-Until=false) ;; esac
}

fetch_lists()
{
	prepare "$1"
	[ -z "$(find "$dir/fresh" -mmin -360 2>/dev/null)" ] || return 0
	[ -e "$keys" ] || die "$keys is missing: apt install debian-archive-keyring"
	if apt-get "${apt[@]}" update >&2; then
		touch "$dir/fresh"
	elif [ -e "$dir/fresh" ]; then
		say "the lists of $1 cannot be fetched; going on with those of $(date -r "$dir/fresh" +%F)"
	else
		die "the lists of $1 cannot be fetched"
	fi
}

# locked SUITE[:ARCH] FUNCTION...: while nobody else uses its directory
locked() { with_lock "apt-$(lists_of "$1")" "${@:2}"; }

update() { locked "$1" fetch_lists "$1"; }

versions()
{
	update "$1"
	prepare "$1"
	apt-cache "${apt[@]}" dumpavail |
		awk -v re="^($2)\$" '$1 == "Package:" { p = $2 } $1 == "Version:" && p ~ re { print p, $2 }' | sort -uV
}

# The archive may have dropped what the lists of this morning promised: then once more, with new ones.
fetch_packages()
{
	local suite=$1 to=$2
	shift 2
	prepare "$suite"
	mkdir -p "$to"
	(cd "$to" && apt-get "${apt[@]}" download "$@") >&2 && return
	rm -f "$dir/fresh"
	fetch_lists "$suite"
	(cd "$to" && apt-get "${apt[@]}" download "$@") >&2 || die "$suite has not all of: $*"
}

download()
{
	update "$1"
	locked "$1" fetch_packages "$@"
}

depends()
{
	update "$1"
	prepare "$1"
	apt-cache "${apt[@]}" depends --important "$2" | sed -n 's/^ *Depends: \([^<].*\)/\1/p'
}

verb=${1-}
[ $# -ge 2 ] || die "usage: $me update|versions|download|depends|sources SUITE ..."
shift
case $verb in
update)	for s in "$@"; do update "$s"; done ;;
versions|download|depends|sources)	"$verb" "$@" ;;
*)	die "no $verb: update|versions|download|depends|sources" ;;
esac
