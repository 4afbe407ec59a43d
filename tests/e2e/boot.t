#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl boot, and the last good configuration. It belongs to the first network namespace, so this test, unlike the
# others, has none of its own, and no lib.sh.
# shellcheck source-path=SCRIPTDIR source=../unit/tap.sh
. "$(dirname "$0")/../unit/tap.sh"

v=$(cd "$(dirname "$0")" && pwd)/../../userspace/build/vipctl
proc=/proc/net/nf_vip
kept=/var/lib/nf_vip/good.conf
file=$tap_dir/nf_vip.conf
instead="vipctl: boot: the last good configuration runs instead ($kept)"

same() { diff "$1" "$2"; }
no_kept() { [ ! -e $kept ]; }
leave()
{
	[ ! -e $proc ] || rmmod nf_vip
	ip netns del blue 2>/dev/null
	rm -rf "${kept%/*}" "$tap_dir"
}
trap leave EXIT

[ ! -e $proc ] || rmmod nf_vip
rm -rf "${kept%/*}"

# --- nothing kept yet ---
echo 'servce web' >"$file"
is "a bad file, and nothing kept" 1 "" \
	"vipctl: $file: line 1: unknown word \"servce\": expected service, backend, fastpath, set, delete, flush, confirm, revert or replace
vipctl: boot: there is no last good configuration ($kept)" "$v" boot "$file"
ok "the module is loaded" [ -e $proc/config ]
ok "nothing is kept" no_kept
is "a configuration by hand" 0 "" "" "$v" add service hand tcp 10.0.0.9:80
is "a missing file" 1 "" "vipctl: $tap_dir/none: No such file or directory
vipctl: boot: there is no last good configuration ($kept)" "$v" boot "$tap_dir/none"
ok "what is there stays" grep -q '^service hand ' $proc/config

# --- a good file ---
rmmod nf_vip
echo 'service web tcp 10.0.0.1:80; backend web/a 192.168.0.1' >"$file"
is "a good file" 0 "" "" "$v" boot "$file"
ok "it is the configuration" grep -q '^service web ' $proc/config
ok "and is kept" same $kept $proc/config

# --- a bad one, now that one is kept ---
rmmod nf_vip
cp $kept "$tap_dir/before"
echo 'service other tcp 10.0.0.1:80; backend other/b 1.2.3.4 weight 2000' >"$file"
is "a bad file" 1 "" "vipctl: $file: line 1: weight \"2000\": expected 0 to 1000
$instead" "$v" boot "$file"
ok "the last good configuration runs" same $kept $proc/config
ok "and is what it was" same $kept "$tap_dir/before"
"$v" flush
echo 'service one tcp 10.0.0.1:80; service two tcp 10.0.0.1:80' >"$file"
is "what only the kernel refuses" 1 "" \
	"vipctl: $file: line 1: service \"two\": another service has 10.0.0.1:80 and the same dev
$instead" "$v" boot "$file"
ok "the last good configuration runs again" same $kept $proc/config
"$v" flush
is "no file" 1 "" "vipctl: $tap_dir/none: No such file or directory
$instead" "$v" boot "$tap_dir/none"
ok "and again" same $kept $proc/config
ok "with its service" grep -q '^service web ' $proc/config
"$v" flush
printf '# lost\n\n' >"$file"
is "a file without a statement" 1 "" \
	"vipctl: $file: no statement; \"replace\" alone means that there shall be no services
$instead" "$v" boot "$file"
ok "the last good configuration runs, and is not overwritten" same $kept "$tap_dir/before"
is "nor does apply take it" 1 "" \
	"vipctl: $file: no statement; \"replace\" alone means that there shall be no services" "$v" apply "$file"
ok "so all is there" same $kept $proc/config
echo replace >"$tap_dir/empty"
is "replace alone says that one means it" 0 "" "" "$v" apply "$tap_dir/empty"
is "nothing is left" 0 replace "" cat $proc/config
ok "what is kept can be applied" "$v" apply $kept
"$v" apply "$tap_dir/before"

# --- nobody is there to confirm ---
printf 'service late tcp 10.0.0.1:81\nconfirm 1\n' >"$tap_dir/late"
is "a file that is to be confirmed" 1 "" "vipctl: boot: $tap_dir/late: \"confirm\" means nothing here: what it says stays" \
	"$v" boot "$tap_dir/late"
is "nothing waits" 1 "" "vipctl: confirm: no change waits to be confirmed" "$v" confirm
ok "its service is there" grep -q '^service late ' $proc/config
ok "and is not the last good one" same $kept "$tap_dir/before"
"$v" apply "$tap_dir/before"

# --- apply ---
echo 0 >/sys/kernel/nf_vip/web/a/up
echo 'service web tcp 10.0.0.1:80; backend web/a 192.168.0.1 weight 5' >"$file"
is "apply" 0 "" "" "$v" apply "$file"
ok "keeps what the kernel has" same $kept $proc/config
ok "which has changed" grep -q 'weight 5' $kept
cp $kept "$tap_dir/before"
"$v" apply - <<<'service web tcp 10.0.0.1:99999' 2>/dev/null
ok "a refused one keeps the old" same $kept "$tap_dir/before"
ip netns add blue
echo 'service blue tcp 10.0.0.1:80' >"$tap_dir/blue"
is "apply in another namespace" 0 "" "" "$v" -n blue apply "$tap_dir/blue"
ok "keeps nothing" same $kept "$tap_dir/before"
is "boot in another namespace" 1 "" "vipctl: $tap_dir/none: No such file or directory
vipctl: boot: there is no last good configuration ($kept)" "$v" -n blue boot "$tap_dir/none"

# --- a folder that cannot be ---
rm -rf "${kept%/*}"
touch "${kept%/*}"
is "apply, with a file for the folder" 0 "" \
	"vipctl: $kept: Not a directory: not kept as the last good configuration" "$v" apply "$file"
rm "${kept%/*}"
mkdir "${kept%/*}"
echo 'servce web' >$kept
is "what is kept is bad, too" 1 "" "vipctl: $tap_dir/none: No such file or directory
vipctl: $kept: line 1: unknown word \"servce\": expected service, backend, fastpath, set, delete, flush, confirm, revert or replace" \
	"$v" boot "$tap_dir/none"
ok "the configuration stays" grep -q 'weight 5' $proc/config
finish
