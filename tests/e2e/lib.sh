# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests share. A test sources this first; it is then started again in namespaces of its own: network, mount and
# process ids. So this shell is the gateway (/proc/net and /sys are its), the names of all other namespaces are private
# to the test, and whatever it leaves behind, processes too, ends with it.
#
# No test waits for time to pass: it polls for what it needs, and a deadline only ends a test that has failed.
set -u

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SLOW=${NF_VIP_SLOW:-1}
# Seconds after which a test gives up. Generous, as other work may be done on the machine: this only ends tests that failed.
patience=$((60 + 10 * SLOW))
KERNEL=${NF_VIP_KERNEL:-$(uname -r)}
proc=/proc/net/nf_vip
sys=/sys/kernel/nf_vip
cond=/proc/net/nf_condition

if [ -z "${NF_VIP_INSIDE-}" ]; then
	peer=$HERE/build/peer
	vipctl=$HERE/../../userspace/build/vipctl
	[ -x "$peer" ] && [ -x "$vipctl" ] || { echo "Bail out! make vipctl; make -C tests/e2e first"; exit 1; }
	# A test that ended in its middle may have left it; its rules go with its namespaces, soon.
	for ((i = 0; i < 100; i++)); do
		[ -d /sys/module/xt_condition ] && ! rmmod xt_condition 2>/dev/null || break
		read -r -t 0.1 <> <(:) || true
	done
	NF_VIP_INSIDE=1 exec "$peer" inside -p "$peer" -p "$vipctl" bash "$0" "$@"
fi
unset NF_VIP_INSIDE
# NF_VIP_TRACE=1 shows each command and when it ran.
if [ -n "${NF_VIP_TRACE-}" ]; then
	PS4='+$EPOCHREALTIME '
	set -x
fi
tmp=/run/netns/.tmp
# Copies that every user may run, wherever the sources are, and that have no blank in their path.
peer=$tmp/bin/peer
vipctl=$tmp/bin/vipctl
# Never readable: `read -t` on it is a sleep that costs no process.
exec {never}<>$tmp/fifo0
fifos=1

# --- TAP ---------------------------------------------------------------------------------------------------------

tests=0 failed=0

pass() { tests=$((tests + 1)); echo "ok $tests - $*"; }
fail() { tests=$((tests + 1)); failed=$((failed + 1)); echo "not ok $tests - $*"; }
diag() { echo "# ${*//$'\n'/$'\n# '}"; }

# is GOT EXPECTED NAME, isnt GOT UNEXPECTED NAME, like GOT PATTERN NAME (bash's regular expressions)
is()
{
	if [ "$1" = "$2" ]; then pass "$3"; return; fi
	fail "$3"; diag "     got: $1"; diag "expected: $2"
	return 1
}

isnt()
{
	if [ "$1" != "$2" ]; then pass "$3"; return; fi
	fail "$3"; diag "got, and should not have: $1"
	return 1
}

like()
{
	if [[ $1 =~ $2 ]]; then pass "$3"; return; fi
	fail "$3"; diag "     got: $1"; diag "expected: something like $2"
	return 1
}

# ok NAME COMMAND...: it succeeds
ok()
{
	local name=$1 out
	shift
	if out=$("$@" 2>&1); then pass "$name"; return; fi
	fail "$name"; diag "failed: $*"; [ -z "$out" ] || diag "$out"
	return 1
}

# within RANGE: is LOW <= GOT <= HIGH?  within GOT LOW HIGH NAME
within()
{
	if [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]; then pass "$4"; return; fi
	fail "$4"; diag "     got: $1"; diag "expected: $2 to $3"
	return 1
}

done_testing()
{
	echo "1..$tests"
	exit $((failed > 0))
}

bail() { echo "Bail out! $*"; exit 1; }

pause() { read -r -t 0.02 -u "$never" || true; }

