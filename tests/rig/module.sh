#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: module.sh KIND [kunit]
#
# Builds nf_vip.ko for a kernel and prints its path: .../lib/modules/RELEASE/updates/[dkms/]nf_vip.ko inside a complete
# copy of that kernel's module tree, depmod's files included, which run.sh shows to the guest as /lib/modules/RELEASE.
#
# For our own kernels a plain kbuild with W=1 in which every warning is an error; with `kunit` the test suites are
# linked in. For stock kernels the way our users go, `make dkms-install`, see dkms.sh; for those of another architecture a
# cross compiler.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# The sources as they are now, without touching the time stamps of what did not change: kbuild goes by those.
# An older copy of a file (git checkout) is newer for the build, hence checksums instead of times.
copy_sources()
{
	local to=$1 from=("$REPO/Kbuild" "$REPO/kmod" "$REPO/include")
	[ -z "$kunit" ] || from+=("$REPO/tests/kunit")
	mkdir -p "$to/tests"
	rsync -rlp --checksum --delete --exclude='*.o' --exclude='.*.cmd' --exclude='*.ko' --exclude='*.mod' \
		--exclude='*.mod.c' --exclude='modules.order' --exclude='Module.symvers' --exclude='.*.d' \
		"${from[@]:0:3}" "$to/"
	[ -z "$kunit" ] || rsync -rlp --checksum --delete --exclude='*.o' --exclude='.*.cmd' "${from[3]}" "$to/tests/"
}

compile()
{
	local src=$1 args=(W=1 KCFLAGS=-Werror) log=$1.log
	[ -z "$kunit" ] || args+=(NF_VIP_KUNIT=y)
	if ! kbuild "$kind" "$dir" "$src" "${args[@]}" >"$log" 2>&1 || [ -n "$(warnings <"$log")" ]; then
		cat "$log" >&2
		# What did compile with a warning must warn again the next time.
		find "$src" -name '*.o' -delete
		die "nf_vip.ko does not build cleanly for $kind"
	fi
}

# The kernel's module tree with ours in it. Hard links: it costs nothing, and depmod replaces files by renaming.
# A new .ko gets a new tree, so a guest that is still running keeps the one it started with.
stage()
{
	local ko=$1 to
	to=$work/tree-$(hash_of "$ko" </dev/null)
	if [ ! -e "$to/ready" ]; then
		rm -rf "$to"
		mkdir -p "$to"
		cp -al "$dir/modules/lib" "$to/lib"
		mkdir -p "$to/lib/modules/$release/updates"
		cp "$ko" "$to/lib/modules/$release/updates/"
		depmod -b "$to" "$release"
		touch "$to/ready"
	fi
	result=$to/lib/modules/$release/updates/nf_vip.ko
}

# What the module is made of, and how.
sources_hash()
{
	local dirs=(kmod include)
	[ -z "$kunit" ] || dirs+=(tests/kunit)
	cd "$REPO"
	sums_of Kbuild "${dirs[@]}" | hash_of "$RIG/module.sh" "$RIG/lib.sh"
}

# kbuild takes some seconds to find that nothing is to be done, and each run of a guest asks.
own()
{
	local made
	made=$work/made-$(sources_hash)
	if [ -e "$made" ] && [ -e "$(<"$made")" ]; then
		result=$(<"$made")
	else
		make_own
		echo "$result" >"$made"
	fi
	touch "$made" "${result%/lib/modules/*}"
	# The last few are enough.
	find "$work" -mindepth 1 -maxdepth 1 \( -name 'tree-*' -o -name 'made-*' \) -mmin +720 -exec rm -rf {} +
	echo "$result"
}

make_own()
{
	copy_sources "$work/src"
	compile "$work/src"
	# Without these calls KCSAN would see nothing of us, and have nothing to report.
	[ "$kind" != kcsan ] || nm "$work/src/nf_vip.ko" | grep __tsan_ >/dev/null ||
		die "nf_vip.ko is not instrumented for KCSAN"
	stage "$work/src/nf_vip.ko"
}

kind=${1-} kunit=${2-}
is_kind "$kind" || die "usage: $me KIND [kunit]"
[ -z "$kunit" ] || [ "$kunit" = kunit ] || die "usage: $me KIND [kunit]"
dir=$("$RIG/kernel.sh" "$kind" | tail -n 1)
release=$(<"$dir/release")
# All checkouts of the repository build in one place, one at a time: what is the same in a new one is there.
work=$CACHE/module/$(basename "$dir")${kunit:+-kunit}
mkdir -p "$work"
if is_stock "$kind" && [ -z "$(foreign_of "$kind")" ]; then
	with_lock "module-${work##*/}" "$RIG/dkms.sh" "$dir" "$work" "$(root_of "$kind")"
else
	with_lock "module-${work##*/}" own
fi
