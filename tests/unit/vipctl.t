#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl without the kernel: command line, help, and what is refused before the
# kernel is asked. With sanitizers.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
. ./tap.sh

build_vipctl || exit 1
commands="apply confirm revert check diff save show status watch monitor explain doctor add set del up down drain clients forget flush fastpath follow metrics import boot reload-module help"
none="the module is not there: is nf_vip loaded? (modprobe nf_vip)"

# usage NAME ARGUMENT...: exit 2, the synopsis on stderr, nothing on stdout.
usage()
{
	local name=$1 status=0
	shift
	vipctl "$@" >"$tap_dir/out" 2>"$tap_dir/err" || status=$?
	[ $status = 2 ] && [ ! -s "$tap_dir/out" ] &&
		grep -q '^usage: vipctl ' "$tap_dir/err"
	result $? "$name" "$tap_dir/err"
}

usage "no command"
usage "an unknown option" --frobnicate
usage "an option of a command that it has not" show --frobnicate
usage "an option of a command in front of it" --wait drain a/b
usage "-n without a namespace" -n
usage "-n behind the command" show -n blue
usage "apply without a file" apply
usage "apply with two files" apply a b
usage "apply --confirm without a time" apply --confirm
usage "confirm with a time" confirm 5
usage "revert with an argument" revert all
usage "check without a file" check
usage "diff with two files" diff a b
usage "apply --dry-run without a file" apply --dry-run
usage "save to two files" save a b
usage "status of two" status -j a b
usage "metrics to two files" metrics a b
usage "explain without a question" explain
usage "doctor with an option that it has not" doctor --wait
usage "watch in two ways" watch 1 2
usage "add without a name" add service
usage "set without an option" set service mail
usage "del with too much" del service a b
usage "up without a backend" up
usage "down without a backend" down
usage "drain without a backend" drain
usage "flush with an argument" flush all
usage "follow with an argument" follow wan
usage "import of nothing" import
usage "import of two files" import ipvs a b
usage "boot with two files" boot a b
usage "reload-module with two files" reload-module a b
usage "monitor with an argument" monitor mail
usage "help with two commands" help show save

unknown='": "vipctl --help" lists them'
is "an unknown command" 2 "" "vipctl: unknown command \"frob$unknown" \
	vipctl frob
is "no prefix of a command" 2 "" "vipctl: unknown command \"sho$unknown" \
	vipctl sho
is "no command in capitals" 2 "" "vipctl: unknown command \"SHOW$unknown" \
	vipctl SHOW
is "help for an unknown command" 2 "" "vipctl: unknown command \"frob$unknown" \
	vipctl help frob

version=$(sed -n 's/^#define NF_VIP_VERSION[[:space:]]*"\(.*\)"$/\1/p' \
	../../include/nf_vip_limits.h)
is "the version is the module's" 0 "vipctl $version" "" vipctl --version

vipctl --help >"$tap_dir/help"
sed -n 's/^  \([a-z-]*\) .*/\1/p' "$tap_dir/help" | xargs >"$tap_dir/listed"
ok "--help lists every command" [ "$(cat "$tap_dir/listed")" = "$commands" ]
for command in $commands; do
	is "help $command and $command --help" 0 \
		"$(vipctl help "$command")" "" vipctl "$command" --help
	ok "help $command starts with its synopsis" \
		grep -q "^usage: vipctl $command" <(vipctl help "$command")
done
is "-h" 0 "$(vipctl --help)" "" vipctl -h
is "help" 0 "$(vipctl --help)" "" vipctl help
help_to_full_disk()
{
	vipctl --help >/dev/full
}
is "a full disk is noticed" 1 "" \
	"vipctl: standard output: No space left on device" \
	help_to_full_disk

for name in blue .. ../netns/blue "" a/b; do
	is "-n $name: no such namespace" 1 "" \
		"vipctl: -n \"$name\": there is no such network namespace (ip netns)" \
		vipctl -n "$name" show
done
is "-j of fastpath when it changes something" 2 "" \
	"vipctl: fastpath: has no JSON when it changes something" vipctl fastpath -j off
is "-j of a command that prints nothing" 2 "" "vipctl: flush: has no JSON" vipctl -j flush

described()
{
	diff <(vipctl doctor -j | jq -r '.looked_for[]') \
		<(sed -n '/^\.Ss Doctor/,/^\.S[hs] /s/^\.It Cm //p' ../../userspace/vipctl.8 | grep .)
}
ok "what doctor looks for is what vipctl(8) says" described

# What the grammar refuses never reaches the kernel, and needs no line number.
is "add: a value" 2 "" 'vipctl: weight "5000": expected 0 to 1000' \
	vipctl add backend a/b 1.2.3.4 weight 5000
is "add: a value that looks like an option" 2 "" \
	'vipctl: weight "-1": expected 0 to 1000' \
	vipctl add backend a/b 1.2.3.4 weight -1