# poll SHELL-TEXT: until it succeeds; false when patience was at its end first.
poll()
{
	local end=$((SECONDS + patience))
	until eval "$1"; do
		[ $SECONDS -lt $end ] || return 1
		pause
	done
}

# --- agent -------------------------------------------------------------------------------------------------------

# A process takes half a second to start on the debug kernel, so one peer does most of the work. This opens a way to a
# process that reads lines and answers each with one: open_way TAG COMMAND...
declare -A way_in way_out
open_way()
{
	local fifo=$tmp/fifo$fifos tag=$1 in out
	shift
	fifos=$((fifos + 1))
	[ -p "$fifo" ] || bail "more ways than peer makes FIFOs for"
	# Both ends at once, or each would wait for the other to be opened.
	exec {in}<>"$fifo" {out}< <("$@" <"$fifo")
	way_in[$tag]=$in
	way_out[$tag]=$out
}

# open_queue TAG [-w] COUNT: the program that holds packets, see queue.c, when it listens
open_queue()
{
	open_way "$1" "$HERE/build/queue" "${@:2}"
	read -r answer <&"${way_out["$1"]}" || bail "no queue"
}

# agent_do WORDS...: the agent's answer, in $reply. agent WORDS... prints it.
agent_do()
{
	echo "$*" >&"${way_in[agent]}"
	read -r reply <&"${way_out[agent]}" || reply="the agent is gone"
}
agent() { agent_do "$@"; echo "$reply"; }
open_way agent "$peer" agent

# call ARGS...: from the client. Not in the background: there is one agent.
call() { agent -n client call "$@"; }

# put FILE TEXT: one write(2), and its answer: "ok" or the errno
put() { agent put "$1" "${2//$'\n'/\\n}"; }

# settings SETTING... [NETNS...]: below /proc/sys
settings()
{
	agent_do set "$@"
	[ "$reply" = ok ] || bail "no settings"
}

# A command of somebody without any right, before its words.
as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
# The same of root without CAP_NET_ADMIN.
as_bare=(setpriv --inh-caps=-net_admin --bounding-set=-net_admin)

# --- module ------------------------------------------------------------------------------------------------------

