// SPDX-License-Identifier: GPL-2.0
/*
 * usage: same FILE... | same -n TEXTS SEED
 *
 * In a guest, with the module loaded: does `vipctl check` say of a file what the module says when
 * apply writes it? Each file, or each of so many texts that are made of SEED, is checked here with
 * vipctl's code and written into config. Prints what is not the same, and how often each kind of
 * refusal was seen: a kind that never is proves nothing, and is a failure, too.
 */
#include <fcntl.h>
#include <unistd.h>
#include "../fuzz/say.h"
#include "config/model.h"
#include "lib/text.h"

#define PROC	"/proc/net/nf_vip/"
#define REPLACE	"replace;"

/* Among so many texts there is each kind of refusal. */
enum { TEXT_SIZE = 1 << 16, ENOUGH = 4000 };

/* Of what plan refuses, what texts of a few objects can get. */
static const char * const kinds[] = {
	"service \"s1\": stated on line",
	"/b1\": stated on line",
	"confirm: stated on line",
	"fastpath: stated on line",
	"service \"s1\": expected one that exists",
	"/b1\": expected one that exists",
	"fastpath: expected one that exists",
	"goes with udp only",
	"confirm: expected no other statement",
	"revert: expected no other statement",
	"expected an IPv4 address",
	"expected an IPv6 address",
	"another backend has it",
	"another service has 10",
	"another service has ports of",
	"another service has [",
	"another service has fwmark",
};

enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

static unsigned int seen[KINDS], nr_good;

static const char *one_of(struct dice *dice, const char * const *words, unsigned int nr)
{
	return words[dice_roll(dice, nr)];
}

#define ONE_OF(dice, ...) \
	one_of(dice, (const char * const []){ __VA_ARGS__ }, \
	       sizeof((const char * const []){ __VA_ARGS__ }) / sizeof(char *))

/* A port, all ports, or a range among few, so that they meet. */
static void say_ports(struct dice *dice, FILE *to)
{
	unsigned int first = 1 + dice_roll(dice, 30);

	if (!dice_roll(dice, 12))
		fputs("*", to);
	else if (dice_roll(dice, 2))
		fprintf(to, "%u", 1 + first / 4);
	else
		fprintf(to, "%u-%u", first, first + 1 + dice_roll(dice, 8));
}

/* Returns whether it is IPv6. */
static bool say_service(struct dice *dice, FILE *to, unsigned int nr)
{
	const char *dev = dice_roll(dice, 3) ? "" : ONE_OF(dice, " dev lo", " dev wan");
	bool six = !dice_roll(dice, 3);
	unsigned int vips = 1 + dice_roll(dice, 2);

	fprintf(to, "service s%u ", nr);
	if (!dice_roll(dice, 6)) {
		fprintf(to, "fwmark %u%s%s\n", 1 + dice_roll(dice, 6),
			six ? " family ipv6" : "", dev);
		return six;
	}
	fputs(ONE_OF(dice, "tcp", "udp"), to);
	while (vips--) {
		fprintf(to, six ? " [2001:db8::%u]:" : " 10.0.0.%u:",
			1 + vips + dice_roll(dice, six ? 1 : 3));
		say_ports(dice, to);
	}
	fprintf(to, "%s%s\n", dev, ONE_OF(dice, "", " scheduler hash", " scheduler least"));
	return six;
}

static void say_backend(struct dice *dice, FILE *to, unsigned int service, unsigned int nr,
			bool six)
{
	fprintf(to, "backend s%u/b%u %s", service, nr,
		six == !!dice_roll(dice, 40) ? "fd00::1" : "192.168.0.1");
	if (!dice_roll(dice, 5))
		fprintf(to, " mark %u", 1 + dice_roll(dice, 20));
	fprintf(to, " weight %u\n", dice_roll(dice, 1001));
}

static void say_change(struct dice *dice, FILE *to)
{
	unsigned int service = dice_roll(dice, 6), backend = dice_roll(dice, 3);

	switch (dice_roll(dice, 9)) {
	case 0:
		fprintf(to, "set service s%u %s\n", service,
			ONE_OF(dice, "dev lo", "dev -", "repick 5", "scheduler nth"));
		break;
	case 1:
	case 2:
		fprintf(to, "set backend s%u/b%u %s\n", service, backend,
			ONE_OF(dice, "weight 7", "mark 1", "mark 21", "state down"));
		break;
	case 3:
		fprintf(to, "delete service s%u\n", service);
		break;
	case 4:
		fprintf(to, "delete backend s%u/b%u%s\n", service, backend,
			ONE_OF(dice, "", " force"));
		break;
	case 5:
		say_service(dice, to, service);
		break;
	case 6:
		say_backend(dice, to, service, backend, false);
		break;
	default:
		fprintf(to, "%s\n", ONE_OF(dice, "confirm 60", "confirm", "revert", "flush",
					   "fastpath lo wan", "fastpath lo", "delete fastpath",
					   "confirm 5"));
	}
}

