// SPDX-License-Identifier: GPL-2.0
/*
 * The world around a balancer under measurement: clients behind the device
 * `bench0`, servers behind `bench1`, and nothing of either but what is sent.
 * Packets are put into the stack as if a driver had received them, and are
 * caught where a driver would send them, so that a server's answer goes to
 * whatever client and from whatever backend the gateway made of the request.
 * One CPU does it all, synchronously: no queue, no user space; and no timer,
 * but for the watch.
 *
 * Written parameters start a run, read ones give the result of the last:
 *   prime  "UDP-FLOWS"    a request, an answer, a request and an answer of each
 *   play   "CONNECTIONS DATA [discard]"
 *                         TCP connections with DATA segments each way; with
 *                         `discard` the packets are made and freed, not sent
 *   result                "PACKETS NANOSECONDS LOST"
 *   watch  "FLOW"         from now on, a request of this UDP flow five thousand
 *                         times a second, as interrupts bring them; -1 ends it
 *   gap                   "PACKETS NANOSECONDS LOST": the longest time between
 *                         two of them that came through
 *   vip, port             where clients send to
 *
 * For measurements only: it trusts root, who alone may write, with any number.
 */
#include <linux/etherdevice.h>
#include <linux/hrtimer.h>
#include <linux/inet.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/tcp.h>

enum {
	CLIENT_PORTS	= 50000,	/* connections per client address */
	FIRST_PORT	= 1000,
	PAYLOAD		= 100,		/* bytes in a data segment */
	UDP_PAYLOAD	= 18,		/* the frame has 60 bytes then */
};

/* One direction of a connection, as the gateway shall see it. */
struct side {
	struct net_device *dev;
	__be32 saddr, daddr;
	__be16 sport, dport;
	u32 seq, ack;
};

static struct net_device *devs[2];
static __be32 vip;
static char vip_text[16] = "10.0.0.1";
module_param_string(vip, vip_text, sizeof(vip_text), 0644);
static ushort port = 8000;
module_param(port, ushort, 0644);

/* What the last transmitted packet was, if somebody waits for it. */
static struct {
	bool waiting;
	bool seen;
	struct net_device *dev;
	__be32 saddr, daddr;
	__be16 sport, dport;
} caught;

static bool discard;
static u64 packets, lost, nanoseconds;

static netdev_tx_t bench_xmit(struct sk_buff *skb, struct net_device *dev)
{
	const struct iphdr *ip = ip_hdr(skb);
	const __be16 *ports = (const __be16 *)(ip + 1);

	dev->stats.tx_packets++;
	dev->stats.tx_bytes += skb->len;
	if (caught.waiting && skb->protocol == htons(ETH_P_IP)) {
		caught.seen = true;
		caught.dev = dev;
		caught.saddr = ip->saddr;
		caught.daddr = ip->daddr;
		caught.sport = ports[0];
		caught.dport = ports[1];
	}
	dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops bench_ops = {
	.ndo_start_xmit = bench_xmit,
	.ndo_set_mac_address = eth_mac_addr,
};

static void bench_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &bench_ops;
	dev->flags &= ~IFF_MULTICAST;
	/* No queue before the driver, as a dummy device has none. */
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->tx_queue_len = 0;
	eth_hw_addr_random(dev);
}

/* An IPv4 packet with room for a header of @l4 bytes and @payload bytes. */
static struct sk_buff *packet(const struct side *from, u8 proto, unsigned int l4,
			      unsigned int payload)
{
	unsigned int len = sizeof(struct iphdr) + l4 + payload;
	struct sk_buff *skb = netdev_alloc_skb_ip_align(from->dev, ETH_HLEN + len);
	struct ethhdr *eth;
	struct iphdr *ip;

	if (!skb)
		return NULL;

	eth = skb_put(skb, ETH_HLEN);
	ether_addr_copy(eth->h_dest, from->dev->dev_addr);
	eth_zero_addr(eth->h_source);
	eth->h_proto = htons(ETH_P_IP);
	ip = skb_put_zero(skb, len);
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 64;
	ip->protocol = proto;
	ip->tot_len = htons(len);
	ip->saddr = from->saddr;
	ip->daddr = from->daddr;
	ip_send_check(ip);
	skb_set_transport_header(skb, ETH_HLEN + sizeof(*ip));
	/* As a device does that checks sums. */
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return skb;
}

