// SPDX-License-Identifier: GPL-2.0
#include <linux/netlink.h>
#include <nftables/libnftables.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "flowtable.h"

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

/* "<cmdline>:2:1-9: Error: Could not process rule: ...", and lines below it. */
static void take_sentence(char sentence[NF_VIP_ERROR_MAX], const char *message)
{
	static const char mark[] = "Error: ";
	const char *at = message ? strstr(message, mark) : NULL;

	at = at ? at + strlen(mark) : "nftables is not available";
	snprintf(sentence, NF_VIP_ERROR_MAX, "%.*s", (int)strcspn(at, "\n"),
		 at);
}

/* Without one, libnftables would end this process. */
static bool has_netlink(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int run(const char *commands, char sentence[NF_VIP_ERROR_MAX])
{
	struct nft_ctx *nft;
	int err = 0;

	if (!has_netlink()) {
		snprintf(sentence, NF_VIP_ERROR_MAX, "%s", strerror(errno));
		return -EIO;
	}
	nft = nft_ctx_new(NFT_CTX_DEFAULT);
	if (!nft)
		return -ENOMEM;
	if (nft_ctx_buffer_error(nft) || nft_ctx_buffer_output(nft)) {
		err = -ENOMEM;
	} else if (nft_run_cmd_from_buffer(nft, commands)) {
		take_sentence(sentence, nft_ctx_get_error_buffer(nft));
		err = -EIO;
	}
	nft_ctx_free(nft);
	return err;
}

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
	int err = commands ? run(commands, sentence) : -ENOMEM;

	free(commands);
	return err;
}

int flowtable_remove(char sentence[NF_VIP_ERROR_MAX])
{
	if (run("list " TABLE, sentence) == -EIO)
		return 0;
	return run("delete " TABLE, sentence);
}
