#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl import: rule sets as people write them, in import/, and what they become. NAME.conf is what NAME.save or
# NAME.ipvs has to give, behind a line with the licence; exit status and standard error follow from it.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
. ./tap.sh

build_vipctl || exit 1

# becomes KIND FILE CONF
becomes()
{
	local want status=0 complaints
	want=$(tail -n +2 "$3")
	complaints=$(sed -n 's/^# \(line [0-9]*: not taken: \)/vipctl: import: \1/p' "$3")
	[ -z "$complaints" ] || status=1
	cd import || exit 1
	is "$2" $status "$want" "$complaints" vipctl import "$1" "$2"
	cd ..
}

counts() { vipctl import -j "$1" "import/$2" 2>/dev/null | jq -r "$3"; }

# valid KIND FILE: vipctl check takes it, and JSON says the same
valid()
{
	local services backends
	services=$(counts "$1" "$2" '.service | length')
	backends=$(counts "$1" "$2" '[.service[].backend[]] | length')
	vipctl import "$1" "import/$2" 2>/dev/null | vipctl check - >"$tap_dir/out" 2>&1
	grep -Eq ": good, $services services?, $backends backends?$" "$tap_dir/out"
	result $? "$2: the configuration is good, and JSON has $services services, $backends backends" "$tap_dir/out"
	vipctl import -j "$1" "import/$2" 2>/dev/null | { echo '"import"'; cat; } |
		jq -rs --slurpfile schema ../../userspace/vipctl.schema.json -f ../e2e/schema.jq >"$tap_dir/out"
	cmp -s "$tap_dir/out" /dev/null
	result $? "$2: JSON is what the schema says" "$tap_dir/out"
	[ "$(counts "$1" "$2" '.not_taken | length')" = "$(grep -c '^# line [0-9]*: not taken' "import/${2%.*}.conf")" ]
	result $? "$2: JSON has what was not taken"
}

for file in import/*.save; do
	file=${file#import/}
	becomes iptables "$file" "import/${file%.save}.conf"
	valid iptables "$file"
done
for file in import/*.ipvs; do
	file=${file#import/}
	becomes ipvs "$file" "import/${file%.ipvs}.conf"
	valid ipvs "$file"
done

from_stdin() { vipctl import iptables <import/recipe.save; }
is "the standard input" 0 "$(tail -n +2 import/recipe.conf | sed 's/recipe.save/standard input/')" "" from_stdin

# refused SENTENCE, of iptables rules in $rules
rules=$tap_dir/rules
refused() { is "refused: $1" 1 "" "vipctl: $rules: $1" vipctl import "${2:-iptables}" "$rules"; }

# nat LINES...: a table of these lines
nat() { { echo '*nat'; printf '%s\n' "$@"; echo COMMIT; } >"$rules"; }
to=(-A PREROUTING -d 10.0.0.1 -p tcp --dport 25 -j)

: >"$rules"
is "nothing" 0 "# Imported from iptables-save: $rules. 0 lines have nothing to do with it." "" vipctl import iptables "$rules"
echo "iptables -t nat -A PREROUTING" >"$rules"
refused 'line 1: expected what iptables-save prints, *TABLE first'
printf '*nat\n-A PREROUTING -j ACCEPT\n' >"$rules"
refused 'line 2: the table has no COMMIT: is this all of it?'
nat "-A PREROUTING -m comment --comment \"open -j ACCEPT"
refused 'line 2: expected -A CHAIN and at most 256 words'
nat "-A PREROUTING $(printf ' -m tcp%.0s' {1..200})"
refused 'line 2: expected -A CHAIN and at most 256 words'
nat "-A $(printf 'x%.0s' {1..4096})"
refused 'line 2: longer than 4096 bytes'
nat "${to[*]} A" ':A - [0:0]' ':B - [0:0]' '-A A -j B' '-A B -j A'
refused 'line 6: chains jump in a circle, or more than 64 deep'
nat "${to[*]} C1" "$(for i in {1..70}; do echo ":C$i - [0:0]"; echo "-A C$i -j C$((i + 1))"; done)" ':C71 - [0:0]' \
	'-A C71 -j DNAT --to-destination 192.168.0.1'
refused 'line 130: chains jump in a circle, or more than 64 deep'
nat "${to[*]} C1" "$(for i in {1..40}; do echo ":C$i - [0:0]"; echo "-A C$i -j C$((i + 1))"; echo "-A C$i -j C$((i + 1))"; done)" \
	':C41 - [0:0]'
refused 'the rules are too many, or too entangled, to follow'
nat "${to[*]} DNAT --to-destination 192.168.0.1" '-A PREROUTING -g NOWHERE'
refused 'line 3: no chain of the name "NOWHERE"'
nat "$(yes -- '-A POSTROUTING -j ACCEPT' | head -n 131073)"
refused 'line 131074: more than 131072 rules'
head -c $(((16 << 20) + 1)) /dev/zero >"$rules"
refused 'larger than 16 MiB'
is "a file that is not there" 1 "" "vipctl: none: No such file or directory" vipctl import iptables none
echo 'ipvsadm -A -t 10.0.0.1:80' >"$rules"
refused 'line 1: expected what ipvsadm -Sn prints, -A or -a and a service' ipvs

# Names that would be more than a word of the configuration, and bytes that are no text.
nat "-A PREROUTING -d 10.0.0.1 -p tcp --dport 25 -i \"a;flush\" -j DNAT --to-destination 192.168.0.1" \
	"-A PREROUTING -d 10.0.0.1 -p tcp --dport 26 -m condition ! --condition \"a b\" -j DNAT --to-destination 192.168.0.1" \
	$'-A PREROUTING -d 10.0.0.1 -p tcp --dport 27 -i a\001\xff#b -j DNAT --to-destination 192.168.0.1' \
	"-A PREROUTING -d 224.0.0.1 -p tcp --dport 28 -j DNAT --to-destination 192.168.0.1"
vipctl import iptables "$rules" >"$tap_dir/conf" 2>/dev/null
[ "$(grep -c '^# line .*: not taken: ' "$tap_dir/conf")" = 4 ] && ! grep -q '^[^#]' "$tap_dir/conf"
result $? "names that are no words, and addresses that cannot be, are not taken" "$tap_dir/conf"

# As many servers as people have, each with its flag.
{
	echo '*mangle'
	echo ':LB - [0:0]'
	for i in {1..128}; do
		echo "-A LB -m mark --mark 0 -m statistic --mode nth --every $((129 - i)) --packet 0 -m condition ! --condition s$i -j MARK --set-mark $i"
	done
	for i in {1..128}; do echo "-A LB -m mark --mark 0 -m condition ! --condition s$i -j MARK --set-mark $i"; done
	echo '-A PREROUTING -d 10.0.0.1 -p tcp --dport 80 -j LB'
	echo 'COMMIT'
	echo '*nat'
	for i in {1..128}; do echo "-A PREROUTING -m mark --mark $i -j DNAT --to-destination 192.168.0.$i"; done
	echo 'COMMIT'
} >"$rules"
vipctl import iptables "$rules" >"$tap_dir/conf" 2>"$tap_dir/err"
result $? "128 servers, each with a flag and a fallback" "$tap_dir/err"
for i in {1..128}; do
	printf 'backend vip1/backend%d 192.168.0.%d mark 0x%x condition s%d\n' "$i" "$i" "$i" "$i"
done >"$tap_dir/want"
is "all of them, of equal weight" 0 "$(cat "$tap_dir/want")" "" grep ^backend "$tap_dir/conf"
finish