/* Mostly services in their order with their backends, of which most fit together. */
static size_t say(struct dice *dice, char *text)
{
	unsigned int services = 1 + dice_roll(dice, 6), changes, i, j;
	FILE *to = fmemopen(text, TEXT_SIZE, "w");
	long len;

	if (!to)
		return 0;
	if (!dice_roll(dice, 8))
		fputs("replace\n", to);
	for (i = 0; i < services; i++) {
		bool six = say_service(dice, to, i);

		for (j = dice_roll(dice, 4); j; j--)
			say_backend(dice, to, i, j - 1, six);
	}
	for (changes = dice_roll(dice, 2) ? 0 : dice_roll(dice, 6); changes; changes--)
		say_change(dice, to);
	len = ftell(to);
	fclose(to);
	return len;
}

static bool put(const char *text, size_t len)
{
	int fd = open(PROC "config", O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, len) == (ssize_t)len;

	if (fd >= 0)
		close(fd);
	return good;
}

/* What apply makes of a text that does not begin with replace. */
static bool apply(const struct text *text)
{
	struct nf_vip_statement st;
	struct text whole = { 0 };
	struct nf_vip_parser p;
	bool good;

	nf_vip_parse_start(&p, text->data, text->len);
	if (nf_vip_parse_next(&p, &st) == 1 && st.verb == NF_VIP_REPLACE)
		return put(text->data, text->len);
	good = !text_append(&whole, REPLACE, strlen(REPLACE)) &&
	       !text_append(&whole, text->data, text->len) && put(whole.data, whole.len);
	text_free(&whole);
	return good;
}

static void ask_module(const struct text *text, char sentence[NF_VIP_ERROR_MAX])
{
	bool good = apply(text);
	int fd = open(PROC "error", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, sentence, NF_VIP_ERROR_MAX - 1);

	if (fd >= 0)
		close(fd);
	sentence[len > 0 ? len : 0] = '\0';
	sentence[strcspn(sentence, "\n")] = '\0';
	if (good == !!sentence[0])
		snprintf(sentence, NF_VIP_ERROR_MAX, "%s", good ? "takes what it refuses" :
							    "refuses without a sentence");
}

static void count_kind(const char *sentence)
{
	unsigned int i;

	nr_good += !*sentence;
	for (i = 0; i < KINDS; i++)
		if (strstr(sentence, kinds[i]))
			seen[i]++;
}

/* Is it the same? A change that waits to be confirmed makes way for the next text. */
static bool compare(const char *name, const struct text *text)
{
	char sentence[NF_VIP_ERROR_MAX];
	struct model model;
	bool same;
	int err;

	model_init(&model);
	err = model_read(&model, REPLACE, strlen(REPLACE));
	if (!err)
		err = model_read(&model, text->data, text->len);
	if (!err)
		err = model_check(&model);
	ask_module(text, sentence);
	if (!err && model.plan.action == NF_VIP_CONFIRM_WAIT && !put("confirm", 7))
		snprintf(sentence, sizeof(sentence), "confirms nothing");
	same = !strcmp(sentence, model.plan.error) && !err == !sentence[0];
	if (!same)
		printf("%s:\n%.*s\nthe module: %s\ncheck: %s\n", name, (int)text->len,
		       text->data, sentence, model.plan.error);
	count_kind(sentence);
	model_free(&model);
	return same;
}

static bool compare_texts(unsigned int nr, unsigned long seed)
{
	struct dice dice = { .state = seed * 0x9e3779b97f4a7c15ULL | 1 };
	static char room[TEXT_SIZE];
	unsigned int i, j;
	bool same = true;

	for (i = 0; i < nr; i++) {
		size_t len = i % 8 ? say(&dice, room) : say_text(&dice, room, sizeof(room));

		same &= compare("a text", &(struct text){ .data = room, .len = len });
	}
	for (j = 0; nr >= ENOUGH && j < KINDS; j++) {
		if (seen[j])
			continue;
		printf("no text was refused with %s\n", kinds[j]);
		same = false;
	}
	fprintf(stderr, "%u texts, %u of them good\n", nr, nr_good);
	return same;
}

static bool compare_file(const char *path)
{
	struct text text = { 0 };
	bool same;

	if (text_read_file(&text, path, NF_VIP_TEXT_MAX)) {
		printf("%s cannot be read\n", path);
		return false;
	}
	same = compare(path, &text);
	text_free(&text);
	return same;
}

int main(int argc, char **argv)
{
	bool same = argc > 1;
	int i;

	if (argc == 4 && !strcmp(argv[1], "-n"))
		return !compare_texts(atoi(argv[2]), strtoul(argv[3], NULL, 0));
	for (i = 1; i < argc; i++)
		same &= compare_file(argv[i]);
	return !same;
}
