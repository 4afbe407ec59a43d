# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Debian's own kernels, unpacked and not installed: this machine shall not boot into them. Sourced by kernel.sh;
# `stock KIND` leaves the directory in $dir, `stock_headers KIND` one in which only build/ and release are: enough to compile.
#
# A kind is named by what it is to Debian, not by its release, which changes every week; a flavour and an architecture follow,
# as in trixie-rt or newest-arm64:
#   bookworm		the kernel of Debian 12
#   bookworm-new	the later one that Debian 12 has beside it
#   trixie		the kernel of Debian 13
#   newest		the latest there is: of backports for Debian 13, the next release, or unstable
#   backports		the latest of the series before that

# stock_words KIND: its base, flavour and architecture in $base, $flavour and $arch
stock_words()
{
	local rest=$1 host
	host=$(dpkg --print-architecture)
	base='' flavour='' arch=$host
	for base in bookworm-new bookworm trixie backports newest; do
		[[ $rest != "$base" && $rest != "$base"-* ]] || break
	done
	rest=${rest#"$base"}
	case $rest in
	-rt|-rt-*)	flavour=rt rest=${rest#-rt} ;;
	-cloud|-cloud-*) flavour=cloud rest=${rest#-cloud} ;;
	esac
	arch=${rest#-}
	arch=${arch:-$host}
}

# The last part of a release's name: the architecture, which has another name for a processor in Debian's armhf.
stock_suffix()
{
	local a=$arch
	[ "$a" != armhf ] || a=armmp
	echo "${flavour:+$flavour-}$a"
}

# stock_all SUITE RELEASE-PATTERN: "RELEASE VERSION" of each that has headers and an image, oldest first: for a while
# after a security update a mirror has only one of them.
stock_all()
{
	"$RIG/suites.sh" versions "$1:$arch" "linux-(headers|image)-$2-$(stock_suffix)" |
		sed -E 's/^linux-(headers|image)-//' | awk '{ n[$1]++; v[$1] = $2 } END { for (r in n) if (n[r] > 1) print r, v[r] }' |
		sort -V
}

# stock_find SUITE RELEASE-PATTERN: "SUITE RELEASE VERSION" of the latest
stock_find()
{
	local line
	line=$(stock_all "$1" "$2" | tail -n 1)
	[ -z "$line" ] || echo "$1 $line"
}

# later A B: is A a later version?
later() { [ "$1" != "$2" ] && [ "$(printf '%s\n' "$1" "$2" | sort -V | tail -n 1)" = "$1" ]; }

# "SUITE RELEASE VERSION" of the latest of all.
stock_newest()
{
	local suite best='' found
	for suite in backports forky sid; do
		found=$(stock_find "$suite" '[0-9.]+[+]deb[0-9]+')
		[ -z "$found" ] || { [ -n "$best" ] && ! later "${found#* }" "${best#* }"; } || best=$found
	done
	echo "$best"
}

# The same of the latest series but one.
stock_before_newest()
{
	local suite release series found
	read -r suite release _ < <(stock_newest)
	series=$(cut -d. -f1,2 <<<"$release")
	for suite in backports forky; do
		found=$(stock_all "$suite" '[0-9.]+[+]deb[0-9]+' | grep -v "^${series//./\\.}\." | tail -n 1) || true
		[ -z "$found" ] || { echo "$suite $found"; return; }
	done
}

# "SUITE RELEASE VERSION" of $base, $flavour, $arch. Looking through the lists takes seconds: the answer is kept until they
# are fetched again.
stock_release()
{
	local answer
	answer=$CACHE/stock-$kind
	if [ -z "$(find "$answer" -mmin -360 -size +0 2>/dev/null)" ]; then
		case $base in
		bookworm)	stock_find bookworm '6[.]1[.][0-9.]+-[0-9]+' ;;
		bookworm-new)	stock_find bookworm '[0-9.]+[+]deb12' ;;
		trixie)		stock_find trixie '[0-9.]+[+]deb13' ;;
		backports)	stock_before_newest ;;
		newest)		stock_newest ;;
		esac >"$answer.$$"
		mv "$answer.$$" "$answer"
	fi
	cat "$answer"
}

