// SPDX-License-Identifier: GPL-2.0
/*
 * Backends that answer nobody, by the evidence of conntrack: whether a backend
 * has a route back is not to be seen from here.
 */
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdlib.h>
#include "doctor/doctor.h"
#include "net/netlink.h"

/* A single client may have sent a wrong packet; several have not. */
#define ENOUGH	3

/* Connections of a backend, by its mark. */
struct tally {
	__u32 mark;
	const struct nf_vip_plan_backend *backend;
	unsigned int silent;
	unsigned int answered;
};

struct view {
	struct tally *tallies;
	size_t nr;
	__u32 mask;
};

static int by_mark(const void *a, const void *b)
{
	const struct tally *x = a, *y = b;

	return (x->mark > y->mark) - (x->mark < y->mark);
}

/* Only TCP counts, whose clients repeat themselves; a datagram needs no answer. */
static bool is_tcp(const struct nlattr *tuple)
{
	const struct nlattr *proto, *attr;

	mnl_attr_for_each_nested(proto, tuple) {
		if (mnl_attr_get_type(proto) != CTA_TUPLE_PROTO)
			continue;
		mnl_attr_for_each_nested(attr, proto)
			if (mnl_attr_get_type(attr) == CTA_PROTO_NUM)
				return mnl_attr_get_u8(attr) == IPPROTO_TCP;
	}
	return false;
}

static int take(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;
	struct view *view = data;
	struct tally key = { 0 }, *tally;
	__u32 status = 0;
	bool tcp = false;

	mnl_attr_for_each(attr, nlh, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(attr) == CTA_MARK)
			key.mark = ntohl(mnl_attr_get_u32(attr)) & view->mask;
		else if (mnl_attr_get_type(attr) == CTA_STATUS)
			status = ntohl(mnl_attr_get_u32(attr));
		else if (mnl_attr_get_type(attr) == CTA_TUPLE_ORIG)
			tcp = is_tcp(attr);
	}
	tally = bsearch(&key, view->tallies, view->nr, sizeof(key), by_mark);
	if (!tally || !tcp || !(status & IPS_DST_NAT))
		return MNL_CB_OK;
	if (status & IPS_SEEN_REPLY)
		tally->answered++;
	else
		tally->silent++;
	return MNL_CB_OK;
}

/* Reads all entries: the kernel could compare marks by a mask, but not with many values. */
static int read_entries(struct view *view)
{
	char buf[NETLINK_REQUEST];
	struct nlmsghdr *request;

	request = netlink_request(buf, (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_GET,
				  NLM_F_DUMP, sizeof(struct nfgenmsg));
	return netlink_ask_once(NETLINK_NETFILTER, request, take, view);
}

static int prepare(const struct doctor *d, struct view *view)
{
	const struct nf_vip_plan_backend *backend;
	struct nf_vip_plan_service *service;

	view->mask = d->mark_mask;
	view->tallies = calloc(d->model.plan.nr_backends + 1, sizeof(*view->tallies));
	if (!view->tallies)
		return -ENOMEM;
	for (service = doctor_next(d, NULL); service; service = doctor_next(d, service))
		list_for_each_entry(backend, &service->backends, node)
			if (backend->spec.state == NF_VIP_STATE_UP)
				view->tallies[view->nr++] = (struct tally){
					.mark = backend->spec.mark, .backend = backend,
				};
	qsort(view->tallies, view->nr, sizeof(*view->tallies), by_mark);
	return 0;
}

static void report(struct doctor *d, const struct tally *tally)
{
	const char *service = tally->backend->service->name, *name = tally->backend->name;
	bool has_snat = tally->backend->service->spec.policy.snat == NF_VIP_SNAT_ON;

	if (tally->silent >= ENOUGH && !tally->answered)
		doctor_found(d, DOCTOR_NO_REPLIES, doctor_words("backend %s/%s", service, name),
			     doctor_words("%u of its connections are in conntrack, none answered",
					  tally->silent),
			     has_snat ? doctor_words("vipctl down %s/%s", service, name) :
					doctor_words("vipctl set service %s snat on", service));
}

void doctor_silent(struct doctor *d)
{
	struct view view = { 0 };
	size_t i;
	int err;

	err = prepare(d, &view);
	if (!err && view.nr)
		err = read_entries(&view);
	if (err == -ENOMEM)
		d->failed = true;
	else if (err)
		doctor_unseen(d, "connections", err);
	for (i = 0; i < view.nr && !err; i++)
		report(d, &view.tallies[i]);
	free(view.tallies);
}
