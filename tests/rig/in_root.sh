#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: in_root.sh [--outside] [--bind FROM TO]... ROOT COMMAND [ARGS...]
#
# Runs a command in a root that root.sh made, in a mount namespace of its own, in the repository's directory. The repository and
# the cache are there under the names that they have outside; --bind puts more in. What is built in the repository is built
# apart for each root: other libraries, other compilers. With --outside the command stays in this machine's root, and sees all
# that at ROOT: for an emulator that shows ROOT to its guest.
# shellcheck disable=SC2016	# the single quotes are for a shell in the root
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# The folders of the repository that hold what was built, for a checkout that is not in the root's own words.
built_folders() { echo userspace/build tests/e2e/build tests/unit/build tests/fuzz/build; }

# bind FROM TO-IN-ROOT
bind()
{
	mkdir -p "$root$2"
	mount --bind "$1" "$root$2"
}

# In the namespace.
lay_out()
{
	local f own
	own=$(built_in "$root")
	mount --bind "$root" "$root"
	mount -t tmpfs -o mode=1777 tmp "$root/tmp"
	bind "$REPO" "$REPO"
	bind "$CACHE" "$CACHE"
	for f in $(built_folders); do
		mkdir -p "$own/$f" "$REPO/$f"
		mount --bind "$own/$f" "$root$REPO/$f"
	done
	while [ ${#binds[@]} -gt 0 ]; do
		bind "${binds[0]}" "${binds[1]}"
		binds=("${binds[@]:2}")
	done
}

# What a program expects below / beside files.
system_mounts()
{
	mount -t proc proc "$root/proc"
	mount --rbind /sys "$root/sys"
	mount --rbind /dev "$root/dev"
	[ ! -e /etc/resolv.conf ] || { touch "$root/etc/resolv.conf"; mount --bind /etc/resolv.conf "$root/etc/resolv.conf"; }
}

all=("$@") outside='' binds=()
while [ $# -gt 0 ]; do
	case $1 in
	--outside)	outside=1 ;;
	--bind)		binds+=("$2" "$3"); shift 2 ;;
	*)		break ;;
	esac
	shift
done
[ $# -ge 2 ] || die "usage: $me [--outside] [--bind FROM TO]... ROOT COMMAND [ARGS...]"
root=$1
shift
if [ -z "${NF_VIP_IN_ROOT-}" ]; then
	mountpoint -q / || die "/ is no mount point: this root was entered with chroot alone, and the tests on other kernels need mount" \
		"namespaces. Outside: mount --bind ROOT ROOT, before the chroot."
	NF_VIP_IN_ROOT=1 exec unshare --mount --propagation private "$RIG/$me" "${all[@]}"
fi
unset NF_VIP_IN_ROOT
lay_out
[ -z "$outside" ] || exec "$@"
system_mounts
exec chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
	LANG=C.UTF-8 LC_ALL=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive NF_VIP_CACHE="$CACHE" \
	sh -c 'cd "$1" && shift && exec "$@"' sh "$REPO" "$@"
