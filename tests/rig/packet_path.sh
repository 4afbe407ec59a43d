#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: packet_path.sh KIND		(not debug or kcsan: their checkers call from everywhere)
#
# Does a packet take a lock of ours? Follows the compiled module from its hooks on and prints whatever it reaches that is
# not on the list below: a lock, an allocation, anything that sleeps would be. Prints nothing if all is well. The kernel
# that this can be seen on is Debian's: with one processor, as on uml, spinlocks compile to nothing.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# CALLER or *, a symbol, why it is no lock.
allowed()
{
	cat <<-'LIST'
		nf_vip_nth_pick	(atomic)	all processors count in one cursor, and none ever waits
		nf_vip_selection_pick	(indirect)	the scheduler's; this script follows each of them
		give	(atomic)			a connection more of a backend, or one less: one addition
		nf_vip_choose	(atomic)		the same
		choose_any	(atomic)		the same
		choose_last	(atomic)		the same
		choose_slot	(atomic)		the same
		nf_vip_conn_begin	(atomic)	a connection more, when its first packet leaves, and a place less reserved
		nf_vip_conn_begin	xa_load		whose mark is it? a walk down a tree under RCU
		nf_vip_conn_again	(atomic)	an association of SCTP that begins anew on its old entry
		nf_vip_conn_again	xa_load		the same
		nf_vip_conn_closed	(atomic)	a connection less, once: one bit of its entry
		nf_vip_conn_closed	xa_load		whose mark is it? a walk down a tree under RCU
		nf_vip_conn_closed	queue_work_on	the last connection of a backend that drains or is down: once, to wake who waits
		nf_vip_conn_account	xa_load		the same
		nf_vip_conn_no_route	xa_load		the same
		nf_vip_marks_find	xa_load		the same
		local_in	(indirect)		skb_orphan(): the socket's own destructor; deliveries to the gateway only
		*	__rcu_read_lock			counts in the task itself, where readers may be preempted
		*	__rcu_read_unlock		the same
		*	nf_conntrack_tuple_taken	walks a hash chain under RCU
		*	nf_conntrack_alter_reply	6.1: a call; copies a tuple into an entry that nobody else sees yet
		*	nf_nat_packet			writes addresses, ports and checksums
		*	nf_nat_icmp_reply_translation	the same in an ICMP error; may copy the packet, without sleeping
		*	nf_nat_icmpv6_reply_translation	the same
		*	ipv6_skip_exthdr		reads the packet
		*	strncmp				name of the interface
		*	l3mdev_master_ifindex_rcu	the number of its VRF
		*	netdev_master_upper_dev_get_rcu	the VRF of an interface
		*	get_random_u32			this processor's stock, under a lock of this processor; random, and clashes
		*	siphash_1u64			arithmetic
		*	siphash_3u64			the same
		*	siphash_3u32			the same
		*	siphash_1u32			the same
		*	siphash_2u64			the same
		nf_vip_repick_end	(atomic)	the first answer of a flow with repick clears a bit
		*	ktime_get_seconds		a variable
		nf_vip_client_keep	(atomic)	a few tries to write a new client's backend down; who loses takes what is there
		nf_vip_clients_say_full	(atomic)	once in the life of a table,
		nf_vip_clients_say_full	_printk		to say that it is full,
		nf_vip_may_log	___ratelimit		unless too much was said; that lock is tried, and not waited for
		nf_vip_may_log	init_user_ns		whose namespace it is
		nf_vip_recent_flow_note	(atomic)	one try to write a new UDP flow's choice down; who loses takes what is there
		*	jiffies				the time
		*	skb_ensure_writable		a packet that somebody else holds is copied, without sleeping
		*	inet_proto_csum_replace4	writes a checksum
		*	dst_release			the route that was looked up for the VIP
		nf_vip_route	ipv4_dst_check		compares generations: does a route still hold?
		nf_vip_route	ip6_dst_check		never called: the kernel's macro has both
		nf_vip_route	(indirect)		the same for a third kind of route, never called
		nf_vip_route	this_cpu_off		where this processor's memory is
		nf_vip_route	__preempt_count		softirqs stay off this processor; a counter of its own
		nf_vip_route	pcpu_hot		the same
		nf_vip_route	__local_bh_enable_ip	softirqs may come again; of those that were waiting some run at once
		learn	ip_route_input_noref		what the stack calls for each packet
		learn	(atomic)			a reference to a route that is new to this processor
		learn	rcuref_get_slowpath		the same, of a route that is being freed
		nf_vip_route	ip_route_input_noref	the same, of a first packet
		route6	ip6_route_input_lookup	the same
		route6	__skb_flow_dissect	reads the packet, where there are rules by port
		route6	flow_keys_dissector	what is to be read
		route6	memset			of that
		local_out	ip_route_me_harder	the gateway's own connections: a route to the backend
		local_out	ip6_route_me_harder	the same
		make_room_for_helper	nf_ct_ext_add		an allocation that does not sleep: connections with a helper only
		make_room_for_helper	__nf_ct_ext_find	6.1: reads the entry
		nf_vip_snat_source	ip_route_output_key_hash	a route to the backend, for services with snat only
		nf_vip_snat_source	ip6_route_output_flags	the same
		nf_vip_snat_source	ipv6_dev_get_saddr	reads the addresses of interfaces
		nf_vip_snat_source	inet_addr_type_dev_table	the same
		nf_vip_snat_source	ipv6_chk_addr		the same
		nf_vip_snat_source	memcmp			of two addresses
		lookup	__xfrm_decode_session		reads the packet
		lookup	xfrm_lookup			the policy of a packet, where there is IPsec, as nf_nat looks it up
		lookup	pskb_expand_head		room for a longer link header, without sleeping
		lookup	(atomic)			a reference to the route that the policy goes on top of
		lookup	rcuref_get_slowpath		the same, of a route that is being freed
		nf_vip_reject	nf_send_reset		a packet of its own: route, allocation, qdisc. Refused connections only,
		nf_vip_reject	nf_send_reset6		by on-empty reject; as nft's reject does it, and with the same call
		nf_vip_reject	ip_route_output_key_hash	a route for that packet, in a VRF only
		nf_vip_reject	ip_route_output_flow	the same
		nf_vip_reject	ip6_route_output_flags	the same
		nf_vip_reject	nf_send_unreach		the same
		nf_vip_reject	nf_send_unreach6	the same
		nf_vip_down_packet	nf_ct_delete		a connection of a backend that went down, once: its entry goes, under the
		nf_vip_begin_anew	nf_ct_delete		locks of its hash chains, and conntrack makes another one, as for any
		nf_vip_begin_anew	nf_conntrack_in		new connection
		nf_vip_begin_anew	nf_conntrack_destroy	the same
		nf_vip_begin_anew	__nf_ct_ext_find	6.1: reads the entry
		nf_vip_begin_anew	nf_ct_destroy		the same
		nf_vip_begin_anew	nf_ct_ext_add		room for labels and times of its own, without sleeping
		nf_vip_begin_anew	memcpy			of labels
		nf_vip_begin_anew	(atomic)		references to these entries
		nf_vip_down_packet	(atomic)		the bit of one that was reset
		nf_vip_begin_anew	refcount_warn_saturate	a report of what must not happen
		nf_vip_down_packet	jiffies			the time
		nf_vip_redispatch	nf_ct_delete	a connection that its backend refused, once: its entry goes
		nf_vip_redispatch	skb_copy_bits	reads the packet
		nf_vip_packet_opens	skb_copy_bits	the same
		nf_vip_ask	(atomic)	a bit of an entry: a SYN asks an ejected backend
		nf_vip_ask_answered	(atomic)	the same, once for such a question
		nf_vip_ejection_failed	(atomic)	a few tries to count a failure of a backend
		nf_vip_ejection_failed	queue_work_on	too many failures: once for an ejection, as ejecting needs a lock
		*	__fentry__			where a tracer can be put
		*	__x86_return_thunk		a return, where the processor needs help with it
		*	__stack_chk_fail		not to return from a broken stack
	LIST
	[ "$kind" != uml ] || cat <<-'LIST'
		*	(indirect)			modules are too far away for a direct call; the addresses are followed
		*	um_get_signals			a counter without interrupts in between: what x86 does in one instruction
		*	um_set_signals			the same
		*	signals_enabled			the same, before 7.x
		*	cpu_tasks			which process this is, with its count of what may not be preempted
		*	_printk				reports of what must not happen; an instruction elsewhere
		*	panic				the same
		*	warn_slowpath_fmt		the same
	LIST
}

