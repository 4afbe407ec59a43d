#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The scheduler least: where connections of mixed length go, beside IPVS wlc with the same connections. lib.sh's LAN;
# port 25 is nf_vip's, port 26 is IPVS's.
. "$(dirname "$0")/lib.sh"

# Weights of b1, b2, b3.
weight=(1 1 2)

# spread: the largest and the smallest of live connections over weight, times 2: by how much they differ, in $apart
spread()
{
	local i load most=0 least=1000000
	for i in 0 1 2; do
		load=$((2 * live[i] / weight[i]))
		[ $load -le $most ] || most=$load
		[ $load -ge $least ] || least=$load
	done
	apart=$((most - least))
}

# count: the backends' live connections according to the client, in ${live[@]}
count()
{
	local word
	live=(0 0 0)
	for word in $answer; do
		case $word in
		b[123]) live[${word#b} - 1]=$((live[${word#b} - 1] + 1)) ;;
		esac
	done
}

# The sum of what the balancer believes; it learns of an end a moment after the client.
believed_nf_vip() { sum=$(<"$sys/s/service/live"); }
believed_ipvs()
{
	local line
	sum=0
	while read -r line; do
		[[ ! $line =~ ^"-> "[0-9A-F:]+" "+Masq" "+[0-9]+" "+([0-9]+)" "+([0-9]+) ]] || sum=$((sum + BASH_REMATCH[1]))
	done </proc/net/ip_vs
}

# settle BALANCER
settle()
{
	poll "believed_$1; [ \$sum -eq $((live[0] + live[1] + live[2])) ]" || diag "$1 believes in $sum: ${live[*]}"
}

# mixed BALANCER PORT: sixty times a connection begins or, by chance, one of those that are open ends; the same chance for
# both balancers. The worst spread is in $worst.
mixed()
{
	local random=1 step at next=1 open=(0)
	worst=0
	hold "$1" client 10.0.0.1 "$2"
	for ((step = 0; step < 60; step++)); do
		random=$(((random * 1103515245 + 12345) & 0x7fffffff))
		if [ $((random >> 16 & 7)) -lt 3 ] && [ ${#open[@]} -gt 2 ]; then
			at=$(((random >> 20) % ${#open[@]}))
			ask "$1" "close ${open[at]}"
			unset "open[at]"
			open=("${open[@]}")
		else
			ask "$1" "open 1"
			open+=("$next")
			next=$((next + 1))
		fi
		count
		settle "$1"
		spread
		[ $apart -le $worst ] || worst=$apart
	done
	diag "$1: worst spread $worst, at the end ${live[*]}"
}

load
lan 3
for b in b1 b2 b3; do serve $b 25 26; done
configure 'service s tcp 10.0.0.1:25 scheduler least
backend s/b1 192.168.0.1
backend s/b2 192.168.0.2
backend s/b3 192.168.0.3 weight 2'
modprobe ip_vs_wlc || bail "no IPVS"
ipvsadm -R <<-END || bail "no ipvsadm"
	-A -t 10.0.0.1:26 -s wlc
	-a -t 10.0.0.1:26 -r 192.168.0.1:26 -m -w 1
	-a -t 10.0.0.1:26 -r 192.168.0.2:26 -m -w 1
	-a -t 10.0.0.1:26 -r 192.168.0.3:26 -m -w 2
END

mixed ipvs 26
ipvs=$worst
mixed nf_vip 25
within "$worst" 0 "$ipvs" "connections of mixed length: no worse spread than IPVS wlc"
is "$(field 'service s' live)" $((live[0] + live[1] + live[2])) "and counted right at the end"
ipvsadm -C

configure 'replace
service t tcp 10.0.0.1:25 scheduler least
backend t/b1 192.168.0.1
backend t/b2 192.168.0.2
backend t/b3 192.168.0.3 weight 2'
hold even client -c 12 10.0.0.1 25
is "$(tr ' ' '\n' <<<"$answer" | sort | uniq -c | xargs)" "3 b1 3 b2 6 b3" "connections that stay: by weight"
read -ra who <<<"$answer"
for i in "${!who[@]}"; do
	[ "${who[i]}" != b1 ] || ask even "close $i"
done
poll "[ \$(<$sys/t/b1/live) = 0 ]"
ask even "open 3"
is "${answer: -8}" "b1 b1 b1" "a backend that lost its connections gets the next ones"
is "$(put $sys/t/service/scheduler nth) $(call -c 4 10.0.0.1 25)" "ok b1=1 b2=1 b3=2" "the scheduler is changed while it runs"
poll "[ \$(<$sys/t/service/live) = 12 ]"
is "$(put $sys/t/service/scheduler least)" ok "and back"
ask even "open 4"
is "$(tr ' ' '\n' <<<"${answer: -11}" | sort | xargs)" "b1 b2 b3 b3" "where all are alike, each gets its weight"
done_testing