is "add: a missing word" 2 "" 'vipctl: after "mail": expected tcp, udp, sctp or fwmark' \
	vipctl add service mail
is "add: a second statement" 2 "" 'vipctl: "b;flush": expected one word' \
	vipctl add service a tcp 1.2.3.4:5 dev "b;flush"
is "add: a comment" 2 "" 'vipctl: "#": expected one word' \
	vipctl add service a tcp 1.2.3.4:5 "#" dev b
is "add: two words" 2 "" 'vipctl: "dev b": expected one word' \
	vipctl add service a tcp 1.2.3.4:5 "dev b"
is "add: two lines" 2 "" 'vipctl: "a
flush": expected one word' vipctl add service "a
flush"
is "add: an empty word" 2 "" 'vipctl: "": expected one word' \
	vipctl add service ""
is "add: a byte that is not text" 2 "" 'vipctl: byte 0xc3 is not text' \
	vipctl add service $'\xc3\xa9'
is "add: another verb" 2 "" \
	'vipctl: add: unknown word "delete": expected service or backend, then its name' \
	vipctl add delete service
for word in 0 3601 x 5m "" " 5" "5 5" "5;flush" "5;" -1 99999999999999999999999999999999999; do
	is "apply --confirm: $word" 2 "" "vipctl: --confirm \"$word\": expected 1 to 3600 seconds" \
		vipctl apply --confirm "$word" "$tap_dir/none"
done
is "set: a value" 2 "" 'vipctl: weight "5000": expected 0 to 1000' \
	vipctl set backend a/b weight 5000
is "set: an address is no option" 2 "" \
	'vipctl: unknown word "1.2.3.4": expected weight, mark, condition, state, tier, max-conns, warmup, initial, lease-end or drain' \
	vipctl set backend a/b 1.2.3.4 weight 5
is "set: another verb" 2 "" \
	'vipctl: set: unknown word "fastpath": expected service or backend, then its name' \
	vipctl set fastpath wan lan eth0
is "del: a bad name" 2 "" 'vipctl: "mail": expected SERVICE/NAME' \
	vipctl del backend mail
is "set: no value" 2 "" 'vipctl: after "weight": expected 0 to 1000' vipctl set backend mail/a weight
is "del: no name" 2 "" 'vipctl: after "service": expected the name of a service' vipctl del service
is "set: a backend, without that word" 2 "" 'vipctl: set: "mail/a": say "vipctl set backend mail/a ..."' \
	vipctl set mail/a weight 2
is "del: a backend, without that word" 2 "" 'vipctl: del: "mail/a": say "vipctl del backend mail/a"' vipctl del mail/a
for object in service backend; do
	while read -r option; do
		grep -q "^  $option  *[a-z0-9]" <(vipctl help add) && grep -q "^  $option  *[a-z0-9]" <(vipctl help set)
		result $? "help add and help set have $object's $option"
	done < <(sed -n "/^static const struct nf_vip_option ${object}_options/,/^};/s/^\t\t\.name = \"\(.*\)\",/\1/p" ../../kmod/grammar/options.c)
done
is "fastpath: off and more" 2 "" 'vipctl: fastpath: "lan": expected nothing behind off' vipctl fastpath off lan
ask="tcp 1.2.3.4:5"
is "explain: half a question" 2 "" \
	"vipctl: after \"1.2.3.4:5\": expected the VIP's ADDRESS:PORT" vipctl explain "$ask"
is "explain: what stands behind it" 2 "" \
	'vipctl: unknown word "#": expected dev, mark or fwmark' \
	vipctl explain "$ask -> 1.2.3.4:5" "#"
is "explain: two lines" 2 "" "vipctl: byte 0x0a is not text" \
	vipctl explain "$ask
$ask"
is "del: another verb" 2 "" \
	'vipctl: del: unknown word "flush": expected service or backend, then its name' \
	vipctl del flush mail
for path in mail mail/ /mail1 mail/.. ../mail mail/../up mail/a/b mail/service \
	"mail/ a" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/b"; do
	is "up: $path" 2 "" "vipctl: \"$path\": expected SERVICE/BACKEND" \
		vipctl up mail/mail1 "$path"
done
is "show: a backend" 2 "" 'vipctl: "mail/mail1": expected the name of a service' \
	vipctl show mail/mail1
for seconds in 0 3601 -1 1.5 2s 10000000000 ""; do
	is "watch: $seconds" 2 "" "vipctl: watch: \"$seconds\": expected 1 to 3600 seconds" \
		vipctl watch -- "$seconds"
done
is "fastpath: an interface that cannot be" 2 "" \
	'vipctl: fastpath "a/b": expected an interface name of 1 to 15 characters' \
	vipctl fastpath wan a/b
