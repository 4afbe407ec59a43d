// SPDX-License-Identifier: GPL-2.0
/* Makes small weights from the parts that backends get, which may be any real numbers. */
#include <math.h>
#include "import/import.h"

/*
 * How far weights may be from their parts for the sake of small numbers: a probability of
 * 0.333 is meant for a third, but who counts in turns means the number. From which
 * difference on a note says so.
 */
#define NEAR	0.01
#define EXACT	0.0005

/* With more turns than this nobody means a ratio. */
#define TURNS_MAX	2000

/* A list of parts in a note ends behind this many bytes. */
#define SAID_MAX	496

static double sum_of(const struct import_service *service, __u32 tier)
{
	const struct import_backend *backend;
	double sum = 0;

	TAILQ_FOREACH(backend, &service->backends, node)
		if (backend->tier == tier)
			sum += backend->part;
	return sum;
}

static double weight_for(const struct import_backend *backend, double sum, unsigned int turns)
{
	double weight = round(backend->part * turns / sum);

	return weight < 1 && backend->part > 0 ? 1 : fmin(weight, NF_VIP_WEIGHT_MAX);
}

/* How far, at worst, a backend is from its part with so many turns. */
static double error_of(const struct import_service *service, __u32 tier, double sum,
		       unsigned int turns)
{
	const struct import_backend *backend;
	double worst = 0, all = 0;

	TAILQ_FOREACH(backend, &service->backends, node)
		if (backend->tier == tier)
			all += weight_for(backend, sum, turns);
	TAILQ_FOREACH(backend, &service->backends, node) {
		if (backend->tier != tier || backend->part <= 0)
			continue;
		worst = fmax(worst, fabs(weight_for(backend, sum, turns) * sum /
					 (all * backend->part) - 1));
	}
	return worst;
}

static void say(struct import *im, struct import_service *service, __u32 tier, double sum)
{
	const struct import_backend *backend;
	const char *text = "";

	TAILQ_FOREACH(backend, &service->backends, node)
		if (backend->tier == tier && strlen(text) <= SAID_MAX)
			text = import_string(im, "%s%s%.3g %%", text, *text ? ", " : "",
					     100 * backend->part / sum);
	import_note(im, &service->notes, 0, "",
		    import_string(im, "the weights come near to %s%s", text,
				  strlen(text) > SAID_MAX ? ", ..." : ""));
}

static void weigh_tier(struct import *im, struct import_service *service, __u32 tier)
{
	unsigned int turns, best_turns = 1;
	double near = service->scheduler == NF_VIP_SCHED_RANDOM ? NEAR : EXACT;
	double sum = sum_of(service, tier), best = INFINITY, error;
	struct import_backend *backend;

	if (!(sum > 0))
		return;
	for (turns = 1; turns <= TURNS_MAX && best > near; turns++) {
		error = error_of(service, tier, sum, turns);
		if (error < best) {
			best = error;
			best_turns = turns;
		}
	}
	TAILQ_FOREACH(backend, &service->backends, node)
		if (backend->tier == tier)
			backend->weight = (__u32)weight_for(backend, sum, best_turns);
	if (best > EXACT)
		say(im, service, tier, sum);
}

void import_weigh(struct import *im, struct import_service *service)
{
	__u32 tier;

	for (tier = 1; tier <= NF_VIP_TIERS_MAX; tier++)
		weigh_tier(im, service, tier);
}
