#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Which backend gets the next connection: lib.sh's LAN with one host that has all the backends' addresses.
#
#    client ------ gateway ------ b1: 192.168.0.1, .2 ... .8
. "$(dirname "$0")/lib.sh"

# windows EXPECTED ANSWERS...: EXPECTED is "A=3 B=2"; the first window of 5 consecutive answers that has something
# else, or "exact"
windows()
{
	local expected=$1 size=0 from who word
	shift
	local all=("$@")
	for word in $expected; do size=$((size + ${word#*=})); done
	[ $# -ge "$size" ] || { echo "too few: $*"; return; }
	for ((from = 0; from + size <= $#; from++)); do
		local -A seen=()
		for who in "${all[@]:from:size}"; do seen[$who]=$((${seen[$who]-0} + 1)); done
		for word in $expected; do
			[ "${seen[${word%=*}]-0}" = "${word#*=}" ] || { echo "answer $((from + 1)) and next: $*"; return; }
		done
	done
	echo exact
}

# short ANSWERS: addresses without what they have in common
short() { echo "${1//192.168.0./.}"; }

load
lan 1
for i in {2..8}; do echo "address add 192.168.0.$i/24 dev eth0"; done | in_netns b1
serve b1 25

three='backend s/one 192.168.0.1 weight 3
backend s/two 192.168.0.2 weight 2
backend s/three 192.168.0.3 weight 1'
configure "service s tcp 10.0.0.1:25
$three
service u udp 10.0.0.1:25
${three//s\//u\/}"

# --- nth, weighted ---
answers=$(short "$(call -o -f 1 -c 24 10.0.0.1 25)")
# shellcheck disable=SC2086	# words
is "$(windows ".1=3 .2=2 .3=1" $answers)" exact "every 6 consecutive connections: 3, 2 and 1"
isnt "${answers:0:8}" ".1 .1 .1" "interleaved, not in blocks"
is "$(short "$(call -f 1 -j 4 -c 15 10.0.0.1 25)")" ".1=30 .2=20 .3=10" "four clients at a time: exact as well"
is "$(short "$(call -u -f 1 -j 4 -c 15 10.0.0.1 25)")" ".1=30 .2=20 .3=10" "so are datagrams of four UDP clients"
is "$(field 'service s' chosen) $(field 'backend s/one' chosen) $(field 'backend s/three' chosen)" "84 42 14" \
	"the counters say the same"

# --- weight 0, and changes of weight ---
is "$(put $sys/s/one/weight 0)" ok "weight 0"
is "$(short "$(call -f 1 -c 9 10.0.0.1 25)")" ".2=6 .3=3" "gets nothing, the rest keep their proportion"
is "$(cat $sys/s/one/usable) $(field 'service s' usable)" "0 2" "and is not usable"
echo 0 >$sys/s/two/weight
echo 0 >$sys/s/three/weight
is "$(call -c 2 10.0.0.1 25)" "ECONNREFUSED=2" "all weights 0: nobody is left"
echo 1000 >$sys/s/one/weight
is "$(short "$(call -f 1 -c 3 10.0.0.1 25)")" ".1=3" "weight 1000 alone"
echo 5 >$sys/s/one/weight
echo 5 >$sys/s/two/weight
echo 10 >$sys/s/three/weight
answers=$(short "$(call -o -f 1 -c 12 10.0.0.1 25)")
# shellcheck disable=SC2086
is "$(windows ".1=1 .2=1 .3=2" $answers)" exact "weights 5, 5 and 10 are 1, 1 and 2: every 4 connections"

# --- random ---
# The bounds are more than 6.5 standard deviations wide: one false alarm in 10^10 runs.
is "$(put $sys/s/service/scheduler random)" ok "scheduler random"
for i in one:3 two:2 three:1; do echo "${i#*:}" >"$sys/s/${i%:*}/weight"; done
answers=" $(short "$(call -f 1 -c 150 10.0.0.1 25)") "
[[ $answers =~ " .1="([0-9]+)" .2="([0-9]+)" .3="([0-9]+)" " ]] || diag "$answers"
within "${BASH_REMATCH[1]-0}" 35 115 "150 random choices: weight 3 of 6"
within "${BASH_REMATCH[2]-0}" 12 88 "weight 2 of 6"
within "${BASH_REMATCH[3]-0}" 1 55 "weight 1 of 6"
answers=$(short "$(call -o -f 1 -c 60 10.0.0.1 25)")
# shellcheck disable=SC2086
isnt "$(windows ".1=3 .2=2 .3=1" $answers)" exact "not a fixed sequence"
is "$(put $sys/s/service/scheduler nth)" ok "back to nth"
# shellcheck disable=SC2046
is "$(windows ".1=3 .2=2 .3=1" $(short "$(call -o -f 1 -c 12 10.0.0.1 25)"))" exact "exact again"

# --- eight backends on one host ---
configure "replace
service s tcp 10.0.0.1:25
$(for i in {1..8}; do echo "backend s/b$i 192.168.0.$i"; done)"
# shellcheck disable=SC2046
is "$(windows ".1=1 .2=1 .3=1 .4=1 .5=1 .6=1 .7=1 .8=1" $(short "$(call -o -f 1 -c 24 10.0.0.1 25)"))" exact \
	"eight backends: each gets one of every 8 connections"
echo 0 >$sys/s/b3/up
echo drain >$sys/s/b8/state
# shellcheck disable=SC2046
is "$(windows ".1=1 .2=1 .4=1 .5=1 .6=1 .7=1" $(short "$(call -o -f 1 -c 18 10.0.0.1 25)"))" exact \
	"two of them gone: their share goes to all the others alike"

done_testing
