# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The kernels that we build ourselves, from a source package of Debian's with our *.config. Sourced by kernel.sh, which
# knows what is made of it: `own KIND` leaves the directory in $dir.

# own_sources KIND: what it is built from, "SUITE PACKAGE-PATTERN", the best first. A newcomer has one of the two alone, and
# downloads 140 MB for it: the newer one, where a process costs half as much. What is measured has a flow table that
# takes flows, see fastpath in vipctl(8).
own_sources()
{
	local suite
	case $1 in
	uml|debug)
		for suite in backports forky sid; do
			echo "$suite linux-source-7\.2"
		done
		# Dropped everywhere: the latest there is may do as well.
		echo "backports linux-source-[0-9.]+" ;;
	*)	printf '%s\n' "bookworm linux-source-6\.12" "trixie linux-source-6\.12" ;;
	esac
}

# own_fragments KIND: its parts of the configuration
own_fragments()
{
	case $1 in
	uml)		echo common um uml ;;
	bench)		echo common um bench ;;
	debug)		echo common um checkers debug ;;
	debug-smp)	echo common x86 checkers debug-smp ;;
	kcsan)		echo common x86 kcsan ;;
	esac | tr ' ' '\n' | sed "s,.*,$RIG/&.config,"
}

# find_source KIND: "SUITE PACKAGE VERSION" of the first that is there
find_source()
{
	local suite pattern package version tried=0
	while read -r suite pattern; do
		read -r package version < <("$RIG/suites.sh" versions "$suite" "$pattern" | tail -n 1) || true
		if [ -n "$version" ]; then
			[ "$tried" = 0 ] || say "the $1 kernel is built from $package of $suite: what comes first for it is not there"
			echo "$suite $package $version"
			return
		fi
		tried=$((tried + 1))
	done < <(own_sources "$1")
	die "no source for the $1 kernel, in any of: $(own_sources "$1" | tr '\n' ',')"
}

# source_of KIND: the same. Asking apt takes a second, so the answer to this question is kept for a day.
source_of()
{
	local answer
	answer=$CACHE/source-$1-$(own_sources "$1" | hash_of)
	if [ -z "$(find "$answer" -mmin -1440 2>/dev/null)" ]; then
		mkdir -p "$CACHE"
		find_source "$1" >"$answer.$$"
		mv "$answer.$$" "$answer"
	fi
	cat "$answer"
}

# What no kernel of ours is built from. All that is called Kconfig or Makefile stays: the build reads every one.
unwanted()
{
	local d
	printf '%s\n' '*/Documentation/*/*' '*/arch/[!ux]*/*.[chS]' '*/arch/xtensa/*.[chS]' '*/tools/perf/*' '*/tools/testing/*' \
		'*/LICENSES/*' '*.dts' '*.dtsi' '*.rs' '*.rst' '*/samples/*.c' '*/sound/*.[ch]'
	for d in accel android ata bluetooth bus clk comedi crypto cxl dma edac firewire gpio gpu greybus gnss hid hwmon \
		i2c i3c iio infiniband input interconnect isdn leds mailbox md media memstick message mfd mmc \
		most mtd mux net/can net/dsa net/ethernet net/phy net/usb net/wan net/wireless ntb nvme nvmem parport \
		pcmcia perf phy pinctrl platform power regulator remoteproc rpmsg s390 scsi sh slimbus soc soundwire spi \
		staging target thunderbolt ufs usb vfio video w1; do
		echo "*/drivers/$d/*.[ch]"
	done
	for d in afs bcachefs btrfs ceph ext4 f2fs gfs2 jffs2 jfs nfs nfsd nilfs2 ntfs3 ocfs2 orangefs smb ubifs udf xfs; do
		echo "*/fs/$d/*.[ch]"
	done
}

# unpack_source SUITE PACKAGE VERSION TO: only what a kernel of ours needs, a fifth of it
unpack_source()
{
	local suite=$1 package=$2 version=$3 to=$4 tmp
	[ -e "$to/.ready" ] && return 0
	say "downloading $package $version (140 MB)"
	rm -rf "$to"
	mkdir -p "$to"
	tmp=$(mktemp -d "$CACHE/deb-XXXXXX")
	"$RIG/suites.sh" download "$suite" "$tmp" "$package=$version"
	say "unpacking $package"
	unwanted >"$tmp/unwanted"
	dpkg-deb --fsys-tarfile "$tmp"/*.deb | tar -x -O --wildcards "./usr/src/$package.tar.xz" |
		tar -x -I 'xz -d -T0' -C "$to" --strip-components=1 --exclude-from="$tmp/unwanted"
	rm -rf "$tmp"
	room_for_registers "$to/arch/x86/um/user-offsets.c"
	# Last, so that an interrupted unpacking starts over.
	touch "$to/.ready"
}

# room_for_registers FILE: UML saves the host's floating point registers in a buffer of this many bytes for every thread;
# with AMX the processor writes 11 KiB, ptrace refuses the short buffer, and init dies at once. Newer ones ask the host.
room_for_registers()
{
	grep -q HOST_FP_SIZE "$1" || return 0
	sed -i 's/\(DEFINE_LONGS(HOST_FP_SIZE, \)2696)/\111264)/' "$1"
	grep -q 'HOST_FP_SIZE, 11264' "$1" || die "the size of the floating point state is not where it was: look at $1"
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

# make_own KIND DIR SUITE PACKAGE VERSION
make_own()
{
	local kind=$1 dir=$2 package=$4 version=$5 src arch image=linux fragments log
	[ -e "$dir/ready" ] && return 0
	src=$CACHE/src/$package-$version
	arch=$(arch_of "$kind")
	with_lock source unpack_source "$3" "$package" "$version" "$src"
	say "building the $kind kernel of $package (once; some minutes)"
	mkdir -p "$dir/build"
	mapfile -t fragments < <(own_fragments "$kind")
	configure "$src" "$dir" "$arch" "${fragments[@]}"
	[ "$arch" = um ] || image=arch/x86/boot/bzImage
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
	local kind=$1 source suite package version key fragments
	"$RIG/deps.sh" uml
	# objtool, which a kernel for UML does without
	[ "$(arch_of "$kind")" = um ] || "$RIG/deps.sh" dkms
	source=$(source_of "$kind")
	read -r suite package version <<<"$source"
	mapfile -t fragments < <(own_fragments "$kind")
	key=$({ echo "$package $version"; gcc -dumpfullversion; uname -m
		declare -f unwanted room_for_registers configure build; } | hash_of "${fragments[@]}")
	dir=$CACHE/kernel/$kind-$key
	[ -e "$dir/ready" ] || with_lock "kernel-$kind" make_own "$kind" "$dir" "$suite" "$package" "$version"
}
