# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the scripts of the rig share. Sourced, never run; the caller has `set -euo pipefail` on.
#
# A script that answers with a path prints it as the last line of its stdout, and everything else (progress,
# compiler output) goes to stderr, so that `dir=$(kernel.sh uml)` works.

RIG=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
REPO=$(cd "$RIG/../.." && pwd -P)
CACHE=${NF_VIP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/nf_vip}
# The kinds of kernel that selftest.sh boots if it is told no other, fastest first.
KINDS="uml bookworm trixie debug"
# And those for a few tests alone, emulated, and for the benchmarks.
ALL_KINDS="$KINDS debug-smp kcsan bench"
JOBS=$(nproc)
# What is made here may be run by other users, in guests; a umask of 077 would close it to them.
umask 022
export RIG REPO CACHE KINDS ALL_KINDS JOBS

# We are often started by `make VARIABLE=...`; the kernel's build would take those for its own.
unset MAKEFLAGS MAKEOVERRIDES MFLAGS MAKELEVEL

me=$(basename "$0")

say() { printf '%s: %s\n' "$me" "$*" >&2; }
die() { say "$*"; exit 1; }

# Neither kbuild nor a kernel's command line takes a path with such characters; of the repository both get copies.
[[ $CACHE = /* && ! $CACHE =~ [[:blank:]:,\'\"] ]] ||
	die "the cache cannot be in \"$CACHE\": set NF_VIP_CACHE to an absolute path without blanks, quotes, : and ,"

# is_stock KIND: one of Debian's kernels, see kernel_stock.sh
is_stock() { [[ $1 =~ ^(bookworm|bookworm-new|trixie|backports|newest)(-rt|-cloud)?(-arm64|-s390x|-armhf)?$ ]]; }

# arch_of KIND: what the kernel's makefile calls its architecture
arch_of()
{
	case $1 in
	uml|debug|bench)	echo um ;;
	*-arm64)	echo arm64 ;;
	*-s390x)	echo s390 ;;
	*-armhf)	echo arm ;;
	*)		echo x86_64 ;;
	esac
}

# The Debian whose programs build and use a stock kernel.
stock_root() { case $1 in bookworm*) echo bookworm ;; *) echo trixie ;; esac; }

# foreign_of KIND: Debian's name of its architecture, if that is not this machine's
foreign_of() { [[ ! $1 =~ -(arm64|s390x|armhf)$ ]] || [ "${BASH_REMATCH[1]}" = "$(dpkg --print-architecture)" ] || echo "${BASH_REMATCH[1]}"; }

# cross_of KIND: what the names of the cross compiler's programs begin with
cross_of()
{
	case $(foreign_of "$1") in
	arm64)	echo aarch64-linux-gnu- ;;
	s390x)	echo s390x-linux-gnu- ;;
	armhf)	echo arm-linux-gnueabihf- ;;
	esac
}

# root_of KIND: the directory that is the guest's root; / for our own kernels
root_of()
{
	if ! is_stock "$1"; then
		echo /
	elif [ -n "$(foreign_of "$1")" ]; then
		"$RIG/root.sh" "$(stock_root "$1"):$(foreign_of "$1")" guest
	else
		"$RIG/root.sh" "$(stock_root "$1")" vipctl guest dkms deb
	fi | tail -n 1
}

# compiler_root KIND: the directory in which its module is compiled
compiler_root()
{
	if [ -n "$(foreign_of "$1")" ]; then
		"$RIG/root.sh" trixie dkms cross
	else
		root_of "$1"
	fi | tail -n 1
}

# kbuild KIND KERNEL-DIR SOURCES [ARGS...]: compiles a module for that kernel
kbuild()
{
	local root cross args
	root=$(compiler_root "$1")
	cross=$(cross_of "$1")
	args=(ARCH="$(arch_of "$1")" CROSS_COMPILE="$cross")
	# Headers name the compiler of their own Debian; there is one cross compiler.
	[ -z "$cross" ] || args+=(CC="${cross}gcc")
	in_root "$root" make -C "$2/build" "${args[@]}" M="$3" -j"$JOBS" "${@:4}" modules
}

# built_in ROOT: where that which is built in the repository lies, for programs of that root; see in_root.sh
built_in() { if [ "$1" = / ]; then echo "$REPO"; else echo "$CACHE/built/$(hash_of <<<"$REPO $1")"; fi; }

# in_root ROOT COMMAND...: there, or just here if that is /
in_root() { if [ "$1" = / ]; then "${@:2}"; else "$RIG/in_root.sh" "$@"; fi; }

is_kind()
{
	local k
	! is_stock "$1" || return 0
	for k in $ALL_KINDS; do
		[ "$1" = "$k" ] && return 0
	done
	return 1
}

# kind_props KIND: what differs between the kinds, in variables:
#   kind_uml	not empty for user-mode Linux, a process of ours
#   kind_mem	memory of the guest, MB		kind_cpus	its processors
#   kind_slow	factor for deadlines of tests	kind_boot	seconds to boot and to power off, at worst
#   kind_args	more for its command line
# shellcheck disable=SC2034	# for those who source this
kind_props()
{
	kind_uml='' kind_mem=1024 kind_cpus=2 kind_slow=5 kind_boot=200 kind_args=''
	case $1 in
	# Without ptrace a process starts in half the time. KUnit has to be told to run what is loaded.
	uml)	kind_uml=1 kind_cpus=1 kind_slow=1 kind_boot=60 kind_args="seccomp=auto kunit.autorun=1" ;;
	debug)	kind_uml=1 kind_cpus=1 kind_mem=2048 kind_slow=5 kind_boot=120 kind_args="seccomp=on kunit.autorun=1" ;;
	bench)	kind_uml=1 kind_cpus=1 kind_slow=1 kind_boot=60 ;;
	debug-smp|kcsan) kind_mem=2048 kind_slow=15 kind_boot=400 ;;
	*-arm64|*-s390x) kind_slow=15 kind_boot=600 ;;
	esac
}

# hash_of FILE...: a short name for the contents of these files plus what comes on stdin (versions and the like).
hash_of()
{
	{ cat; [ $# -eq 0 ] || cat -- "$@"; } | sha256sum | cut -c1-16
}

# sums_of PATH...: names and checksums of all files there, as hash_of wants to have them on stdin
sums_of() { find "$@" -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum; }

# with_lock NAME FUNCTION [ARGS...]: run it while we are the only one in the cache who holds NAME.
# The lock file stays: removing it would let two later runs lock two different files of the same name.
with_lock()
{
	local name=$1 fd rc=0 errexit=$-
	shift
	mkdir -p "$CACHE/lock"
	exec {fd}>"$CACHE/lock/$name"
	if ! flock -n "$fd"; then
		say "waiting for another run that builds $name"
		flock "$fd"
	fi
	# In a sub-shell, so that `set -e` stops the function and not us. Do not call this in an || or && list before the
	# last place: bash then ignores `set -e` inside. Nothing that stays behind shall hold the lock.
	set +e
	( set -e; "$@" ) {fd}>&-
	rc=$?
	# The caller may have had it off, to look at the status.
	[[ $errexit != *e* ]] || set -e
	exec {fd}>&-
	return $rc
}

# The warnings in a build's log, on stdin. Its tools may be later ones than those that the kernel was built with: a compiler of
# another patch release, a pahole that came meanwhile. That is all we let pass.
warnings() { grep -i 'warning:' | grep -vE '(compiler|pahole version) differs'; }

# A version of an installed package, or nothing.
pkg_version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || true; }
