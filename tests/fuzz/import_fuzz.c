// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on vipctl import. Whatever the rules are, what is printed is a
 * configuration that `vipctl check` takes, line by line what it seems to be,
 * and what is refused is refused with a sentence.
 */
#include <stdlib.h>
#include "config/model.h"
#include "import/import.h"

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

static void need(bool promise)
{
	if (!promise)
		abort();
}

static void check_sentence(const char *text)
{
	need(*text);
	for (; *text; text++)
		need(*text >= ' ' && *text <= '~');
}

static bool starts(const char *line, const char *with)
{
	return !strncmp(line, with, strlen(with));
}

/* No name or comment of the input begins a line of its own. */
static void check_lines(const char *text)
{
	const char *line;

	for (line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		need(!*line || *line == '\n' || *line == '#' || starts(line, "service vip") ||
		     starts(line, "backend vip"));
}

static void check_config(const struct import *im)
{
	const struct import_service *service;
	unsigned int nr_backends = 0;
	struct model model;
	size_t len = 0;
	char *text = NULL;
	FILE *to = open_memstream(&text, &len);

	need(to);
	import_print(to, im, "a\nservice x");
	fclose(to);
	check_lines(text);
	TAILQ_FOREACH(service, &im->services, node)
		nr_backends += service->nr_backends;
	model_init(&model);
	need(!model_read(&model, text, len));
	need(!model_check(&model));
	need(model.plan.nr_services == im->nr_services);
	need(model.plan.nr_backends == nr_backends);
	model_free(&model);
	free(text);
}

/* What begins with a dash is for ipvsadm, the rest for iptables. */
int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	bool ipvs = size && *data == '-';
	const struct import_note *note;
	struct import im;
	int err;

	import_init(&im, "a fuzzer");
	im.steps = 300000;
	err = (ipvs ? import_ipvs : import_iptables)(&im, (const char *)data, size);
	if (err) {
		check_sentence(im.error);
	} else {
		TAILQ_FOREACH(note, &im.not_taken, node) {
			check_sentence(note->rule);
			check_sentence(note->text);
		}
		check_config(&im);
	}
	import_free(&im);
	return 0;
}
