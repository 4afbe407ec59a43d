// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lib/grow.h"
#include "lib/text.h"
#include "net/below.h"
#include "net/netlink.h"

/* The kernel's code for flowtables, and a function that newer versions of it share. */
#define MODULE		"nf_flow_table"
#define SHARED		"nft_flow_route"
#define TYPES_MAX	(16 << 20)

enum kind { OTHER, BRIDGE, VLAN };

/* An interface: @under is that of a VLAN, @master a port's bridge. */
struct iface {
	unsigned int ifindex;
	unsigned int under;
	unsigned int master;
	enum kind kind;
	bool elsewhere;
	bool marked;
	bool named;
	char name[NF_VIP_DEV_MAX + 1];
};

struct ifaces {
	struct iface *list;
	size_t nr;
};

static enum kind kind_of(const struct nlattr *info)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, info) {
		if (mnl_attr_get_type(attr) != IFLA_INFO_KIND ||
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0)
			continue;
		if (!strcmp(mnl_attr_get_str(attr), "bridge"))
			return BRIDGE;
		if (!strcmp(mnl_attr_get_str(attr), "vlan"))
			return VLAN;
	}
	return OTHER;
}

static void take_attribute(struct iface *iface, const struct nlattr *attr)
{
	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		snprintf(iface->name, sizeof(iface->name), "%.*s",
			 (int)mnl_attr_get_payload_len(attr), mnl_attr_get_str(attr));
		break;
	case IFLA_LINK:
		iface->under = mnl_attr_get_u32(attr);
		break;
	case IFLA_LINK_NETNSID:
		iface->elsewhere = true;
		break;
	case IFLA_MASTER:
		iface->master = mnl_attr_get_u32(attr);
		break;
	case IFLA_LINKINFO:
		iface->kind = kind_of(attr);
		break;
	}
}

static int take_iface(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	struct ifaces *ifaces = data;
	const struct nlattr *attr;
	struct iface *iface;

	iface = grow(ifaces->list, ifaces->nr, sizeof(*iface));
	if (!iface)
		return MNL_CB_ERROR;
	ifaces->list = iface;
	iface += ifaces->nr++;
	iface->ifindex = (unsigned int)ifi->ifi_index;
	mnl_attr_for_each(attr, nlh, sizeof(*ifi))
		take_attribute(iface, attr);
	return MNL_CB_OK;
}

/*
 * -EINTR says that interfaces came or went while the kernel listed them.
 * Whoever follows links hears of such changes, too.
 */
static int read_ifaces(struct ifaces *ifaces)
{
	char buf[NETLINK_REQUEST];
	struct nlmsghdr *request;
	int err;

	request = netlink_request(buf, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
	err = netlink_ask_once(NETLINK_ROUTE, request, take_iface, ifaces);
	return err == -EINTR ? 0 : err;
}

static bool is_below(const struct iface *iface, const struct iface *upper)
{
	if (upper->kind == BRIDGE)
		return iface->master == upper->ifindex;
	return upper->kind == VLAN && !upper->elsewhere && upper->under == iface->ifindex;
}

static bool mark(struct iface *iface)
{
	iface->marked = true;
	return true;
}

/* Marks interfaces right below one that is marked; true if there were any. */
static bool mark_below(struct ifaces *ifaces)
{
	bool more = false;
	size_t i, j;

	for (i = 0; i < ifaces->nr; i++)
		for (j = 0; j < ifaces->nr && ifaces->list[i].marked; j++)
			if (!ifaces->list[j].marked &&
			    is_below(&ifaces->list[j], &ifaces->list[i]))
				more = mark(&ifaces->list[j]);
	return more;
}

/* Lists marked interfaces, but none with a name that would end its quotes or stand for others. */
static int list_marked(const struct ifaces *ifaces, unsigned int max, struct below *below)
{
	const struct iface *iface;
	size_t i;

	below->nr = 0;
	for (i = 0; i < ifaces->nr; i++) {
		iface = &ifaces->list[i];
		if (!iface->marked || iface->named || strpbrk(iface->name, "\"*\\"))
			continue;
		if (below->nr == max)
			return -E2BIG;
		below->ifindex[below->nr] = iface->ifindex;
		memcpy(below->name[below->nr++], iface->name, sizeof(iface->name));
	}
	return 0;
}

/*
 * Newer kernels share the function that finds the way down; in older ones it is
 * private to nft's own module. 1 if it is shared, 0 if not, or a negative errno.
 */
static int ask_types(void)
{
	static const char name[] = "\0" SHARED;
	struct text types = { 0 };
	int err;

	err = text_read_file(&types, "/sys/kernel/btf/" MODULE, TYPES_MAX);
	if (!err)
		err = !!memmem(types.data, types.len, name, sizeof(name));
	text_free(&types);
	return err;
}

/* Looks for the function in the symbols; a capital letter says that a symbol is exported. */
static int ask_symbols(void)
{
	FILE *symbols = fopen("/proc/kallsyms", "re");
	char line[512], type, name[64];
	int found = 0;

	if (!symbols)
		return -errno;
	while (!found && fgets(line, sizeof(line), symbols))
		found = sscanf(line, "%*s %c %63s", &type, name) == 2 && type == 'T' &&
			!strcmp(name, SHARED);
	fclose(symbols);
	return found;
}

/*
 * Where the kernel does not want the interfaces below, they stay out: a flow
 * through the bridge itself notices changed routes. The kernel is asked until
 * that is known, because the code may come as a module. systemd's units see no
 * symbols, and some kernels have no types.
 */
static bool is_wanted(void)
{
	static int wanted = -ENOENT;

	if (wanted < 0)
		wanted = ask_types();
	if (wanted < 0) {
		wanted = ask_symbols();
		if (!wanted && access("/sys/module/" MODULE, F_OK))
			wanted = -ENOENT;
	}
	return wanted > 0;
}

int below_find(const struct nf_vip_fastpath_spec *devs, struct below *below)
{
	struct ifaces ifaces = { 0 };
	unsigned int i;
	size_t j;
	int err;

	below->nr = 0;
	if (!devs->nr || !is_wanted())
		return 0;
	err = read_ifaces(&ifaces);
	for (i = 0; i < devs->nr && !err; i++)
		for (j = 0; j < ifaces.nr; j++)
			if (!strcmp(devs->dev[i], ifaces.list[j].name))
				ifaces.list[j].named = mark(&ifaces.list[j]);
	while (!err && mark_below(&ifaces))
		;
	if (!err)
		err = list_marked(&ifaces, FLOWTABLE_MAX - devs->nr, below);
	free(ifaces.list);
	return err;
}
