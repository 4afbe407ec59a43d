// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <nftables/libnftables.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "net/nft.h"

/*
 * Takes the sentence out of "<cmdline>:2:1-9: Error: Could not process rule:
 * ...", with more lines.
 */
static void take_sentence(char sentence[NF_VIP_ERROR_MAX], const char *message)
{
	static const char mark[] = "Error: ";
	const char *at = message ? strstr(message, mark) : NULL;

	at = at ? at + strlen(mark) : "nftables is not available";
	snprintf(sentence, NF_VIP_ERROR_MAX, "%.*s", (int)strcspn(at, "\n"),
		 at);
}

/* Without a netlink socket, libnftables would end this process. */
static bool has_netlink(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Without CAP_NET_ADMIN libnftables complains on standard error only, and gives us no sentence. */
static bool may_ask(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	return syscall(SYS_capget, &header, data) ||
	       data[0].effective & (1U << CAP_NET_ADMIN);
}

/* @output: a copy of what nftables prints, with the flags @flags; or NULL */
static int run(const char *commands, unsigned int flags, char **output,
	       char sentence[NF_VIP_ERROR_MAX])
{
	struct nft_ctx *nft;
	int err = 0;

	if (!may_ask()) {
		snprintf(sentence, NF_VIP_ERROR_MAX, "%s", strerror(EPERM));
		return -EPERM;
	}
	if (!has_netlink()) {
		snprintf(sentence, NF_VIP_ERROR_MAX, "%s", strerror(errno));
		return -EIO;
	}
	nft = nft_ctx_new(NFT_CTX_DEFAULT);
	if (!nft)
		return -ENOMEM;
	nft_ctx_output_set_flags(nft, flags);
	if (nft_ctx_buffer_error(nft) || nft_ctx_buffer_output(nft)) {
		err = -ENOMEM;
	} else if (nft_run_cmd_from_buffer(nft, commands)) {
		take_sentence(sentence, nft_ctx_get_error_buffer(nft));
		err = -EIO;
	} else if (output) {
		*output = strdup(nft_ctx_get_output_buffer(nft));
		err = *output ? 0 : -ENOMEM;
	}
	nft_ctx_free(nft);
	return err;
}

int nft_run(const char *commands, char sentence[NF_VIP_ERROR_MAX])
{
	return run(commands, 0, NULL, sentence);
}

int nft_read(const char *command, char **json, char sentence[NF_VIP_ERROR_MAX])
{
	return run(command, NFT_CTX_OUTPUT_JSON | NFT_CTX_OUTPUT_HANDLE |
		   NFT_CTX_OUTPUT_NUMERIC_ALL, json, sentence);
}
