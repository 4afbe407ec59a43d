// SPDX-License-Identifier: GPL-2.0
/*
 * usage: queue [-w] COUNT
 *
 * Holds the packets that nftables puts into queue 0 of this namespace until there are COUNT of
 * them, then lets them go in the order in which they came. Says "ready" when it listens, and "held
 * COUNT" when they are on their way and the queue is free for another program.
 *
 * With -w it says "holds COUNT" when they are there, and lets them go after it has read a line.
 * With a COUNT of 0 it lets each go at once, until it is killed.
 */
#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char buf[65536];
enum { MAX = 64 };

static __u32 ids[MAX];
static int held, wanted;

static void check(const char *what, int ok)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static struct nlmsghdr *message(int type)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = NFNL_SUBSYS_QUEUE << 8 | type;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = AF_UNSPEC;
	nfg->version = NFNETLINK_V0;
	nfg->res_id = htons(0);
	return nlh;
}

static void bind_queue(struct mnl_socket *nl)
{
	struct nfqnl_msg_config_cmd cmd = { .command = NFQNL_CFG_CMD_BIND };
	struct nfqnl_msg_config_params params = { .copy_mode = NFQNL_COPY_META };
	struct nlmsghdr *nlh = message(NFQNL_MSG_CONFIG);

	nlh->nlmsg_flags |= NLM_F_ACK;
	mnl_attr_put(nlh, NFQA_CFG_CMD, sizeof(cmd), &cmd);
	mnl_attr_put(nlh, NFQA_CFG_PARAMS, sizeof(params), &params);
	check("send", mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) > 0);
}

static int attr(const struct nlattr *at, void *data)
{
	(void)data;
	if (mnl_attr_get_type(at) == NFQA_PACKET_HDR) {
		struct nfqnl_msg_packet_hdr *hdr = mnl_attr_get_payload(at);

		ids[held++] = ntohl(hdr->packet_id);
	}
	return MNL_CB_OK;
}

static int packet(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct nfgenmsg), attr, data);
}

static void let_go(struct mnl_socket *nl, __u32 id)
{
	struct nfqnl_msg_verdict_hdr verdict = { .verdict = htonl(NF_ACCEPT), .id = htonl(id) };
	struct nlmsghdr *nlh = message(NFQNL_MSG_VERDICT);

	mnl_attr_put(nlh, NFQA_VERDICT_HDR, sizeof(verdict), &verdict);
	check("send", mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) > 0);
}

/* One datagram of the kernel: a packet, or its answer to bind_queue(). */
static void receive(struct mnl_socket *nl)
{
	ssize_t len = mnl_socket_recvfrom(nl, buf, sizeof(buf));

	/* More came than there was room for: those were dropped. */
	if (len < 0 && errno == ENOBUFS)
		return;
	check("receive", len > 0);
	check("queue", mnl_cb_run(buf, len, 0, 0, packet, NULL) >= 0);
}

static void let_all_go(struct mnl_socket *nl)
{
	int i;

	for (i = 0; i < held; i++)
		let_go(nl, ids[i]);
}

static void pass_on(struct mnl_socket *nl)
{
	for (;;) {
		held = 0;
		receive(nl);
		let_all_go(nl);
	}
}

static void wait_for_word(void)
{
	char line[80];

	printf("holds %d\n", held);
	check("no word", !!fgets(line, sizeof(line), stdin));
}

int main(int argc, char **argv)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_NETFILTER);
	int waits = argc > 1 && !strcmp(argv[1], "-w");

	setlinebuf(stdout);
	wanted = argc > 1 + waits ? atoi(argv[1 + waits]) : 1;
	check("netlink", nl && !mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID));
	bind_queue(nl);
	receive(nl);
	puts("ready");
	if (!wanted)
		pass_on(nl);
	while (held < wanted && held < MAX)
		receive(nl);
	if (waits)
		wait_for_word();
	let_all_go(nl);
	/* Who reads the answer may bind the queue again at once. */
	mnl_socket_close(nl);
	printf("held %d\n", held);
	return 0;
}