# unpack SUITE DIR PACKAGE...
unpack()
{
	local suite=$1 to=$2 deb tmp
	shift 2
	tmp=$(mktemp -d "$to/deb-XXXXXX")
	"$RIG/suites.sh" download "$suite" "$tmp" "$@"
	for deb in "$tmp"/*.deb; do
		dpkg-deb -x "$deb" "$to/root"
	done
	rm -rf "$tmp"
}

# The headers refer to each other as installed; make them refer to where they are.
relocate_headers()
{
	local root=$1 rel=$2 f
	for f in "$root/usr/src/linux-headers-$rel/Makefile" "$root/usr/src/linux-headers-$rel/.kernelvariables"; do
		[ ! -e "$f" ] || sed -i "s,/usr/src/,$root/usr/src/,g" "$f"
	done
}

# unpack_headers DIR SUITE RELEASE: DIR/build, made of three packages; the tools among them run here, whatever the kernel is for
unpack_headers()
{
	local to=$1 suite=$2 rel=$3 names common kbuild=''
	names=$("$RIG/suites.sh" depends "$suite:$arch" "linux-headers-$rel")
	common=$(grep -E '^linux-headers-.*-common' <<<"$names")
	kbuild=$(grep -E '^linux-kbuild-' <<<"$names")
	unpack "$suite:$arch" "$to" "linux-headers-$rel" "$common"
	unpack "$suite" "$to" "$kbuild"
	relocate_headers "$to/root" "$rel"
	ln -sfn "root/usr/src/linux-headers-$rel" "$to/build"
}

# unpack_image DIR SUITE RELEASE: DIR/image and DIR/modules. Since 7.0 they are packages of their own, and the image is
# among the modules.
unpack_image()
{
	local to=$1 suite=$2 rel=$3 image lib
	if [ -n "$("$RIG/suites.sh" versions "$suite:$arch" "linux-binary-${rel//+/[+]}")" ]; then
		unpack "$suite:$arch" "$to" "linux-binary-$rel" "linux-modules-$rel" "linux-base-$rel"
	else
		unpack "$suite:$arch" "$to" "linux-image-$rel"
	fi
	mkdir -p "$to/modules/lib/modules/$rel"
	for lib in "$to/root/lib/modules/$rel" "$to/root/usr/lib/modules/$rel"; do
		[ ! -d "$lib" ] || { cp -al "$lib/." "$to/modules/lib/modules/$rel/" && rm -rf "$lib"; }
	done
	image=$to/modules/lib/modules/$rel/vmlinuz
	[ -e "$image" ] || image=$to/root/boot/vmlinuz-$rel
	ln -sfn "$image" "$to/image"
	ln -sfn "$to/build" "$to/modules/lib/modules/$rel/build"
	rm -f "$to/modules/lib/modules/$rel/source"
	depmod -b "$to/modules" "$rel"
}

# The modules that stand between a stock kernel and a root on 9p, with what they need, in loading order.
initrd_modules()
{
	local m
	for m in virtio_pci virtio_mmio 9pnet_virtio 9p overlay virtio_console; do
		modprobe -d "$1/modules" -S "$2" --ignore-install --show-depends "$m"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# make_initrd DIR RELEASE BUSYBOX
make_initrd()
{
	local to=$1 rel=$2 tmp m
	tmp=$(mktemp -d "$to/initrd-XXXXXX")
	mkdir -p "$tmp"/{bin,proc,sys,dev,root,modules}
	cp "$3" "$tmp/bin/busybox"
	initrd_modules "$to" "$rel" >"$tmp/list"
	while read -r m; do
		# busybox's insmod does not know every compression.
		case $m in
		*.xz)	xz -dc "$m" >"$tmp/modules/$(basename "$m" .xz)" ;;
		*.zst)	zstd -qdc "$m" >"$tmp/modules/$(basename "$m" .zst)" ;;
		*)	cp "$m" "$tmp/modules/" ;;
		esac
	done <"$tmp/list"
	sed -i -E 's,.*/,/modules/,; s/\.(xz|zst)$//' "$tmp/list"
	# $RIG and init= are for the next stage; the kernel with an initrd runs /init and leaves init= to us.
	cat >"$tmp/init" <<-'INIT'
		#!/bin/busybox sh
		busybox mount -t proc proc /proc
		busybox mount -t devtmpfs dev /dev
		while read -r m; do busybox insmod $m; done </list
		busybox mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose root /root ||
			echo "rig: no root" >/dev/kmsg
		for w in $(busybox cat /proc/cmdline); do
			case $w in init=*) init=${w#*=} ;; esac
		done
		busybox umount /dev /proc
		exec busybox switch_root /root "$init"
	INIT
	chmod 755 "$tmp/init"
	(cd "$tmp" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) >"$to/initrd.new"
	mv "$to/initrd.new" "$to/initrd"
	rm -rf "$tmp"
}

# make_stock DIR SUITE RELEASE [headers]: all of it, or what is needed to compile alone
make_stock()
{
	local to=$1 suite=$2 rel=$3
	[ -e "$to/ready" ] && return 0
	rm -rf "$to"
	mkdir -p "$to"
	say "downloading Debian's ${4:+headers for }kernel $rel, of $suite"
	unpack_headers "$to" "$suite" "$rel"
	if [ -z "${4-}" ]; then
		unpack_image "$to" "$suite" "$rel"
		make_initrd "$to" "$rel" "$(stock_busybox)"
	fi
	echo "$rel" >"$to/release"
	touch "$to/ready"
}

# A static busybox for the architecture: this machine's own, or one out of its package.
stock_busybox()
{
	[ "$arch" != "$(dpkg --print-architecture)" ] || { command -v busybox; return; }
	unpack "trixie:$arch" "$to" busybox-static
	find "$to/root" -path '*/bin/busybox' -type f | head -n 1
}

# stock KIND [headers]
stock()
{
	local kind=$1 base flavour arch suite='' rel version key found
	stock_words "$kind"
	"$RIG/deps.sh" vm
	mkdir -p "$CACHE"
	# A status of its own: that there is none is no fault of the rig.
	found=$(stock_release) || die "$kind: which kernel that is cannot be found out"
	read -r suite rel version <<<"$found" || true
	[ -n "$suite" ] || { say "$kind: Debian's mirror has no such kernel now"; exit 3; }
	key=$({ echo "$suite $rel $version ${2-}"; pkg_version busybox-static
		declare -f unpack relocate_headers unpack_headers unpack_image initrd_modules stock_busybox make_initrd make_stock; } | hash_of)
	dir=$CACHE/kernel/$kind${2:+-headers}-$key
	[ -e "$dir/ready" ] || with_lock "kernel-$kind" make_stock "$dir" "$suite" "$rel" "${2-}"
}
