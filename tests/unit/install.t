#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What userspace/ installs: the files, the units, the examples.
cd "$(dirname "$0")/../../userspace" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
. ../tests/unit/tap.sh

build=../tests/unit/build/install
root=$tap_dir/root
build_vipctl && make -s O="$build" >&2 || exit 1
modprobe=$root/etc/modprobe.d/nf_vip.conf

install_to()
{
	make -s O="$build" DESTDIR="$root" "$@"
}

# files WANTED...: these and no others are installed
files()
{
	printf '%s\n' "$@" | sort | grep . >"$tap_dir/want"
	(cd "$root" && find . -type f | cut -c 3- | sort) >"$tap_dir/got"
	diff -u "$tap_dir/want" "$tap_dir/got"
}

# What systemd-analyze says of this unit: it looks for programs, and for manual pages, on this machine.
verify()
{
	sed "s,/usr/sbin/vipctl,$root&," "$1" >"$tap_dir/${1##*/}"
	MANPATH=$root/usr/share/man systemd-analyze verify "$tap_dir/${1##*/}" >"$tap_dir/said" 2>&1
	result $? "${1##*/}: systemd-analyze has no error" "$tap_dir/said"
	ok "${1##*/}: and no warning" [ ! -s "$tap_dir/said" ]
}

ok "make install" install_to install
ok "its files" files etc/modprobe.d/nf_vip.conf usr/local/sbin/vipctl \
	usr/local/lib/systemd/system/nf_vip{,-follow}.service \
	usr/local/share/doc/nf_vip/nf_vip.conf.example \
	usr/local/share/doc/nf_vip/nf_vip.modprobe.conf \
	usr/local/share/doc/nf_vip/vipctl.schema.json \
	usr/local/share/doc/nf_vip/two-gateways/{{keepalived,conntrackd,nftables,nf_vip}.conf,notify} \
	usr/local/share/bash-completion/completions/vipctl \
	usr/local/share/man/man4/nf_vip.4 \
	usr/local/share/man/man5/nf_vip.conf.5 \
	usr/local/share/man/man8/vipctl.8
ok "vipctl runs from there" "$root/usr/local/sbin/vipctl" --version
ok "make install leaves no object next to the source" \
	[ -z "$(find . -path ./build -prune -o \( -name '*.o' -o -name '*.d' \) -print)" ]

echo "options nf_vip mark_mask=0xff" >"$modprobe"
ok "make install again" install_to install
ok "an edited modprobe file stays" grep -q mark_mask=0xff "$modprobe"
ok "make uninstall" install_to uninstall
ok "an edited modprobe file outlives uninstall" \
	files etc/modprobe.d/nf_vip.conf
rm "$modprobe"
ok "make install with PREFIX" install_to install PREFIX=/usr
ok "PREFIX is honoured" [ -x "$root/usr/sbin/vipctl" ]
ok "by the units, too" [ "$(sed -n 's/^Exec[A-Z][a-z]*=\([^ ]*\) .*/\1/p' \
	"$root"/usr/lib/systemd/system/*.service | sort -u)" = /usr/sbin/vipctl ]
for unit in nf_vip nf_vip-follow; do
	verify "$root/usr/lib/systemd/system/$unit.service"
done
ok "make uninstall with PREFIX" install_to uninstall PREFIX=/usr
ok "nothing stays" files ""
root="$tap_dir/with a blank"
ok "make install to a path with blanks" install_to install
ok "vipctl is there" [ -x "$root/usr/local/sbin/vipctl" ]
ok "make uninstall there" install_to uninstall
ok "nothing stays there, either" files ""

ok "nf_vip.conf.example is good" vipctl check nf_vip.conf.example

ok "the modprobe example sets nothing" \
	[ -z "$(grep -v '^#' nf_vip.modprobe.conf | tr -d '[:space:]')" ]
sed -n 's/^#options nf_vip config="\(.*\)"$/\1/p' nf_vip.modprobe.conf \
	>"$tap_dir/config"
ok "the modprobe example has a config=" [ -s "$tap_dir/config" ]
ok "and it is good" vipctl check "$tap_dir/config"
for name in vip backends dev scheduler on_empty config mark_mask; do
	ok "the modprobe example has $name=" \
		grep -q "^#options nf_vip .*\b$name=" nf_vip.modprobe.conf
done
finish