/*
 * Puts the packet into the stack. It is lost if it does not come out, on the
 * other device, before this returns.
 */
static bool send(const struct side *from, struct sk_buff *skb)
{
	packets++;
	if (!skb) {
		lost++;
		return false;
	}
	if (discard) {
		kfree_skb(skb);
		return true;
	}

	skb->protocol = eth_type_trans(skb, from->dev);
	caught.seen = false;
	netif_receive_skb(skb);
	if (likely(caught.seen && caught.dev != from->dev))
		return true;
	lost++;
	return false;
}

static bool send_udp(const struct side *from)
{
	struct sk_buff *skb = packet(from, IPPROTO_UDP, sizeof(struct udphdr), UDP_PAYLOAD);
	struct udphdr *udp;

	if (skb) {
		udp = udp_hdr(skb);
		udp->source = from->sport;
		udp->dest = from->dport;
		udp->len = htons(sizeof(*udp) + UDP_PAYLOAD);
	}
	return send(from, skb);
}

/* A segment of @payload bytes; @from goes on in its sequence, @to hears of it. */
static bool send_tcp(struct side *from, struct side *to, u8 flags, unsigned int payload)
{
	struct sk_buff *skb = packet(from, IPPROTO_TCP, sizeof(struct tcphdr), payload);
	struct tcphdr *tcp;

	if (skb) {
		tcp = tcp_hdr(skb);
		tcp->source = from->sport;
		tcp->dest = from->dport;
		tcp->seq = htonl(from->seq);
		tcp->ack_seq = htonl(flags & TCPHDR_ACK ? from->ack : 0);
		tcp->doff = sizeof(*tcp) / 4;
		tcp->window = htons(65000);
		tcp_flag_byte(tcp) = flags;
	}
	from->seq += payload + !!(flags & (TCPHDR_SYN | TCPHDR_FIN));
	to->ack = from->seq;
	return send(from, skb);
}

static struct side client_side(u32 number)
{
	return (struct side){
		.dev = devs[0],
		.saddr = htonl(0x0a400001 + number / CLIENT_PORTS),	/* 10.64.0.1 on */
		.sport = htons(FIRST_PORT + number % CLIENT_PORTS),
		.daddr = vip,
		.dport = htons(port),
		.seq = number,
	};
}

/* Who answers the packet that just came out. */
static struct side server_side(void)
{
	return (struct side){
		.dev = devs[1],
		.saddr = caught.daddr,
		.sport = caught.dport,
		.daddr = caught.saddr,
		.dport = caught.sport,
		.seq = 1U << 31,
	};
}

static void play_udp(u32 number, u32 data)
{
	struct side client = client_side(number), server;
	int i;

	for (i = 0; i < 2; i++) {
		if (!send_udp(&client))
			return;
		server = server_side();
		send_udp(&server);
	}
}

static void play_tcp(u32 number, u32 data)
{
	struct side client = client_side(number), server = { };

	if (!send_tcp(&client, &server, TCPHDR_SYN, 0))
		return;
	client.ack = 0;
	server = server_side();
	server.ack = client.seq;
	send_tcp(&server, &client, TCPHDR_SYN | TCPHDR_ACK, 0);
	send_tcp(&client, &server, TCPHDR_ACK, 0);
	while (data--) {
		send_tcp(&client, &server, TCPHDR_ACK | TCPHDR_PSH, PAYLOAD);
		send_tcp(&server, &client, TCPHDR_ACK | TCPHDR_PSH, PAYLOAD);
	}
	send_tcp(&client, &server, TCPHDR_ACK | TCPHDR_FIN, 0);
	send_tcp(&server, &client, TCPHDR_ACK | TCPHDR_FIN, 0);
	send_tcp(&client, &server, TCPHDR_ACK, 0);
}

/* Players share the statistics above: one at a time. */
static DEFINE_MUTEX(playing);

static int play(u32 first, u32 nr, u32 data, void (*one)(u32 number, u32 data))
{
	u64 start;
	u32 i;

	if (!in4_pton(vip_text, -1, (u8 *)&vip, -1, NULL))
		return -EINVAL;

	mutex_lock(&playing);
	packets = 0;
	lost = 0;
	start = ktime_get_ns();
	for (i = 0; i < nr; i++) {
		local_bh_disable();
		caught.waiting = true;
		one(first + i, data);
		caught.waiting = false;
		local_bh_enable();
		cond_resched();
	}
	nanoseconds = ktime_get_ns() - start;
	mutex_unlock(&playing);
	return 0;
}

