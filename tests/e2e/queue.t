#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Packets that a program holds (NFQUEUE, as an intrusion prevention system does): they go on in process context, where
# they may be interrupted, and after whatever was done to the configuration in the meantime. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

# queue_at HOOK PRIORITY MATCH: from here on what matches goes to queue 0
queue_at()
{
	nft -f - <<-END || bail "no queue in this kernel's nftables"
		table inet t
		delete table inet t
		table inet t {
			chain c {
				type filter hook $1 priority $2
				$3 queue flags bypass to 0
			}
		}
	END
}

# What open_queue's -w holds: when it is there, and when it may go.
held() { read -r answer <&"${way_out[queue]}" || bail "no packet got into the queue"; }
let_go()
{
	echo >&"${way_in[queue]}"
	read -r answer <&"${way_out[queue]}" || bail "the queue died"
}

load
lan 2
serve b1 25
serve b2 25
config='service s tcp 10.0.0.1:25; service u udp 10.0.0.1:25; service s6 tcp [2001:db8::1]:25'
for i in 1 2; do
	config+="; backend s/b$i 192.168.0.$i; backend u/b$i 192.168.0.$i; backend s6/b$i fd00::$i"
done
configure "$config"

# --- each packet goes through a program, before us ---
queue_at prerouting mangle ''
open_queue ips 0
is "$(call -c 20 10.0.0.1 25)" "b1=10 b2=10" "TCP through a program"
is "$(call -u -c 20 10.0.0.1 25)" "b1=10 b2=10" "UDP through a program"
is "$(call -c 20 2001:db8::1 25)" "b1=10 b2=10" "TCP over IPv6 through a program"
hold long client 10.0.0.1 25
first=$answer
for i in 1 2 3; do ask long; done
is "$answer" "$first" "a connection goes on through it"
# What the program passes and what nobody holds share routes.
queue_at prerouting mangle 'meta l4proto tcp'
is "$(call -c 10 10.0.0.1 25) $(call -u -c 10 10.0.0.1 25)" "b1=5 b2=5 b1=5 b2=5" "and half of the packets beside it"
nft flush ruleset
pkill -x queue

# --- what happens while a first packet is held ---
# connect TAG: a client's connection; its answer comes later
connect() { open_way "$1" "$peer" -n client hold 10.0.0.1 25; }
answer_of() { read -r answer <&"${way_out[$1]}" || answer="no answer"; }

# meanwhile NAME HOOK PRIORITY COMMAND...: a connection's first packet is held there while this is done; what the client gets is in
# $answer
meanwhile()
{
	local name=$1
	queue_at "$2" "$3" 'tcp dport 25 tcp flags & (syn | ack) == syn'
	open_queue queue -w 1
	connect "$name"
	held
	"${@:4}"
	# The rule stays until then: to take a hook away drops what is held anywhere in the namespace.
	let_go
	answer_of "$name"
}
# Anew: what is only replaced would stay down.
only() { configure flush; configure "service s tcp 10.0.0.1:25; backend s/b1 192.168.0.1"; }

only
meanwhile deleted forward 0 configure 'delete backend s/b1 force'
is "$answer" b1 "its backend is deleted behind us: the choice stands"
only
meanwhile down forward 0 put $sys/s/b1/up 0 >"$tmp/null"
is "$answer" b1 "its backend goes down behind us: the choice stands"
ask down
is "$answer" b1 "and goes on"
only
meanwhile flushed forward 0 configure flush
is "$answer" b1 "all is flushed behind us: the choice stands"
only
meanwhile early prerouting mangle configure 'replace; service s tcp 10.0.0.1:25; backend s/b2 192.168.0.2'
is "$answer" b2 "its backend is replaced before the choice: the new one"
only
meanwhile gone prerouting mangle configure flush
is "$answer" ECONNREFUSED "all is flushed before the choice: the gateway itself answers"
only
meanwhile unloaded forward 0 unload
is "$([ -e $proc ] && echo there)" "" "the module can be unloaded while a packet is held"
load
only
meanwhile anew prerouting mangle eval 'unload; load; only'
is "$answer" b1 "unloaded and loaded anew meanwhile: the client's next try"
is "$(field 'backend s/b1' chosen)" 1 "one choice"

done_testing