is "fastpath: what nftables would take for many" 2 "" \
	'vipctl: fastpath "eth*": nftables takes no interface with ", * or \ in its name' \
	vipctl fastpath "eth*"
is "fastpath: one twice" 2 "" 'vipctl: fastpath "wan": given twice' \
	vipctl fastpath wan lan wan
is "fastpath: too many" 2 "" \
	'vipctl: fastpath "q": expected at most 16 interfaces' \
	vipctl fastpath a b c d e f g h i j k l m n o p q
is "fastpath: a second statement" 2 "" 'vipctl: "lan;flush": expected one word' \
	vipctl fastpath "lan;flush"
is "import: of something else" 2 "" \
	'vipctl: import: unknown word "nft": expected iptables or ipvs' \
	vipctl import nft
echo 'servce mail' >"$tap_dir/bad.conf"
is "apply: what the grammar refuses" 1 "" \
	"vipctl: $tap_dir/bad.conf: line 1: unknown word \"servce\": expected service, backend, fastpath, set, delete, flush, confirm, revert or replace" \
	vipctl apply "$tap_dir/bad.conf"
is "diff: what the grammar refuses" 1 "" \
	"vipctl: $tap_dir/bad.conf: line 1: unknown word \"servce\": expected service, backend, fastpath, set, delete, flush, confirm, revert or replace" \
	vipctl diff "$tap_dir/bad.conf"
is "apply: a file that is not there" 1 "" \
	"vipctl: $tap_dir/none: No such file or directory" \
	vipctl apply "$tap_dir/none"
is "apply: a directory" 1 "" "vipctl: $tap_dir: Is a directory" \
	vipctl apply "$tap_dir"
is "apply: a file without an end" 1 "" "vipctl: /dev/zero: larger than 16 MiB" \
	vipctl apply /dev/zero

printf 'service a tcp 1.2.3.4:5\nbackend a/b 1.2.3.4\n' >"$tap_dir/good.conf"
check_json()
{
	vipctl check -j "$1" | jq -c 'del(.file)'
	return "${PIPESTATUS[0]}"
}
is "check -j" 0 '{"good":true,"services":1,"backends":1}' "" check_json "$tap_dir/good.conf"
cp "$tap_dir/good.conf" "$tap_dir/"$'n\xff.conf'
is "check -j of a file whose name is not UTF-8" 0 '{"good":true,"services":1,"backends":1}' "" check_json "$tap_dir/"$'n\xff.conf'
is "check -j of a bad file" 1 \
	'{"good":false,"line":1,"error":"line 1: unknown word \"servce\": expected service, backend, fastpath, set, delete, flush, confirm, revert or replace"}' \
	"" check_json "$tap_dir/bad.conf"
is "check -j of no file" 1 "" "vipctl: $tap_dir/none: No such file or directory" \
	vipctl check -j "$tap_dir/none"

# Where the module is loaded, these would be the real thing.
if [ -e /proc/net/nf_vip ]; then
	skip "what is said without the module" "nf_vip is loaded here"
else
	echo 'flush' >"$tap_dir/good.conf"
	is "show without the module" 1 "" "vipctl: show: $none" vipctl show
	is "show -j without the module" 1 "" "vipctl: show: $none" vipctl show -j
	is "status without the module" 1 "" "vipctl: status: $none" vipctl status mail
	is "metrics without the module" 1 "" "vipctl: metrics: $none" \
		vipctl metrics "$tap_dir/metrics.prom"
	ok "metrics without the module leave no file" [ ! -e "$tap_dir/metrics.prom" ]
	is "watch without the module" 1 "" "vipctl: watch: $none" vipctl watch
	is "save without the module" 1 "" "vipctl: save: $none" \
		vipctl save "$tap_dir/saved"
	ok "save without the module leaves no file" [ ! -e "$tap_dir/saved" ]
	is "apply without the module" 1 "" \
		"vipctl: $tap_dir/good.conf: $none" \
		vipctl apply "$tap_dir/good.conf"
	is "explain without the module" 1 "" "vipctl: explain: $none" \
		vipctl explain tcp 1.2.3.4:5 '->' 1.2.3.4:6
	is "add without the module" 1 "" "vipctl: add: $none" \
		vipctl add service a tcp 1.2.3.4:5
	is "del without the module" 1 "" "vipctl: del: $none" \
		vipctl del service a
	is "flush without the module" 1 "" "vipctl: flush: $none" vipctl flush
	is "fastpath without the module" 1 "" "vipctl: fastpath: $none" \
		vipctl fastpath
	is "fastpath wan without the module" 1 "" "vipctl: fastpath: $none" \
		vipctl fastpath wan
	is "reload-module without the module" 1 "" "vipctl: reload-module: $none" \
		vipctl reload-module
	is "follow without the module" 1 "" "vipctl: follow: $none" vipctl follow
	is "up without the module" 1 "" "vipctl: a/b: $none" vipctl up a/b
fi
finish
