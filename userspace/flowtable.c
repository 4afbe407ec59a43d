// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "flowtable.h"
#include "nft.h"

#define TABLE	"table inet nf_vip"

/*
 * The chain comes behind filters of the usual priority: what they drop never
 * gets into the flowtable. The flowtable's own hook is at the usual priority
 * of ingress filters.
 *
 * A flow without answers stays with conntrack, whose timeout it may need.
 *
 * `counter` keeps conntrack's byte counters going, where they are on.
 */
static const char head[] =
	"add " TABLE "\n"
	"delete " TABLE "\n"
	TABLE " {\n"
	"	flowtable fastpath {\n"
	"		hook ingress priority filter\n"
	"		devices = {";
static const char tail[] =
	" }\n"
	"		counter\n"
	"	}\n"
	"	chain forward {\n"
	"		type filter hook forward priority filter + 10; policy accept\n"
	"		ct mark & %#x != 0 ct status dnat ct status seen-reply meta l4proto { tcp, udp } flow add @fastpath\n"
	"	}\n"
	"}\n";

/* The grammar allows no name that would end its quotes. */
static char *write_commands(const struct nf_vip_fastpath_spec *devs,
			    unsigned int mark_mask)
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
	fprintf(to, tail, mark_mask);
	if (!fclose(to))
		return text;
	free(text);
	return NULL;
}

int flowtable_make(const struct nf_vip_fastpath_spec *devs,
		   unsigned int mark_mask, char sentence[NF_VIP_ERROR_MAX])
{
	char *commands = write_commands(devs, mark_mask);
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
