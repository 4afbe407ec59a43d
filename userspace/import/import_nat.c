// SPDX-License-Identifier: GPL-2.0
/* What DNAT, SNAT and MASQUERADE say: where backends are, and whom they see. */
#include <arpa/inet.h>
#include "import/import_result.h"

/* A destination: addresses @first to @last, ports @low to @high, 0 for none. */
struct destination {
	struct ip_address first;
	struct ip_address last;
	__u16 low;
	__u16 high;
};

static bool parse_ports(const char *text, struct destination *to)
{
	char digits[16], *dash;
	__u32 low, high;

	snprintf(digits, sizeof(digits), "%s", text);
	dash = strchr(digits, '-');
	if (dash)
		*dash = '\0';
	if (!words_number(digits, NF_VIP_PORT_LAST, &low) || !low)
		return false;
	high = low;
	if (dash && !words_number(dash + 1, NF_VIP_PORT_LAST, &high))
		return false;
	to->low = (__u16)low;
	to->high = (__u16)high;
	return low <= high;
}

/*
 * Length of the addresses in front of a port: "[::1]:80", "10.0.0.1:80", and
 * without a port "::1".
 */
static size_t addresses_len(const char *text)
{
	const char *colon = strchr(text, ':'), *bracket = strrchr(text, ']');

	if (bracket)
		return (size_t)(bracket + 1 - text);
	if (!colon || strchr(colon + 1, ':'))
		return strlen(text);
	return (size_t)(colon - text);
}

static bool parse_destination(const char *text, struct destination *to)
{
	size_t len = addresses_len(text), one;
	const char *dash = memchr(text, '-', len);

	memset(to, 0, sizeof(*to));
	one = dash ? (size_t)(dash - text) : len;
	if (!words_address(text, one, &to->first))
		return false;
	to->last = to->first;
	if (dash && !words_address(dash + 1, len - one - 1, &to->last))
		return false;
	if (text[len])
		return text[len] == ':' && parse_ports(text + len + 1, to);
	return true;
}

/* How many addresses a range has, or 0 for too many. */
static unsigned int count_addresses(const struct destination *to)
{
	int words = to->first.family == NFPROTO_IPV6 ? 4 : 1;
	__u32 low = ntohl(to->first.addr.all[words - 1]);
	__u32 high = ntohl(to->last.addr.all[words - 1]);

	if (to->first.family != to->last.family || high < low || high - low >= 256 ||
	    memcmp(&to->first.addr, &to->last.addr, (size_t)(words - 1) * sizeof(__be32)))
		return 0;
	return high - low + 1;
}

static struct ip_address nth_address(const struct destination *to, unsigned int n)
{
	struct ip_address address = to->first;
	int last = address.family == NFPROTO_IPV6 ? 3 : 0;

	address.addr.all[last] = htonl(ntohl(address.addr.all[last]) + n);
	return address;
}

/* A port within the range stays as it is: nf_vip can express that if all ports are within. */
static bool keeps_ports(const struct import_service *service, const struct destination *to)
{
	unsigned int i;

	for (i = 0; i < service->nr_vips; i++)
		if (service->vips[i].first < to->low || service->vips[i].last > to->high)
			return false;
	return true;
}

static struct import_backend *same_backend(struct import_service *service,
					   const struct import_backend *like)
{
	struct import_backend *backend;

	TAILQ_FOREACH(backend, &service->backends, node)
		if (!memcmp(&backend->address, &like->address, sizeof(like->address)) &&
		    backend->port == like->port && backend->mark == like->mark &&
		    backend->condition == like->condition && backend->tier == like->tier)
			return backend;
	return NULL;
}

static void add_part(struct import *im, struct import_service *service,
		     const struct import_backend *like)
{
	struct import_backend *backend = same_backend(service, like);

	if (!backend) {
		backend = import_add_backend(im, service);
		backend->address = like->address;
		backend->port = like->port;
		backend->mark = like->mark;
		backend->condition = like->condition;
		backend->tier = like->tier;
	}
	backend->part += like->part;
}

static const char *refusal(const struct import_service *service, const struct destination *to)
{
	if (!count_addresses(to))
		return "a range of more than 256 addresses";
	if (to->low != to->high && !keeps_ports(service, to))
		return "a range of ports to choose from";
	if (service->nr_backends + count_addresses(to) > NF_VIP_BACKENDS_MAX)
		return "more backends than a service may have";
	return NULL;
}

void import_destinations(struct import *im, struct import_service *service,
			 const struct import_tier *tier)
{
	struct iptables_rule *rule = tier->end.rule;
	struct import_backend like = {
		.mark = tier->end.mark,
		.condition = tier->end.flag ? tier->end.flag->name : NULL,
		.tier = tier->tier,
	};
	struct destination to;
	const char *why;
	unsigned int i;

	if (!rule->to || !parse_destination(rule->to, &to)) {
		import_why(rule, "DNAT without one address to go to");
		return;
	}
	why = refusal(service, &to);
	if (why) {
		import_why(rule, why);
		return;
	}
	like.port = to.low == to.high ? to.low : 0;
	like.part = tier->end.part / count_addresses(&to);
	/* A mark belongs to one backend only. */
	if (count_addresses(&to) > 1)
		like.mark = 0;
	for (i = 0; i < count_addresses(&to); i++) {
		like.address = nth_address(&to, i);
		add_part(im, service, &like);
	}
	if (count_addresses(&to) > 1)
		import_note(im, &service->notes, rule->line, "",
			    "a range of addresses became a backend for each");
	if (rule->persistent && !service->persist)
		service->scheduler = NF_VIP_SCHED_HASH;
}

/* Does the rule take packets to the backend, and name the backend? */
static bool to_backend(const struct iptables_rule *rule, const struct import_service *service,
		       const struct import_backend *backend)
{
	bool named = rule->dst.family && !rule->not_dst;
	int i;

	if (!import_dst_covers(rule, &backend->address))
		return false;
	if (!import_proto_covers(rule, service->proto))
		return false;
	for (i = 0; i < rule->nr_steps; i++) {
		const struct iptables_step *step = &rule->steps[i];

		if (step->kind != IPTABLES_STEP_MARK && step->kind != IPTABLES_STEP_CONNMARK)
			continue;
		if (step->negated || (backend->mark & step->mask) != step->value)
			return false;
		named |= !!step->value;
	}
	return named;
}

void import_source(struct import *im, struct iptables_set *rules, struct import_service *service)
{
	struct iptables_rule *rule, *last = NULL, *fixed = NULL;
	struct import_backend *backend;
	unsigned int nr = 0;
	bool local = true;

	TAILQ_FOREACH(backend, &service->backends, node) {
		STAILQ_FOREACH(rule, &rules->all, all)
			if (rule->target == IPTABLES_TO_SNAT && !rule->strange &&
			    to_backend(rule, service, backend))
				break;
		if (!rule)
			continue;
		nr++;
		last = rule;
		if (rule->to)
			fixed = rule;
		import_use(rule)->used = true;
		local &= rule->src;
	}
	if (!nr)
		return;
	if (nr < service->nr_backends) {
		import_why(last, "not for all backends of a service; leave the rule where it is");
		return;
	}
	service->snat = local ? "auto" : "on";
	if (fixed)
		import_note(im, &service->notes, fixed->line, "",
			    "SNAT to a certain address: snat takes that which the gateway itself would use; if that is another one, leave the rule where it is");
}
