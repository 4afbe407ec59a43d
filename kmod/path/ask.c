// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <net/netfilter/nf_conntrack.h>
#include "path/ask.h"
#include "path/conn.h"
#include "path/packet.h"
#include "select/recent_flow.h"

/* A client repeats its SYN after a second at the earliest (RFC 6298). */
#define GAP	(HZ / 2)

/* What is written down of a flow: how many questions, and when the last one was, in jiffies. */
enum { QUESTIONS = 2, COUNT_MASK = 3, TIME_SHIFT = 2 };

static u32 now(void)
{
	return jiffies;
}

static u32 word_of(u32 questions)
{
	return now() << TIME_SHIFT | questions;
}

static u32 age_of(u32 word)
{
	return ((now() << TIME_SHIFT) - (word & ~COUNT_MASK)) >> TIME_SHIFT;
}

bool nf_vip_ask(const struct nf_vip_packet *packet)
{
	struct nf_conn *ct = packet->ct;
	struct nf_vip_recent_flow flow;
	u32 word;

	if (test_bit(IPS_OFFLOAD_BIT, &ct->status))
		return false;
	word = nf_vip_recent_flow_find(packet->vn->asked, nf_vip_original(ct), &flow);
	if (!word || !test_bit(NF_VIP_IPS_ASKED_BIT, &ct->status)) {
		nf_vip_recent_flow_note(&flow, word_of(1));
		set_bit(NF_VIP_IPS_ASKED_BIT, &ct->status);
		return false;
	}
	if (age_of(word) < GAP)
		return false;
	if ((word & COUNT_MASK) == QUESTIONS)
		return true;
	nf_vip_recent_flow_note(&flow, word_of((word & COUNT_MASK) + 1));
	return false;
}

void nf_vip_ask_answered(const struct nf_vip_packet *packet)
{
	struct nf_conn *ct = packet->ct;

	if (nf_vip_packet_dir(packet) == IP_CT_DIR_REPLY &&
	    test_bit(NF_VIP_IPS_ASKED_BIT, &ct->status))
		clear_bit(NF_VIP_IPS_ASKED_BIT, &ct->status);
}
