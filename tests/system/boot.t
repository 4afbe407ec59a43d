#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nf_vip.service in machines that boot with systemd: with a good file, with a bad one, with none. boot_guest looks at
# what came of it.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

good='service web tcp 10.0.0.1:80; backend web/a 192.168.0.1; fastpath wan0'
root=$tap_dir/root
mkdir -p "$root"

"$repo/tests/rig/deps.sh" vipctl vm guest
ok "make install" make -s -C "$repo/userspace" install DESTDIR="$root" PREFIX=/usr
units=$root/etc/systemd/system
mkdir -p "$units"
ok "systemctl enable" systemctl --root="$root" -q enable nf_vip.service nf_vip-follow.service
# What comes after network-pre.target is what sets up the network: it finds the configuration, or not.
cat >"$units/network.service" <<-END
	[Unit]
	DefaultDependencies=no
	After=network-pre.target
	[Service]
	Type=oneshot
	RemainAfterExit=yes
	ExecStart=-/bin/cp /proc/net/nf_vip/config /run/at-network
	[Install]
	WantedBy=multi-user.target
END
systemctl --root="$root" -q enable network.service

# boots KERNEL CASE
boots()
{
	in_guest "$1, $2" --systemd "$root" --timeout 200 "$1" "$repo/tests/system/boot_guest" "$2"
}

boots trixie nothing
for kernel in trixie bookworm; do
	echo "$good" >"$root/etc/nf_vip.conf"
	boots $kernel good
	mkdir -p "$root/var/lib/nf_vip"
	echo "$good" >"$root/var/lib/nf_vip/good.conf"
	echo 'servce web' >"$root/etc/nf_vip.conf"
	boots $kernel bad
	rm -r "$root/var/lib/nf_vip"
done
finish
