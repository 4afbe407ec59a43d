# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The kernels that we build ourselves, from Debian's linux-source-6.12 with our *.config. Sourced by kernel.sh, which knows
# what is made of it: `own KIND ARCH IMAGE` leaves the directory in $dir.

source_package=linux-source-6.12

# The source tree our kernels are built from, each with its own output directory.
prepare_source()
{
	local src=$1
	[ -e "$src/.ready" ] && return 0
	say "unpacking $source_package"
	rm -rf "$src"
	mkdir -p "$src"
	tar -x -C "$src" --strip-components=1 --exclude='*/Documentation/*.rst' -f /usr/src/$source_package.tar.xz
	# UML saves the host's floating point registers in a buffer of this many bytes for every thread; with AMX the
	# processor writes 11 KiB, ptrace refuses the short buffer, and init dies at once.
	sed -i 's/\(DEFINE_LONGS(HOST_FP_SIZE, \)2696)/\111264)/' "$src/arch/x86/um/user-offsets.c"
	grep -q 'HOST_FP_SIZE, 11264' "$src/arch/x86/um/user-offsets.c" ||
		die "the size of the floating point state is not where it was: look at arch/x86/um/user-offsets.c"
	touch "$src/.ready"
}

# configure SRC DIR ARCH FRAGMENT...: allnoconfig plus the fragments, and nothing of them lost on the way.
configure()
{
	local src=$1 dir=$2 arch=$3 lost
	shift 3
	cat "$@" >"$dir/fragment"
	make -s -C "$src" O="$dir/build" ARCH="$arch" KCONFIG_ALLCONFIG="$dir/fragment" allnoconfig >&2
	lost=$(grep -E '^(CONFIG_|# CONFIG_.* is not set$)' "$dir/fragment" |
		awk -v config="$dir/build/.config" '
			function name(s) { return match(s, /CONFIG_[A-Za-z0-9_]+/) ? substr(s, RSTART, RLENGTH) : "" }
			BEGIN { while ((getline line < config) > 0) if ((n = name(line)) != "") have[n] = line }
			{ n = name($0); h = n in have ? have[n] : "# " n " is not set"; if (h != $0) print "  " $0 "  became  " h }')
	[ -z "$lost" ] || die "lines of the configuration did not survive:
$lost"
}

# build DIR ARCH IMAGE
build()
{
	local dir=$1 arch=$2 image=$3
	make -s -C "$dir/build" ARCH="$arch" -j"$JOBS" >&2
	make -s -C "$dir/build" ARCH="$arch" INSTALL_MOD_PATH="$dir/modules" modules_install >&2
	ln -sf "build/$image" "$dir/image"
	cp "$dir/build/include/config/kernel.release" "$dir/release"
}

# make_own KIND DIR ARCH IMAGE
make_own()
{
	local kind=$1 dir=$2 arch=$3 image=$4 src log
	[ -e "$dir/ready" ] && return 0
	src=$CACHE/src/$source_package-$(pkg_version $source_package)
	with_lock source prepare_source "$src"
	say "building the $kind kernel (once; some minutes)"
	mkdir -p "$dir/build"
	configure "$src" "$dir" "$arch" "$RIG/common.config" "$RIG/$kind.config"
	log=$dir/build.log
	# Not `build ... ||`: that would switch off set -e inside.
	trap 'tail -n 40 "$log" >&2; say "the build failed, see $log"' EXIT
	build "$dir" "$arch" "$image" 2>"$log"
	trap - EXIT
	# Last, so that an interrupted build is taken up where it stopped.
	touch "$dir/ready"
}

own()
{
	local kind=$1 arch=$2 image=$3 key
	"$RIG/deps.sh" uml
	key=$({ pkg_version $source_package; gcc -dumpfullversion; uname -m
		declare -f prepare_source configure build; } |
		hash_of "$RIG/common.config" "$RIG/$kind.config")
	dir=$CACHE/kernel/$kind-$key
	[ -e "$dir/ready" ] || with_lock "kernel-$kind" make_own "$kind" "$dir" "$arch" "$image"
}
