// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include "lib/app.h"
#include "lib/json.h"
#include "module/module_io.h"
#include "module/status.h"
#include "net/fastpath.h"
#include "net/flowtable.h"

/* Interfaces that come and go this often while we look need no fast path. */
#define TRIES	10

/* The text is the kernel's own, so it parses; its only fastpath statement is the wish. */
static void find_wish(const struct text *config,
		      struct nf_vip_fastpath_spec *wish)
{
	struct nf_vip_statement st;
	struct nf_vip_parser p;

	wish->nr = 0;
	nf_vip_parse_start(&p, config->data, config->len);
	while (nf_vip_parse_next(&p, &st) > 0)
		if (st.verb == NF_VIP_FASTPATH)
			*wish = st.fastpath;
}

int fastpath_look(struct fastpath *fastpath)
{
	struct text config = { 0 };
	unsigned int i;
	int err;

	memset(fastpath, 0, sizeof(*fastpath));
	err = module_io_read_config(&config);
	if (!err)
		find_wish(&config, &fastpath->wish);
	for (i = 0; i < fastpath->wish.nr && !err; i++) {
		err = links_find(fastpath->wish.dev[i], &fastpath->link[i]);
		if (err == -ENODEV)
			err = 0;
	}
	if (!err)
		err = below_find(&fastpath->wish, &fastpath->below);
	text_free(&config);
	return err;
}

bool fastpath_is(const struct fastpath *a, const struct fastpath *b)
{
	unsigned int i;

	if (a->wish.nr != b->wish.nr)
		return false;
	for (i = 0; i < a->wish.nr; i++)
		if (a->link[i].ifindex != b->link[i].ifindex ||
		    a->link[i].mtu != b->link[i].mtu ||
		    strcmp(a->wish.dev[i], b->wish.dev[i]))
			return false;
	return a->below.nr == b->below.nr &&
	       !memcmp(a->below.ifindex, b->below.ifindex,
		       a->below.nr * sizeof(*a->below.ifindex));
}

/* The module's mark_mask, or 0 if the module is not there. */
static unsigned int read_mark_mask(void)
{
	struct text status = { 0 };
	unsigned int mask = 0;

	if (!module_io_read_status(&status))
		mask = (unsigned int)status_module_number(&status, "mark_mask");
	text_free(&status);
	return mask;
}

/* Makes the table with interfaces that exist, because nftables takes no others. */
static int make(const struct fastpath *fastpath,
		char sentence[NF_VIP_ERROR_MAX])
{
	struct nf_vip_fastpath_spec devs = { 0 };
	unsigned int i, mask;

	for (i = 0; i < fastpath->wish.nr; i++)
		if (fastpath->link[i].ifindex)
			memcpy(devs.dev[devs.nr++], fastpath->wish.dev[i],
			       sizeof(devs.dev[0]));
	if (!devs.nr)
		return flowtable_remove(sentence);
	mask = read_mark_mask();
	return mask ? flowtable_make(&devs, &fastpath->below, mask, sentence) : -ENOENT;
}

/* The interfaces were there before and after, so something else must be missing. */
static const char *hint(const char *sentence)
{
	/* The last sentence is what nftables of 2025 says. */
	return strstr(sentence, "No such file") || strstr(sentence, "not supported") ||
	       strstr(sentence, "cache initialization failed") ?
	       ": does this kernel have flowtables (nft_flow_offload, nf_flow_table_inet)?" : "";
}

static int complain(const char *what, int err, const char *sentence)
{
	if (err != -EIO)
		return vipctl_complain_kernel(what, err);
	vipctl_complain("%s: no fast path: nftables says: %s%s", what, sentence,
			hint(sentence));
	return VIPCTL_REFUSED;
}

/*
 * Another vipctl may make a table for another wish meanwhile, and interfaces
 * may come and go: whoever wrote last looks again, and starts over if something
 * has changed. A new look may also show that the table wants more interfaces,
 * where that depends on kernel code which the first table has loaded.
 */
int fastpath_sync(const char *what, struct fastpath *fastpath)
{
	char sentence[NF_VIP_ERROR_MAX] = "";
	struct fastpath now;
	int i, err, looked;

	looked = fastpath_look(&now);
	for (i = 0; i < TRIES && !looked; i++) {
		*fastpath = now;
		err = make(fastpath, sentence);
		looked = fastpath_look(&now);
		if (!looked && fastpath_is(fastpath, &now))
			return err ? complain(what, err, sentence) :
				     VIPCTL_DONE;
	}
	if (looked)
		return vipctl_complain_kernel(what, looked);
	vipctl_complain("%s: no fast path: the interfaces come and go", what);
	return VIPCTL_REFUSED;
}

static void print_names(FILE *to, const struct fastpath *fastpath, bool there)
{
	unsigned int i;

	for (i = 0; i < fastpath->wish.nr; i++)
		if (!!fastpath->link[i].ifindex == there)
			fprintf(to, " %s", fastpath->wish.dev[i]);
}

static unsigned int count_links(const struct fastpath *fastpath, bool there)
{
	unsigned int i, n = 0;

	for (i = 0; i < fastpath->wish.nr; i++)
		n += !!fastpath->link[i].ifindex == there;
	return n;
}

int fastpath_apply(const char *what)
{
	struct fastpath fastpath;
	int ret = fastpath_sync(what, &fastpath);

	if (ret || !count_links(&fastpath, false))
		return ret;
	fprintf(stderr, "vipctl: %s: the fast path waits for", what);
	print_names(stderr, &fastpath, false);
	fputs(": say \"vipctl fastpath\" when they are there\n", stderr);
	return ret;
}

static int list_names(json_t *list, const struct fastpath *fastpath, bool there)
{
	int err = 0;
	unsigned int i;

	for (i = 0; i < fastpath->wish.nr && !err; i++)
		if (!!fastpath->link[i].ifindex == there)
			err = json_array_append_new(list, json_text(fastpath->wish.dev[i]));
	return err;
}

int fastpath_print_json(const char *what, const struct fastpath *fastpath)
{
	json_t *there = json_array(), *missing = json_array();
	json_t *root = json_pack("{sb so so}", "on", fastpath->wish.nr > 0, "interfaces", there,
				 "missing", missing);

	if (list_names(there, fastpath, true) || list_names(missing, fastpath, false)) {
		json_decref(root);
		root = NULL;
	}
	return json_print(what, root);
}

void fastpath_print(const struct fastpath *fastpath)
{
	fputs("fast path:", stdout);
	print_names(stdout, fastpath, true);
	if (!fastpath->wish.nr)
		fputs(" off", stdout);
	else if (!count_links(fastpath, true))
		fputs(" none", stdout);
	if (count_links(fastpath, false)) {
		fputs("; not there:", stdout);
		print_names(stdout, fastpath, false);
	}
	putchar('\n');
}
