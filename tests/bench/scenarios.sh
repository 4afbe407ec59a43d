# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154	# guest.sh has the variables
#
# The gateways that are measured: one function each, balance_NAME BACKENDS, which makes this guest one for $proto
# connections to $vip:$port and says with `target` where clients send to, if not to the VIP. To be sourced by guest.sh.

vip=10.0.0.1 port=8000

# The addresses of N backends, one a line.
backends() { local i; for ((i = 0; i < $1; i++)); do echo "10.99.$((i / 250)).$((i % 250 + 1))"; done; }

# Without a rule that looks at conntrack nothing is tracked.
track() { nft 'table inet track { chain c { type filter hook forward priority 0; ct state invalid drop; }; }'; }

# Nothing is balanced: clients send to the server.
balance_forward() { target=10.99.0.1; }
balance_forward_ct() { target=10.99.0.1; track; }

# For the cost of the generator alone: the frames are for somebody else, or never sent.
balance_generator() { target=10.99.0.1; frame=02:00:00:00:00:01 discard=discard; }

ipvs()
{
	local scheduler=$1 conntrack=$2 b
	modprobe ip_vs "conn_tab_bits=20" || fatal "no IPVS"
	echo "$conntrack" >/proc/sys/net/ipv4/vs/conntrack
	{
		echo "-A -${proto:0:1} $vip:$port -s $scheduler"
		for b in $(backends "$3"); do
			echo "-a -${proto:0:1} $vip:$port -r $b:$port -m"
		done
	} | ipvsadm -R
}
balance_ipvs_rr() { ipvs rr 0 "$1"; }
balance_ipvs_wrr() { ipvs wrr 0 "$1"; }
balance_ipvs_rr_ct() { track; ipvs rr 1 "$1"; }

balance_nft()
{
	local b i=0 map=''
	for b in $(backends "$1"); do
		map="$map${map:+, }$i : $b"
		i=$((i + 1))
	done
	nft "table ip bench { chain c { type nat hook prerouting priority dstnat;
		ip daddr $vip $proto dport $port dnat to numgen inc mod $1 map { $map }; }; }"
}

flowtable()
{
	nft "table ip fast {
		flowtable f { hook ingress priority 0; devices = { bench0, bench1 }; }
		chain c { type filter hook forward priority 0; meta l4proto $proto flow add @f; }; }"
}
balance_nft_flowtable() { balance_nft "$1"; flowtable; }

# iptables statistic + condition + CONNMARK + DNAT: each backend takes its share of what those before it left.
balance_recipe()
{
	local b n=0 flag
	modprobe -a x_tables xt_connmark xt_mark xt_statistic xt_nat || fatal "no xtables"
	insmod "$HERE/../e2e/build/xt_condition-bench.ko" || fatal "no xt_condition"
	{
		echo "*mangle"
		echo ":BALANCE - [0:0]"
		echo "-A BALANCE -j CONNMARK --restore-mark"
		for b in $(backends "$1"); do
			n=$((n + 1)) flag="-m condition ! --condition b$n"
			if [ $n -lt "$1" ]; then
				flag="-m statistic --mode nth --every $(($1 - n + 1)) --packet 0 $flag"
			fi
			echo "-A BALANCE -m mark --mark 0x0 $flag -j MARK --set-mark $n"
		done
		echo "-A BALANCE -j CONNMARK --save-mark"
		echo "-A PREROUTING -d $vip -p $proto --dport $port -j BALANCE"
		echo "COMMIT"
		echo "*nat"
		n=0
		for b in $(backends "$1"); do
			n=$((n + 1))
			echo "-A PREROUTING -d $vip -p $proto --dport $port -m mark --mark $n -j DNAT --to-destination $b"
		done
		echo "COMMIT"
	} | iptables-legacy-restore
}

# statements SERVICES BACKENDS [OPTIONS]: the measured service `s`, behind SERVICES - 1 others
statements()
{
	backends "$2" | awk -v services="$1" -v options="${3-}" -v proto="$proto" -v vip="$vip" -v port="$port" '
		function service(name, vip,    b) {
			print "service " name " " proto " " vip ":" port " " options
			for (b = 1; b <= NR; b++) print "backend " name "/b" b " " address[b]
		}
		{ address[NR] = $1 }
		END {
			for (i = 1; i < services; i++) service("s" i, "10.16." int(i / 250) "." i % 250 + 1)
			service("s", vip)
		}' >"$tmp/config"
}

nf_vip()
{
	statements "$@"
	modprobe nf_vip || fatal "no nf_vip"
	"$BUILD/poke" write /proc/net/nf_vip/config "$tmp/config" >"$tmp/applied" || fatal "$(cat /proc/net/nf_vip/error)"
}
balance_nf_vip() { nf_vip 1 "$1"; }
balance_nf_vip_random() { nf_vip 1 "$1" "scheduler random"; }
balance_nf_vip_hash() { nf_vip 1 "$1" "scheduler hash"; }
balance_nf_vip_least() { nf_vip 1 "$1" "scheduler least"; }
balance_nf_vip_persist() { nf_vip 1 "$1" "persist 3600 max-clients 1048576"; }
balance_nf_vip_accounting() { nf_vip 1 "$1" "accounting on"; }
balance_nf_vip_10000() { nf_vip 10000 "$1"; }
balance_nf_vip_fast()
{
	nf_vip 1 "$1"
	"$HERE/../../userspace/build/vipctl" fastpath bench0 bench1 >/dev/null || fatal "no fast path"
}
