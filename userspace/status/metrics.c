// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "grammar/counter.h"
#include "nf_vip_pure.h"
#include "status/metrics.h"

enum type {
	GAUGE,
	COUNTER,
	INFO,
};

/**
 * struct sample - a sample of each object
 * @key: field of status; NULL: the sample is 1
 * @labels: more labels, or NULL
 * @is: the sample is 1 if the field has this value, else 0
 */
struct sample {
	const char *key;
	const char *labels;
	const char *is;
};

/**
 * struct family - metrics of one name
 * @name: without the _total of counters, and without the _info of INFO
 * @type: type of the metric
 * @kind: lines of status that the metric is made of
 * @help: what the metric is; NULL for a counter, whose table says so
 * @accounted: only while the service has accounting on
 * @info: fields that are labels, ended by NULL, for INFO
 * @samples: ended by an entry without @key
 */
struct family {
	const char *name;
	enum type type;
	const char *kind;
	const char *help;
	bool accounted;
	const char *info[4];
	struct sample samples[8];
};

static const struct family families[] = {
	{ "nf_vip_build", INFO, "nf_vip", "The module that is loaded.",
		.info = { "version" } },
	{ "nf_vip_generation", GAUGE, "nf_vip",
		"Grows by one with each transaction and each change of state, health or flag.",
		.samples = { { "generation" } } },
	{ "nf_vip_services", GAUGE, "nf_vip", "Services that are configured.",
		.samples = { { "services" } } },

	{ "nf_vip_service", INFO, "service", "What a service is.",
		.info = { "proto", "vip", "dev" } },
	{ "nf_vip_service_backends", GAUGE, "service", "Backends of the service.",
		.samples = { { "backends" } } },
	{ "nf_vip_service_usable_backends", GAUGE, "service", "Backends that may be chosen now.",
		.samples = { { "usable" } } },
	{ "nf_vip_service_few", GAUGE, "service",
		"1 while fewer backends are alive than min-live wants.",
		.samples = { { "few" } } },
	{ "nf_vip_service_live_connections", GAUGE, "service",
		"Connections that the service has now.", .samples = { { "live" } } },
	{ "nf_vip_service_connections", COUNTER, "service", .samples = { { "chosen" } } },
	{ "nf_vip_service_pinned_connections", COUNTER, "service", .samples = { { "pinned" } } },
	{ "nf_vip_service_refused", COUNTER, "service",
		"New connections that got no backend, by the reason.",
		.samples = {
			{ "empty", "reason=\"empty\"" }, { "full", "reason=\"full\"" },
			{ "clash", "reason=\"clash\"" }, { "no-route", "reason=\"no_route\"" },
			{ "no-memory", "reason=\"no_memory\"" },
		} },
	{ "nf_vip_service_held_packets", COUNTER, "service", .samples = { { "held" } } },
	{ "nf_vip_service_redispatched", COUNTER, "service", .samples = { { "redispatched" } } },
	{ "nf_vip_service_clients", GAUGE, "service", "Clients that persist remembers now.",
		.samples = { { "clients" } } },
	{ "nf_vip_service_clients_full", COUNTER, "service", .samples = { { "clients-full" } } },
	{ "nf_vip_service_packets", COUNTER, "service",
		"Packets from clients (in) and to them (out), while accounting is on.",
		.accounted = true, .samples = {
			{ "packets-in", "direction=\"in\"" },
			{ "packets-out", "direction=\"out\"" },
		} },
	{ "nf_vip_service_bytes", COUNTER, "service",
		"Bytes from clients (in) and to them (out), while accounting is on.",
		.accounted = true, .samples = {
			{ "bytes-in", "direction=\"in\"" }, { "bytes-out", "direction=\"out\"" },
		} },

	{ "nf_vip_backend", INFO, "backend", "Where a backend is.", .info = { "address" } },
	{ "nf_vip_backend_usable", GAUGE, "backend", "1 if the backend may be chosen now.",
		.samples = { { "usable" } } },
	{ "nf_vip_backend_up", GAUGE, "backend",
		"Health as the checker said; no sample while that is not known.",
		.samples = { { "up" } } },
	{ "nf_vip_backend_state", GAUGE, "backend", "1 for the state that the administrator wants.",
		.samples = {
			{ "state", "state=\"up\"", "up" }, { "state", "state=\"drain\"", "drain" },
			{ "state", "state=\"down\"", "down" },
		} },
	{ "nf_vip_backend_weight", GAUGE, "backend", "Weight.", .samples = { { "weight" } } },
	{ "nf_vip_backend_warm_percent", GAUGE, "backend", "Percent of the weight that counts.",
		.samples = { { "warm" } } },
	{ "nf_vip_backend_live_connections", GAUGE, "backend",
		"Connections that the backend has now.", .samples = { { "live" } } },
	{ "nf_vip_backend_max_connections", GAUGE, "backend",
		"Connections that it may have at a time; 0 is no limit.",
		.samples = { { "max-conns" } } },
	{ "nf_vip_backend_ejected_seconds", GAUGE, "backend",
		"Seconds until an ejected backend is tried again; 0 if it is not ejected.",
		.samples = { { "ejected" } } },
	{ "nf_vip_backend_leaving", GAUGE, "backend",
		"1 if the backend was deleted and has connections left.",
		.samples = { { "leaving" } } },
	{ "nf_vip_backend_connections", COUNTER, "backend", .samples = { { "chosen" } } },
	{ "nf_vip_backend_pinned_connections", COUNTER, "backend", .samples = { { "pinned" } } },
	{ "nf_vip_backend_failed_connections", COUNTER, "backend", .samples = { { "failed" } } },
	{ "nf_vip_backend_packets", COUNTER, "backend",
		"Packets to the backend (in) and from it (out), while accounting is on.",
		.accounted = true, .samples = {
			{ "packets-in", "direction=\"in\"" },
			{ "packets-out", "direction=\"out\"" },
		} },
	{ "nf_vip_backend_bytes", COUNTER, "backend",
		"Bytes to the backend (in) and from it (out), while accounting is on.",
		.accounted = true, .samples = {
			{ "bytes-in", "direction=\"in\"" }, { "bytes-out", "direction=\"out\"" },
		} },
};