# Loads it with these parameters. Without any, a module that is there, and has no mark_mask either, will do.
load()
{
	if [ $# -eq 0 ] && [ -d /sys/module/nf_vip ] && [ "$(</sys/module/nf_vip/parameters/mark_mask)" = 65535 ]; then
		return
	fi
	[ ! -d /sys/module/nf_vip ] || rmmod nf_vip
	modprobe nf_vip "$@" || bail "the module does not load: $(dmesg | tail -n 5)"
}

unload() { rmmod nf_vip; }

# Has this kernel iptables' own tables? Those with PREEMPT_RT have not any more.
has_legacy() { modprobe -q ip_tables; }
# Has it targets for NAT, which iptables-nft wants, too? Those of 7.x with PREEMPT_RT have not: no recipe on them.
has_dnat() { modprobe -q xt_nat; }

# config TEXT: one write, and its answer: "ok", or the errno and the sentence.
config_do()
{
	agent_do put $proc/config "${1//$'\n'/\\n}"
	[ "$reply" = ok ] || reply+=" $(<$proc/error)"
}
config() { config_do "$1"; echo "$reply"; }

# configure TEXT: it has to work.
configure()
{
	config_do "$1"
	[ "$reply" = ok ] || bail "configuration refused: $reply"
}

# state: status, but for the live connections, which come and go by themselves
state() { sed 's/ live=[0-9]*//' $proc/status; }

# field 'service mail' chosen: that field of the first line of status that begins so.
field()
{
	local line word
	while read -r line; do
		[[ $line == "$1 "* ]] || continue
		for word in $line; do
			[[ $word != "$2="* ]] || { echo "${word#*=}"; return; }
		done
	done <$proc/status
	echo "no $2 of $1"
}

# --- topology ----------------------------------------------------------------------------------------------------

# Settings of every namespace of a test: no waiting for duplicate addresses, no limit to ICMP errors.
SETTINGS=(net/ipv6/conf/all/accept_dad=0 net/ipv6/conf/default/accept_dad=0
	net/ipv4/icmp_ratelimit=0 net/ipv6/icmp/ratelimit=0)
FORWARD=(net/ipv4/ip_forward=1 net/ipv6/conf/all/forwarding=1)

# gateway: the settings of this namespace. A UDP flow that says nothing for half a minute would be forgotten; not here,
# however slow the machine is.
gateway()
{
	local timeouts=()
	[ ! -e /proc/sys/net/netfilter/nf_conntrack_udp_timeout ] ||
		timeouts=(net/netfilter/nf_conntrack_udp_timeout{,_stream}=600)
	settings "${SETTINGS[@]}" "${FORWARD[@]}" "${timeouts[@]}"
}

# node NAME...: empty namespaces
node()
{
	printf 'netns add %s\n' "$@" | ip -batch - || bail "no namespaces"
	settings "${SETTINGS[@]}" "$@"
}

# in_netns NAME <<END: commands of ip(8)
in_netns() { ip -n "$1" -batch - || bail "the topology of $1"; }

# lan N: what most tests need; N backends on one LAN. The VIPs 10.0.0.1 and 2001:db8::1 are addresses of the gateway.
#
#      client              gateway (this shell)                           b1 ... bN
#     10.0.0.9  ---[ wan ] 10.0.0.254      192.168.0.254 [ lan ]---  192.168.0.1 ... N
#   2001:db8::9            2001:db8::fe         fd00::fe  bridge          fd00::1 ... N
lan()
{
	local i names=()
	for ((i = 1; i <= $1; i++)); do names+=("b$i"); done
	gateway
	node client "${names[@]}"
	{
		cat <<-END
			link add wan type veth peer name eth0 netns client
			link add lan type bridge
			address add 10.0.0.254/24 dev wan
			address add 10.0.0.1/32 dev wan
			address add 2001:db8::fe/64 dev wan
			address add 2001:db8::1/128 dev wan
			address add 192.168.0.254/24 dev lan
			address add fd00::fe/64 dev lan
			link set wan up
			link set lan up
		END
		for i in "${names[@]}"; do
			echo "link add $i master lan up type veth peer name eth0 netns $i"
		done
	} | ip -batch - || bail "the topology of the gateway"
	ends client 10.0.0.9/24 10.0.0.254 2001:db8::9/64 2001:db8::fe
	for ((i = 1; i <= $1; i++)); do
		ends "b$i" "192.168.0.$i/24" 192.168.0.254 "fd00::$i/64" fd00::fe
	done
}

# ends NETNS ADDRESS4 GATEWAY4 ADDRESS6 GATEWAY6: a host with one interface, eth0
ends()
{
	in_netns "$1" <<-END
		link set lo up
		link set eth0 up
		address add $2 dev eth0
		route add default via $3
		address add $4 dev eth0
		route add default via $5
	END
}

# --- ends of connections -------------------------------------------------------------------------------------------

# serve NAME PORT...: a server in namespace NAME that says NAME; it listens when this returns. Its pid is in $server.
# shellcheck disable=SC2034	# for the caller
serve()
{
	agent_do -n "$1" serve "$@"
	server=$reply
	[[ $server =~ ^[0-9]+$ ]] || bail "no server in $1"
}

# hold TAG NETNS ARGS...: connections that stay open; their first answers are in $answer.
# ask TAG [TEXT]: asks each of them again; the answers are in $answer.
hold()
{
	local tag=$1 netns=$2
	shift 2
	open_way "$tag" "$peer" -n "$netns" hold "$@"
	read -r answer <&"${way_out["$tag"]}" || answer="no answer"
}

ask()
{
	echo "${2-who}" >&"${way_in["$1"]}"
	read -r answer <&"${way_out["$1"]}" || answer="no answer"
}
