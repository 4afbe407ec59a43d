// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/netlink.h>
#include <nftables/libnftables.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "nft.h"

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

int nft_run(const char *commands, char sentence[NF_VIP_ERROR_MAX])
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