/* A value may have quotes and backslashes, as names of interfaces may. */
static void write_label(FILE *to, const char *name, const char *value, size_t len)
{
	size_t i;

	fprintf(to, "%s=\"", name);
	for (i = 0; i < len; i++) {
		if (strchr("\\\"\n", value[i]))
			putc('\\', to);
		putc(value[i] == '\n' ? 'n' : value[i], to);
	}
	putc('"', to);
}

/* Separates labels by commas: @nr counts the labels so far. */
static void separate(FILE *to, unsigned int *nr)
{
	putc((*nr)++ ? ',' : '{', to);
}

static void write_labels(FILE *to, const struct family *family, const struct sample *sample,
			 const struct status_line *line)
{
	size_t len = strcspn(line->name, "/");
	unsigned int i, nr = 0;

	if (len) {
		separate(to, &nr);
		write_label(to, "service", line->name, len);
	}
	if (line->name[len]) {
		separate(to, &nr);
		write_label(to, "backend", line->name + len + 1, strlen(line->name + len + 1));
	}
	for (i = 0; family->info[i]; i++) {
		const char *value = status_get(line, family->info[i]);

		separate(to, &nr);
		write_label(to, family->info[i], value, strlen(value));
	}
	if (sample->labels) {
		separate(to, &nr);
		fputs(sample->labels, to);
	}
	if (nr)
		putc('}', to);
}

static const char *sample_value(const struct sample *sample, const struct status_line *line)
{
	const char *value;

	if (!sample->key)
		return "1";
	value = status_get(line, sample->key);
	if (sample->is)
		return strcmp(value, sample->is) ? "0" : "1";
	return value;
}

/* A value that is not a number is unknown: "unknown", or a field of a newer module. */
static void write_sample(FILE *to, const struct family *family, const struct sample *sample,
			 const struct status_line *line)
{
	static const char * const suffixes[] = {
		[GAUGE] = "", [COUNTER] = "_total", [INFO] = "_info",
	};
	const char *value = sample_value(sample, line);

	if (!*value || value[strspn(value, "0123456789")])
		return;
	fprintf(to, "%s%s", family->name, suffixes[family->type]);
	write_labels(to, family, sample, line);
	fprintf(to, " %s\n", value);
}

