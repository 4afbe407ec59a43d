#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nf_vip.service in machines that boot with systemd: with a good file, with a bad one, with none. boot_guest looks at
# what came of it.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

good='service web tcp 10.0.0.1:80; backend web/a 192.168.0.1; fastpath wan0'
root=$tap_dir/root

"$repo/tests/rig/deps.sh" vm
units=$root/etc/systemd/system

# installs KERNEL: what make install puts there, with two units enabled and one of ours
installs()
{
	rm -rf "$root"
	mkdir -p "$units"
	ok "$1, make install" in_root_for "$1" make -s -C userspace install DESTDIR="$root" PREFIX=/usr
	ok "$1, systemctl enable" in_root_for "$1" systemctl --root="$root" -q enable nf_vip.service nf_vip-follow.service
	network_unit >"$units/network.service"
	in_root_for "$1" systemctl --root="$root" -q enable network.service
}

# What comes after network-pre.target is what sets up the network: it finds the configuration, or not.
network_unit()
{
	cat <<-END
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
}

# boots KERNEL CASE
boots()
{
	in_guest "$1, $2" --systemd "$root" "$1" "$repo/tests/system/boot_guest" "$2"
}

for kernel in bookworm trixie; do
	installs $kernel
	[ $kernel = bookworm ] || boots $kernel nothing
	echo "$good" >"$root/etc/nf_vip.conf"
	boots $kernel good
	mkdir -p "$root/var/lib/nf_vip"
	echo "$good" >"$root/var/lib/nf_vip/good.conf"
	echo 'servce web' >"$root/etc/nf_vip.conf"
	boots $kernel bad
done
finish
