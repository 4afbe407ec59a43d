// SPDX-License-Identifier: GPL-2.0
/* The commands that `ipvsadm -Sn` prints, and `ipvsadm -R` reads. */
#include <arpa/inet.h>
#include <search.h>
#include "import/import.h"

#define WORDS_MAX	64

/* A service of IPVS, found by the words that name it; @service is NULL if it was not taken. */
struct virtual {
	char key[128];
	struct import_service *service;
	bool weighted;
};

/* A line of the input, as far as it was understood. */
struct command {
	unsigned int line;
	const char *text;
	bool adds_service;
	bool adds_server;
	__u8 proto;
	const char *where;
	bool v6;
	const char *scheduler;
	const char *flags;
	__u32 persist;
	const char *mask;
	const char *server;
	char method;
	__u32 weight;
	__u32 upper;
	const char *refused;
};

struct reader {
	struct import *im;
	void *virtuals;
};

static int by_key(const void *a, const void *b)
{
	const struct virtual *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static void refuse(struct command *c, const char *why)
{
	if (!c->refused)
		c->refused = why;
}

static bool take_where(struct command *c, const char *option, const char *value)
{
	static const struct {
		const char *option;
		__u8 proto;
	} kinds[] = {
		{ "-t", IPPROTO_TCP }, { "--tcp-service", IPPROTO_TCP },
		{ "-u", IPPROTO_UDP }, { "--udp-service", IPPROTO_UDP },
		{ "--sctp-service", IPPROTO_SCTP },
		{ "-f", NF_VIP_PROTO_FWMARK }, { "--fwmark-service", NF_VIP_PROTO_FWMARK },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(option, kinds[i].option))
			continue;
		c->proto = kinds[i].proto;
		c->where = value;
		return true;
	}
	return false;
}

static bool is_option(const char *word, const char *option, const char *name)
{
	return !strcmp(word, option) || !strcmp(word, name);
}

/* Takes an option without a value. */
static bool take_word(struct command *c, const char *word)
{
	if (is_option(word, "-A", "--add-service"))
		c->adds_service = true;
	else if (is_option(word, "-a", "--add-server"))
		c->adds_server = true;
	else if (is_option(word, "-m", "--masquerading") || is_option(word, "-g", "--gatewaying") ||
		 is_option(word, "-i", "--ipip"))
		c->method = word[1] == '-' ? word[2] : word[1];
	else if (is_option(word, "-6", "--ipv6"))
		c->v6 = true;
	else if (is_option(word, "-o", "--ops"))
		refuse(c, "nf_vip has nothing like -o, it balances flows, not packets");
	else
		return false;
	return true;
}

static bool take_number(struct command *c, const char *option, const char *value)
{
	__u32 ignored, *to = &ignored;

	if (is_option(option, "-p", "--persistent"))
		to = &c->persist;
	else if (is_option(option, "-w", "--weight"))
		to = &c->weight;
	else if (is_option(option, "-x", "--u-threshold"))
		to = &c->upper;
	else if (!is_option(option, "-y", "--l-threshold"))
		return false;
	if (!words_number(value, 0x7fffffff, to))
		refuse(c, "a number that cannot be read");
	else if (to == &ignored && ignored)
		refuse(c, "nf_vip has nothing like -y, fewer than -x is enough");
	return true;
}

static bool take_value(struct command *c, const char *option, const char *value)
{
	if (take_where(c, option, value) || take_number(c, option, value))
		return true;
	if (is_option(option, "-s", "--scheduler"))
		c->scheduler = value;
	else if (is_option(option, "-b", "--sched-flags"))
		c->flags = value;
	else if (is_option(option, "-M", "--netmask"))
		c->mask = value;
	else if (is_option(option, "-r", "--real-server"))
		c->server = value;
	else if (!strcmp(option, "--pe"))
		refuse(c, "nf_vip has nothing like --pe");
	else
		return false;
	return true;
}

static void read_words(struct import *im, struct command *c, char **words, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (take_word(c, words[i]))
			continue;
		if (i + 1 < nr && take_value(c, words[i], words[i + 1])) {
			i++;
			continue;
		}
		refuse(c, import_string(im, "nf_vip has nothing like %.30s", words[i]));
		while (i + 1 < nr && words[i + 1][0] != '-')
			i++;
	}
}