static void write_samples(FILE *to, const struct family *family, const struct status_line *line)
{
	const struct sample *sample = family->samples;

	do {
		write_sample(to, family, sample, line);
		sample++;
	} while (sample->key);
}

static bool is_of(const struct family *family, const char *kind, const char *key)
{
	const struct sample *sample = family->samples;
	bool found = false;

	if (strcmp(family->kind, kind))
		return false;
	for (; sample->key; sample++)
		found |= !strcmp(sample->key, key);
	return found;
}

static const char *help_of(const struct family *family)
{
	const struct nf_vip_counter *counters;
	unsigned int i, nr;

	counters = nf_vip_counters_of(!strcmp(family->kind, "service"), &nr);
	for (i = 0; i < nr && !family->help; i++)
		if (counters[i].name && is_of(family, family->kind, counters[i].name))
			return counters[i].help;
	return family->help;
}

/* OpenMetrics declares the name of the family, Prometheus' text format that of the samples. */
static void write_head(FILE *to, const struct family *family, bool openmetrics)
{
	static const struct {
		const char *suffix;
		const char *type;
	} plain[] = {
		[GAUGE] = { "", "gauge" }, [COUNTER] = { "_total", "counter" },
		[INFO] = { "_info", "gauge" },
	}, open[] = {
		[GAUGE] = { "", "gauge" }, [COUNTER] = { "", "counter" },
		[INFO] = { "", "info" },
	};
	const char *suffix = (openmetrics ? open : plain)[family->type].suffix;
	const char *type = (openmetrics ? open : plain)[family->type].type;

	fprintf(to, "# HELP %s%s %s\n# TYPE %s%s %s\n", family->name, suffix, help_of(family),
		family->name, suffix, type);
}

static void write_family(FILE *to, const struct family *family, const struct snapshot *snapshot)
{
	bool accounting = false;
	size_t i;

	for (i = 0; i < snapshot->nr; i++) {
		const struct status_line *line = &snapshot->lines[i];

		if (snapshot_is(snapshot, i, "service"))
			accounting = status_is(line, "accounting", "on");
		if (snapshot_is(snapshot, i, family->kind) && (accounting || !family->accounted))
			write_samples(to, family, line);
	}
}

static void write_whole(FILE *to, const struct family *family, const struct snapshot *snapshot,
			bool openmetrics)
{
	write_head(to, family, openmetrics);
	write_family(to, family, snapshot);
}

/* Counters that are in no family above have metrics of their own names. */
static void write_others(FILE *to, const char *kind, const struct snapshot *snapshot,
			 bool openmetrics)
{
	const struct nf_vip_counter *counters;
	unsigned int i, nr;
	char name[64];
	size_t at;

	counters = nf_vip_counters_of(!strcmp(kind, "service"), &nr);
	for (i = 0; i < nr; i++) {
		struct family family = { .name = name, .type = COUNTER, .kind = kind };
		bool known = !counters[i].name;

		for (at = 0; at < ARRAY_SIZE(families) && !known; at++)
			known = is_of(&families[at], kind, counters[i].name);
		if (known)
			continue;
		snprintf(name, sizeof(name), "nf_vip_%s_%s", kind, counters[i].name);
		for (at = 0; name[at]; at++)
			if (name[at] == '-')
				name[at] = '_';
		family.samples[0].key = counters[i].name;
		write_whole(to, &family, snapshot, openmetrics);
	}
}

int metrics_write(const struct snapshot *snapshot, bool openmetrics, struct text *out)
{
	FILE *to = open_memstream(&out->data, &out->len);
	size_t i;

	if (!to)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(families); i++)
		write_whole(to, &families[i], snapshot, openmetrics);
	write_others(to, "service", snapshot, openmetrics);
	write_others(to, "backend", snapshot, openmetrics);
	fputs("# EOF\n", to);
	return fclose(to) ? -ENOMEM : 0;
}
