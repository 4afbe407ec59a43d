// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net/flowtable.h"
#include "net/nft.h"

#define TABLE	"table inet nf_vip"
/* Fewer packets may be of connections that cannot be in the flowtable. */
#define ENOUGH	20
/* A connection of ours that was answered. */
#define OURS	"		ct mark & %#x != 0 ct status dnat ct status seen-reply "
#define LEFT	"counter name left\n"

/*
 * The chain comes behind filters of the usual priority: connections that these
 * drop never get into the flowtable. The flowtable's own hook is at the usual
 * priority of ingress filters.
 *
 * A flow without answers stays with conntrack, whose timeout it may need.
 *
 * `counter` in the flowtable keeps conntrack's byte counters going, where
 * accounting is on.
 *
 * The counter `taken` counts connections that the kernel put into the
 * flowtable, `left` packets of connections that it did not, though nothing
 * about the packet says why. The first rule ends where the kernel refuses a
 * connection, and the next rule counts its packet.
 */
static const char head[] =
	"add " TABLE "\n"
	"delete " TABLE "\n"
	TABLE " {\n"
	"	counter taken { }\n"
	"	counter left { }\n"
	"	flowtable fastpath {\n"
	"		hook ingress priority filter\n"
	"		devices = {";
static const char tail[] =
	" }\n"
	"		counter\n"
	"	}\n"
	"	chain forward {\n"
	"		type filter hook forward priority filter + 10; policy accept\n"
	OURS "meta l4proto { tcp, udp } flow add @fastpath counter name taken accept\n"
	OURS "ct state established tcp flags & (fin | syn | rst) == 0 " LEFT
	OURS "ct state established meta l4proto udp " LEFT
	"	}\n"
	"}\n";

/* Neither the grammar nor below_find() has a name that would end its quotes. */
static char *write_commands(const struct nf_vip_fastpath_spec *devs,
			    const struct below *below, unsigned int mark_mask)
{
	char *text = NULL;
	unsigned int i;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		return NULL;
	fputs(head, to);
	for (i = 0; i < devs->nr; i++)
		fprintf(to, "%s \"%s\"", i ? "," : "", devs->dev[i]);
	for (i = 0; i < below->nr; i++)
		fprintf(to, ", \"%s\"", below->name[i]);
	fprintf(to, tail, mark_mask, mark_mask, mark_mask);
	if (!fclose(to))
		return text;
	free(text);
	return NULL;
}

int flowtable_make(const struct nf_vip_fastpath_spec *devs,
		   const struct below *below, unsigned int mark_mask,
		   char sentence[NF_VIP_ERROR_MAX])
{
	char *commands = write_commands(devs, below, mark_mask);
	int err = commands ? nft_run(commands, sentence) : -ENOMEM;

	free(commands);
	return err;
}

int flowtable_remove(char sentence[NF_VIP_ERROR_MAX])
{
	if (nft_run("list " TABLE, sentence) == -EIO)
		return 0;
	return nft_run("delete " TABLE, sentence);
}

/* {"nftables": [{"metainfo": ...}, {"counter": {"name": "left", "packets": 7, ...}}, ...]} */
static unsigned long long packets_of(const json_t *root, const char *counter)
{
	json_int_t packets;
	const char *name;
	json_t *object;
	size_t i;

	json_array_foreach(json_object_get(root, "nftables"), i, object)
		if (!json_unpack(object, "{s:{s:s, s:I}}", "counter", "name", &name,
				 "packets", &packets) && !strcmp(name, counter))
			return (unsigned long long)packets;
	return 0;
}

unsigned long long flowtable_left(void)
{
	char sentence[NF_VIP_ERROR_MAX], *text;
	unsigned long long left = 0;
	json_t *root;

	if (nft_read("list counters " TABLE, &text, sentence))
		return 0;
	root = json_loads(text, 0, NULL);
	free(text);
	if (!packets_of(root, "taken"))
		left = packets_of(root, "left");
	json_decref(root);
	return left >= ENOUGH ? left : 0;
}