kind=${1-}
is_kind "$kind" || die "usage: $me KIND"
ko=$("$RIG/module.sh" "$kind" | tail -n 1)
plain=$(mktemp)
trap 'rm -f "$plain"' EXIT
case $ko in
*.xz)	xz -dc "$ko" >"$plain" ;;
*)	cp "$ko" "$plain" ;;
esac

# Where packets come in, and the schedulers, which are called by their addresses.
mapfile -t hooks < <(sed -n 's/^\t\t\.hook\t*= \(.*\),/\1/p' "$REPO/kmod/path/hooks.c" | sort -u)
[ ${#hooks[@]} -gt 0 ] || die "no hooks in kmod/path/hooks.c"
mapfile -t picks < <(sed -n 's/^\t\.pick\t*= \(.*\),/\1/p' "$REPO"/kmod/select/*.c | sort -u)
[ ${#picks[@]} -gt 1 ] || die "no schedulers in kmod/select"
"$RIG/callees.pl" "$plain" "${hooks[@]}" "${picks[@]}" | awk -v kind="$kind" '
	NR == FNR { ok[$1 " " $2] = 1; next }
	{ reached[$2] = 1; caller = $1; sub(/\.(isra|part|cold|constprop).*/, "", caller) }
	!((caller " " $2) in ok) && !(("* " $2) in ok) { print kind ": " $1 " reaches " $2 }
	# Had the search found nothing, it would have found no lock either.
	END { if (!("nf_nat_packet" in reached)) print kind ": the way of a packet was lost" }' <(allowed) -
