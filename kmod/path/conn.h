/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counts the connections of each backend, as packets show them: a new
 * connection when its first packet leaves, and its end by FIN or RST. The walk
 * of upkeep.h finds every other end.
 */
#ifndef NF_VIP_CONN_H
#define NF_VIP_CONN_H

#include <linux/bitops.h>
#include <net/netfilter/nf_conntrack.h>

struct nf_vip_backend;
struct nf_vip_net;
struct nf_vip_packet;

/*
 * Set in the status of a connection whose end was counted. Conntrack's own bits
 * grow from 0 on, and on 64 bits no other program sees this bit.
 */
#define NF_VIP_IPS_ENDED_BIT	(BITS_PER_LONG - 1)

/* Set for a connection that was reset because its backend went down. */
#define NF_VIP_IPS_RESET_BIT	(BITS_PER_LONG - 2)

/* Set for a connection whose beginning was counted, or is not to be counted. */
#define NF_VIP_IPS_BEGAN_BIT	(BITS_PER_LONG - 3)

/* Set for a connection that its client opened again, while the ejected backend says nothing. */
#define NF_VIP_IPS_ASKED_BIT	(BITS_PER_LONG - 4)

static_assert(__IPS_MAX_BIT + 8 < NF_VIP_IPS_ASKED_BIT);

/**
 * nf_vip_conn_closing() - is a connection over, even if its entry is not?
 * @ct: entry
 *
 * TCP: both sides have sent FIN, or one a RST. SCTP: shut down or aborted; an
 * association whose INIT nobody has answered yet is CLOSED for conntrack, too
 * (sctp_conntracks of nf_conntrack_proto_sctp.c), and has not ended.
 *
 * Context: any; what conntrack does meanwhile may be seen or not.
 */
static inline bool nf_vip_conn_closing(const struct nf_conn *ct)
{
	u8 state;

	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		state = READ_ONCE(ct->proto.tcp.state);
		return state >= TCP_CONNTRACK_LAST_ACK && state <= TCP_CONNTRACK_CLOSE;
	case IPPROTO_SCTP:
		state = READ_ONCE(ct->proto.sctp.state);
		return state == SCTP_CONNTRACK_SHUTDOWN_ACK_SENT ||
		       (state == SCTP_CONNTRACK_CLOSED &&
			READ_ONCE(ct->status) & IPS_SEEN_REPLY);
	}
	return false;
}

/**
 * nf_vip_conn_is_balanced() - is a connection, as conntrack knows it, a service's own?
 * @ct: entry
 * @status: the entry's status, read once
 *
 * A connection that belongs to another one, as data of FTP, is not.
 *
 * Context: any.
 */
static inline bool nf_vip_conn_is_balanced(const struct nf_conn *ct, unsigned long status)
{
	return (status & (IPS_CONFIRMED | IPS_DST_NAT)) == (IPS_CONFIRMED | IPS_DST_NAT) &&
	       !ct->master;
}

/**
 * nf_vip_conn_backend() - which backend has a connection?
 * @vn: network namespace
 * @ct: entry with a translated destination
 *
 * Context: any, under rcu_read_lock().
 * Return: the backend that both the mark and the address point to, which lives
 * for a grace period, or NULL.
 */
struct nf_vip_backend *nf_vip_conn_backend(const struct nf_vip_net *vn, const struct nf_conn *ct);

/**
 * nf_vip_conn_skip() - do not count a flow whose earlier datagram was counted
 * @ct: entry that is not confirmed
 *
 * Context: hook.
 */
static inline void nf_vip_conn_skip(struct nf_conn *ct)
{
	/* Not atomic: nobody else sees an entry that is not confirmed. */
	ct->status |= BIT(NF_VIP_IPS_BEGAN_BIT);
}

/**
 * nf_vip_conn_begin() - count a new connection, once
 * @vn: the connection's network namespace
 * @ct: entry with a translated destination that is not confirmed
 *
 * Exact on any number of CPUs. The connection's place was reserved when the
 * backend was chosen; a packet that was held on the way (NFQUEUE) may find that
 * another connection has the place.
 *
 * Context: POST_ROUTING or LOCAL_IN hook, RCU lock held.
 * Return: false if the backend is full by now; then the connection was counted
 * as refused for that reason.
 */
bool nf_vip_conn_begin(const struct nf_vip_net *vn, struct nf_conn *ct);

/**
 * nf_vip_conn_closed() - count the end of a connection, once
 * @vn: the connection's network namespace
 * @ct: entry with a translated destination that is closing
 *
 * A connection that belongs to another one, as data of FTP, was not counted
 * when it began, and its end is not counted either.
 *
 * Context: hook, RCU lock held.
 */
void nf_vip_conn_closed(const struct nf_vip_net *vn, struct nf_conn *ct);

/**
 * nf_vip_conn_again() - count an association that begins anew on its old entry
 * @vn: the association's network namespace
 * @ct: entry whose end was counted, and that is not closing
 *
 * Conntrack makes a new entry for TCP, but not for SCTP.
 *
 * Context: hook, RCU lock held.
 */
void nf_vip_conn_again(const struct nf_vip_net *vn, struct nf_conn *ct);

/**
 * nf_vip_conn_no_route() - count a packet whose backend cannot be reached
 * @packet: packet with its new destination; only the first one of a connection counts
 *
 * Context: hook, RCU lock held.
 */
void nf_vip_conn_no_route(const struct nf_vip_packet *packet);

/**
 * nf_vip_conn_account() - count a packet and its bytes
 * @packet: packet at PRE_ROUTING or LOCAL_OUT, in a namespace in which some service has
 *	accounting
 *
 * Context: hook, RCU lock held.
 */
void nf_vip_conn_account(const struct nf_vip_packet *packet);

#endif /* NF_VIP_CONN_H */