/* Reads ADDR:PORT or [ADDR6]:PORT. */
static bool parse_endpoint(const char *text, struct ip_address *address, __u16 *port)
{
	const char *colon = strrchr(text, ':');
	__u32 number;

	if (!colon || !words_address(text, (size_t)(colon - text), address) ||
	    !words_number(colon + 1, NF_VIP_PORT_LAST, &number))
		return false;
	*port = (__u16)number;
	return true;
}

static bool set_scheduler(struct import *im, struct command *c, struct virtual *virtual,
			  struct import_service *service)
{
	static const struct {
		const char *name;
		enum nf_vip_scheduler scheduler;
		bool weighted;
		const char *note;
	} all[] = {
		{ "rr", NF_VIP_SCHED_NTH, false, NULL },
		{ "wrr", NF_VIP_SCHED_NTH, true, NULL },
		{ "lc", NF_VIP_SCHED_LEAST, false, NULL },
		{ "wlc", NF_VIP_SCHED_LEAST, true, NULL },
		{ "sed", NF_VIP_SCHED_LEAST, true, "sed became least, which is like wlc" },
		{ "nq", NF_VIP_SCHED_LEAST, true, "nq became least, which is like wlc" },
		{ "sh", NF_VIP_SCHED_HASH, true, NULL },
		{ "mh", NF_VIP_SCHED_HASH, true, NULL },
		{ "dh", NF_VIP_SCHED_HASH, true,
		  "dh looks at the destination, hash at the client" },
	};
	const char *name = c->scheduler ? c->scheduler : "wlc";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (!strcmp(name, all[i].name))
			break;
	if (i == ARRAY_SIZE(all)) {
		c->refused = import_string(im, "nf_vip has nothing like the scheduler %.20s", name);
		return false;
	}
	service->scheduler = all[i].scheduler;
	service->hash_ports = c->flags && (strstr(c->flags, "-port") || strstr(c->flags, "flag-2"));
	virtual->weighted = all[i].weighted;
	if (all[i].note)
		import_note(im, &service->notes, 0, "", all[i].note);
	return true;
}

/* Takes a mask like 255.255.255.0, or for IPv6 a number of bits. */
static bool set_mask(const struct command *c, struct import_service *service)
{
	struct ip_address mask;
	__u32 host;

	if (!c->mask)
		return true;
	if (words_number(c->mask, 128, &service->mask)) {
		if (service->mask == (service->family == NFPROTO_IPV6 ? 128 : 32))
			service->mask = 0;
		return true;
	}
	if (!words_address(c->mask, strlen(c->mask), &mask) || mask.family != NFPROTO_IPV4)
		return false;
	host = ~ntohl(mask.addr.ip);
	service->mask = host ? (__u32)__builtin_clz(host) : 0;
	return !(host & (host + 1)) && host != 0xffffffff;
}

static bool set_where(const struct command *c, struct import_service *service)
{
	struct import_vip *vip = &service->vips[0];
	__u16 port;

	service->proto = c->proto;
	service->family = c->v6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	if (c->proto == NF_VIP_PROTO_FWMARK)
		return words_number(c->where, 0xffffffff, &service->fwmark) && service->fwmark;
	if (!parse_endpoint(c->where, &vip->address, &port))
		return false;
	service->family = (__u8)vip->address.family;
	vip->first = port ? port : NF_VIP_PORT_FIRST;
	vip->last = port ? port : NF_VIP_PORT_LAST;
	service->nr_vips = 1;
	return true;
}

static void add_not_taken(struct import *im, const struct command *c, const char *why)
{
	import_note(im, &im->not_taken, c->line, c->text, why);
}

static void name_virtual(const struct command *c, struct virtual *virtual)
{
	snprintf(virtual->key, sizeof(virtual->key), "%u %s %s", c->proto,
		 c->proto == NF_VIP_PROTO_FWMARK && c->v6 ? "6" : "", c->where);
}

