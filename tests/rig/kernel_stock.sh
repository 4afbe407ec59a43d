# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Debian's own kernels, unpacked and not installed: this machine shall not boot into them. Sourced by kernel.sh;
# `stock KIND` leaves the directory in $dir.

# stock_release VERSION: the newest plain amd64 kernel of that series which apt knows, and its package version, as in
# "6.1.0-44-amd64 6.1.164-1". Asking apt takes a second, so the answer is kept until apt's lists change.
stock_release()
{
	local answer=$CACHE/stock-$1 rel version
	if [ ! -s "$answer" ] || [ /var/lib/apt/lists -nt "$answer" ] || [ /var/lib/dpkg/status -nt "$answer" ]; then
		apt-cache pkgnames "linux-image-$1." |
			sed -nE "s/^linux-image-(${1//./\\.}\.[0-9]+[-+][0-9a-z]+-amd64)\$/\1/p" | sort -rV |
			while read -r rel; do
				# A name may be in the lists only because something still mentions it.
				version=$(apt-cache madison "linux-image-$rel" | awk 'NR == 1 { print $3 }')
				[ -z "$version" ] || { echo "$rel $version"; break; }
			done >"$answer.$$"
		mv "$answer.$$" "$answer"
	fi
	cat "$answer"
}

# unpack DIR PACKAGE...: download and unpack without installing.
unpack()
{
	local dir=$1 deb tmp
	shift
	tmp=$(mktemp -d "$dir/deb-XXXXXX")
	# apt's own download user may not be allowed to write where we are.
	# The archive may have dropped what the lists of yesterday promised.
	(
		cd "$tmp" || exit
		apt-get -qq -o APT::Sandbox::User=root download "$@" || {
			apt-get -qq -o DPkg::Lock::Timeout=600 update
			apt-get -qq -o APT::Sandbox::User=root download "$@"
		}
	) >&2
	for deb in "$tmp"/*.deb; do
		dpkg-deb -x "$deb" "$dir/root"
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

# The modules that stand between a stock kernel and a root on 9p, with what they need, in loading order.
make_initrd()
{
	local dir=$1 rel=$2 tmp m
	tmp=$(mktemp -d "$dir/initrd-XXXXXX")
	mkdir -p "$tmp"/{bin,proc,sys,dev,root,modules}
	cp "$(command -v busybox)" "$tmp/bin/busybox"
	for m in virtio_pci 9pnet_virtio 9p overlay virtio_console; do
		modprobe -d "$dir/modules" -S "$rel" --ignore-install --show-depends "$m"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$tmp/list"
	while read -r m; do
		# busybox's insmod does not know every compression.
		case $m in
		*.xz)	xz -dc "$m" >"$tmp/modules/$(basename "$m" .xz)" ;;
		*.zst)	zstd -dc "$m" >"$tmp/modules/$(basename "$m" .zst)" ;;
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
	(cd "$tmp" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) >"$dir/initrd.new"
	mv "$dir/initrd.new" "$dir/initrd"
	rm -rf "$tmp"
}

make_stock()
{
	local dir=$1 rel=$2 headers
	[ -e "$dir/ready" ] && return 0
	rm -rf "$dir"
	mkdir -p "$dir/modules/lib/modules"
	say "downloading Debian's kernel $rel and its headers"
	headers=$(apt-cache depends --important "linux-headers-$rel" |
		awk '$1 == "Depends:" && $2 ~ /^linux-(headers-.*-common|kbuild-.*)$/ { print $2 }')
	# shellcheck disable=SC2086	# package names
	unpack "$dir" "linux-image-$rel" "linux-headers-$rel" $headers
	relocate_headers "$dir/root" "$rel"
	ln -s "root/boot/vmlinuz-$rel" "$dir/image"
	mv "$dir/root/lib/modules/$rel" "$dir/modules/lib/modules/$rel"
	ln -s "root/usr/src/linux-headers-$rel" "$dir/build"
	ln -sfn "$dir/build" "$dir/modules/lib/modules/$rel/build"
	rm -f "$dir/modules/lib/modules/$rel/source"
	depmod -b "$dir/modules" "$rel"
	make_initrd "$dir" "$rel"
	echo "$rel" >"$dir/release"
	touch "$dir/ready"
}

stock()
{
	local kind=$1 rel version key
	"$RIG/deps.sh" vm
	mkdir -p "$CACHE"
	read -r rel version < <(stock_release "${kind#debian-}") || true
	if [ -z "$rel" ]; then
		apt-get -qq -o DPkg::Lock::Timeout=600 update >&2
		read -r rel version < <(stock_release "${kind#debian-}") || true
		[ -n "$rel" ] || die "apt knows no ${kind#debian-} kernel"
	fi
	key=$({ echo "$rel $version"; pkg_version busybox-static
		declare -f unpack relocate_headers make_initrd make_stock; } | hash_of)
	dir=$CACHE/kernel/$kind-$key
	[ -e "$dir/ready" ] || with_lock "kernel-$kind" make_stock "$dir" "$rel"
}
