// SPDX-License-Identifier: GPL-2.0
/* Is there a fast path where there should be one, and does it take connections? */
#include "doctor/doctor.h"
#include "lib/quote.h"
#include "net/fastpath.h"
#include "net/flowtable.h"

/* Interfaces that do not exist yet do not count, because a table cannot have them. */
static void look_for_table(struct doctor *d, const struct fastpath *fastpath)
{
	unsigned int i;

	for (i = 0; i < fastpath->wish.nr; i++)
		if (fastpath->link[i].ifindex)
			doctor_found(d, DOCTOR_FASTPATH_MISSING,
				     doctor_words("table inet nf_vip"),
				     doctor_words("the fast path shall be on %s, nftables has none",
						  fastpath->wish.dev[i]),
				     doctor_words("vipctl fastpath"));
}

/* Adds a name, unless the list has it. */
static void add(struct nf_vip_fastpath_spec *spec, const char *name)
{
	unsigned int i;

	for (i = 0; i < spec->nr; i++)
		if (!strcmp(spec->dev[i], name))
			return;
	if (*name && strcmp(name, "?") && spec->nr < NF_VIP_FASTPATH_MAX)
		snprintf(spec->dev[spec->nr++], sizeof(spec->dev[0]), "%s", name);
}

/* All interfaces that connections go through, as far as routes and options tell. */
static void add_all(const struct doctor *d, struct nf_vip_fastpath_spec *spec)
{
	struct nf_vip_plan_backend *backend;
	struct nf_vip_plan_service *service;
	struct rtnl_route route;

	list_for_each_entry(service, &d->model.plan.services, node) {
		add(spec, *service->spec.dev ? service->spec.dev :
					       doctor_way_out(d, service->spec.family));
		list_for_each_entry(backend, &service->backends, node)
			if (!doctor_route(d, backend, &route))
				add(spec, rtnl_link_name(&d->net, route.ifindex));
	}
}

/*
 * If the wish names all interfaces already, the only thing left to try is to
 * switch the path off.
 */
static json_t *mend(const struct doctor *d, const struct nf_vip_fastpath_spec *wish)
{
	struct nf_vip_fastpath_spec all = *wish;
	char buf[QUOTED_SIZE];
	json_t *words, *longer;
	unsigned int i;

	add_all(d, &all);
	words = doctor_words("vipctl fastpath%s", all.nr == wish->nr ? " off" : "");
	for (i = 0; i < all.nr && all.nr > wish->nr; i++) {
		longer = doctor_words("%s %s", json_string_value(words),
				      quoted(all.dev[i], buf));
		json_decref(words);
		words = longer;
	}
	return words;
}

void doctor_fastpath(struct doctor *d, bool has_flowtable)
{
	unsigned long long left = flowtable_left();
	struct fastpath fastpath;

	if (fastpath_look(&fastpath))
		return;
	if (!has_flowtable)
		look_for_table(d, &fastpath);
	else if (left)
		doctor_found(d, DOCTOR_FASTPATH_NOT_TAKEN,
			     doctor_words("table inet nf_vip"),
			     doctor_words("none of %llu packets put its connection on it",
					  left),
			     mend(d, &fastpath.wish));
}