static int prime_set(const char *val, const struct kernel_param *kp)
{
	u32 nr;
	int err = kstrtou32(val, 10, &nr);

	discard = false;
	return err ?: play(0, nr, 0, play_udp);
}

static int play_set(const char *val, const struct kernel_param *kp)
{
	/* The next connections are always new ones. */
	static u32 next = 1000000;
	char word[8] = "";
	u32 nr, data;
	int err;

	if (sscanf(val, "%u %u %7s", &nr, &data, word) < 2)
		return -EINVAL;
	discard = !strcmp(word, "discard");
	err = play(next, nr, data, play_tcp);
	next += nr;
	return err;
}

static int result_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%llu %llu %llu\n", packets, nanoseconds, lost);
}

/* What becomes of other traffic meanwhile. */
static struct {
	struct hrtimer timer;
	int flow;
	ktime_t last;
	u64 packets, longest, lost;
} watch = { .flow = -1 };

#define WATCH_EVERY	(200 * NSEC_PER_USEC)

/* The statistics of the players are theirs. */
static bool watch_send(void)
{
	struct side client = client_side(watch.flow);
	u64 played = packets, missed = lost;
	bool through;

	caught.waiting = true;
	through = send_udp(&client);
	caught.waiting = false;
	packets = played;
	lost = missed;
	return through;
}

static enum hrtimer_restart watch_expired(struct hrtimer *timer)
{
	ktime_t now;

	watch.packets++;
	if (watch_send()) {
		now = ktime_get();
		if (watch.last)
			watch.longest = max_t(u64, watch.longest, ktime_sub(now, watch.last));
		watch.last = now;
	} else {
		watch.lost++;
	}
	hrtimer_forward_now(timer, ns_to_ktime(WATCH_EVERY));
	return HRTIMER_RESTART;
}

static int watch_set(const char *val, const struct kernel_param *kp)
{
	int flow, err = kstrtoint(val, 10, &flow);

	if (err)
		return err;
	if (!in4_pton(vip_text, -1, (u8 *)&vip, -1, NULL))
		return -EINVAL;
	hrtimer_cancel(&watch.timer);
	watch.flow = flow;
	if (flow < 0)
		return 0;
	watch.last = 0;
	watch.packets = 0;
	watch.longest = 0;
	watch.lost = 0;
	hrtimer_start(&watch.timer, ns_to_ktime(WATCH_EVERY), HRTIMER_MODE_REL_SOFT);
	return 0;
}

static int gap_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%llu %llu %llu\n", watch.packets, watch.longest, watch.lost);
}

static const struct kernel_param_ops watch_ops = { .set = watch_set };
static const struct kernel_param_ops gap_ops = { .get = gap_get };
static const struct kernel_param_ops prime_ops = { .set = prime_set };
static const struct kernel_param_ops play_ops = { .set = play_set };
static const struct kernel_param_ops result_ops = { .get = result_get };
module_param_cb(prime, &prime_ops, NULL, 0200);
module_param_cb(play, &play_ops, NULL, 0200);
module_param_cb(result, &result_ops, NULL, 0444);
module_param_cb(watch, &watch_ops, NULL, 0200);
module_param_cb(gap, &gap_ops, NULL, 0444);

static int __init bench_init(void)
{
	int i, err;

	hrtimer_init(&watch.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	watch.timer.function = watch_expired;
	for (i = 0; i < 2; i++) {
		devs[i] = alloc_netdev(0, "bench%d", NET_NAME_ENUM, bench_setup);
		err = devs[i] ? register_netdev(devs[i]) : -ENOMEM;
		if (err)
			goto undo;
	}
	return 0;

undo:
	if (devs[i])
		free_netdev(devs[i]);
	while (i--) {
		unregister_netdev(devs[i]);
		free_netdev(devs[i]);
	}
	return err;
}

static void __exit bench_exit(void)
{
	int i;

	hrtimer_cancel(&watch.timer);
	for (i = 0; i < 2; i++) {
		unregister_netdev(devs[i]);
		free_netdev(devs[i]);
	}
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_DESCRIPTION("Clients and servers for measurements of nf_vip");
MODULE_LICENSE("GPL");