static int add_virtual(struct reader *r, struct command *c)
{
	struct virtual *virtual = arena_alloc(&r->im->arena, sizeof(*virtual));
	struct import_service *service = import_add_service(r->im);
	void *node;

	name_virtual(c, virtual);
	node = tsearch(virtual, &r->virtuals, by_key);
	if (!node)
		return import_refuse(r->im, 0, "out of memory");
	import_note(r->im, &service->notes, c->line, "", c->text);
	if (*(struct virtual **)node != virtual)
		c->refused = "this service was there before";
	else if (!set_where(c, service))
		c->refused = "expected ADDRESS:PORT or a mark";
	else if (set_scheduler(r->im, c, virtual, service))
		virtual->service = service;
	if (c->persist > NF_VIP_PERSIST_MAX)
		c->persist = NF_VIP_PERSIST_MAX;
	service->persist = c->persist;
	if (!set_mask(c, service))
		refuse(c, "expected a netmask");
	if (!service->persist)
		service->mask = 0;
	if (c->refused)
		add_not_taken(r->im, c, c->refused);
	if (!virtual->service)
		import_remove_service(r->im, service);
	return 0;
}

static void add_server(struct reader *r, struct command *c)
{
	struct import_backend *backend;
	struct virtual key, **found;

	name_virtual(c, &key);
	found = tfind(&key, &r->virtuals, by_key);
	backend = arena_alloc(&r->im->arena, sizeof(*backend));
	if (!found)
		c->refused = "no service of that address was added before";
	else if (!(*found)->service)
		c->refused = "its service was not taken";
	else if (c->method != 'm')
		c->refused = c->method == 'i' ?
			     "nf_vip translates addresses, it has no tunnels (-i)" :
			     "nf_vip translates addresses, it has no direct routing (-g)";
	else if (!c->server || !parse_endpoint(c->server, &backend->address, &backend->port))
		c->refused = "expected -r ADDRESS:PORT";
	else if ((*found)->service->nr_backends == NF_VIP_BACKENDS_MAX)
		c->refused = "more backends than a service may have";
	if (c->refused)
		add_not_taken(r->im, c, c->refused);
	if (!found || !(*found)->service || c->method != 'm' || !backend->address.family)
		return;
	if ((*found)->service->nr_backends == NF_VIP_BACKENDS_MAX)
		return;
	backend->tier = 1;
	backend->line = c->line;
	backend->text = c->text;
	backend->part = (*found)->weighted ? c->weight : !!c->weight;
	backend->max_conns = c->upper;
	TAILQ_INSERT_TAIL(&(*found)->service->backends, backend, node);
	(*found)->service->nr_backends++;
}

static int read_line(struct reader *r, char *line, unsigned int number)
{
	struct command c = { .line = number, .weight = 1, .method = 'g' };
	char *words[WORDS_MAX];
	int nr;

	line += strspn(line, " ");
	if (!*line || *line == '#')
		return 0;
	c.text = import_string(r->im, "%s", line);
	nr = words_split(line, words, ARRAY_SIZE(words));
	if (nr < 0)
		return import_refuse(r->im, number, "more than %d words, or an open quote",
				     WORDS_MAX);
	read_words(r->im, &c, words, nr);
	if (words[0][0] != '-' || c.adds_service == c.adds_server || !c.where)
		return import_refuse(r->im, number,
				     "expected what ipvsadm -Sn prints, -A or -a and a service");
	if (number > IMPORT_RULES_MAX)
		return import_refuse(r->im, number, "more than %d lines", IMPORT_RULES_MAX);
	if (c.adds_service)
		return add_virtual(r, &c);
	add_server(r, &c);
	return 0;
}

static void keep(void *node)
{
	(void)node;
}

int import_ipvs(struct import *im, const char *text, size_t len)
{
	const char *at = text, *end = text + len;
	struct reader r = { .im = im };
	struct import_service *service;
	char line[IMPORT_LINE_MAX + 1];
	unsigned int number = 0;
	int err;

	while ((err = import_next_line(im, &at, end, &number, line)) > 0) {
		err = read_line(&r, line, number);
		if (err)
			break;
	}
	tdestroy(r.virtuals, keep);
	if (err)
		return err;
	TAILQ_FOREACH(service, &im->services, node)
		import_weigh(im, service);
	return import_finish(im);
}
