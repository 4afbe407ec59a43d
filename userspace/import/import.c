// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include "config/model.h"
#include "import/import.h"

/*
 * How many services that clash with another set of rules are dropped before the
 * input is refused.
 */
#define CLASHES_MAX	64

/* Takes a few seconds, and is enough for the rules of thousands of services. */
#define STEPS_MAX	400000000UL

void import_init(struct import *im, const char *kind)
{
	memset(im, 0, sizeof(*im));
	im->kind = kind;
	im->steps = STEPS_MAX;
	TAILQ_INIT(&im->services);
	TAILQ_INIT(&im->not_taken);
}

int import_refuse(struct import *im, unsigned int line, const char *format, ...)
{
	int at = 0;
	va_list args;

	if (line)
		at = snprintf(im->error, sizeof(im->error), "line %u: ", line);
	va_start(args, format);
	vsnprintf(im->error + at, sizeof(im->error) - (size_t)at, format, args);
	va_end(args);
	return -EINVAL;
}

int import_next_line(struct import *im, const char **at, const char *end,
		     unsigned int *number, char line[IMPORT_LINE_MAX + 1])
{
	const char *newline;
	size_t len, i;

	if (*at == end)
		return 0;
	++*number;
	newline = memchr(*at, '\n', (size_t)(end - *at));
	len = (size_t)((newline ? newline : end) - *at);
	if (len > IMPORT_LINE_MAX)
		return import_refuse(im, *number, "longer than %d bytes", IMPORT_LINE_MAX);
	for (i = 0; i < len; i++)
		line[i] = isblank((*at)[i]) || (*at)[i] == '\r' ? ' ' :
			  isprint((unsigned char)(*at)[i]) ? (*at)[i] : '?';
	while (len && line[len - 1] == ' ')
		len--;
	line[len] = '\0';
	*at = newline ? newline + 1 : end;
	return 1;
}

/* How much of a rule a message shows; more would tell nothing. */
#define SHOWN_MAX	240

void import_note(struct import *im, struct import_notes *list, unsigned int line,
		 const char *rule, const char *text)
{
	struct import_note *note = arena_alloc(&im->arena, sizeof(*note)), *before;
	size_t len = strlen(rule);

	note->line = line;
	note->rule = import_string(im, "%.*s%s", SHOWN_MAX, rule,
				   len > SHOWN_MAX ? "..." : "");
	note->text = text;
	/* Notes mostly come in order, so look from the end. */
	TAILQ_FOREACH_REVERSE(before, list, import_notes, node)
		if (before->line <= line)
			break;
	if (before)
		TAILQ_INSERT_AFTER(list, before, note, node);
	else
		TAILQ_INSERT_HEAD(list, note, node);
}

struct import_service *import_add_service(struct import *im)
{
	struct import_service *service = arena_alloc(&im->arena, sizeof(*service));

	TAILQ_INIT(&service->backends);
	TAILQ_INIT(&service->notes);
	TAILQ_INSERT_TAIL(&im->services, service, node);
	im->nr_services++;
	return service;
}

struct import_backend *import_add_backend(struct import *im, struct import_service *service)
{
	struct import_backend *backend = arena_alloc(&im->arena, sizeof(*backend));

	backend->tier = 1;
	TAILQ_INSERT_TAIL(&service->backends, backend, node);
	service->nr_backends++;
	return backend;
}

void import_remove_service(struct import *im, struct import_service *service)
{
	TAILQ_REMOVE(&im->services, service, node);
	im->nr_services--;
}

/* The first line of the input that a service is made of, to blame it. */
static unsigned int line_of(const struct import_service *service)
{
	const struct import_note *note;

	TAILQ_FOREACH(note, &service->notes, node)
		if (note->line)
			return note->line;
	return 0;
}

/* Would the kernel take one service, or all of them if @service is NULL? */
static int check(const struct import *im, const struct import_service *service,
		 char why[NF_VIP_ERROR_MAX])
{
	const struct import_service *each;
	struct model model;
	size_t len = 0;
	char *text = NULL;
	FILE *to = open_memstream(&text, &len);
	int err;

	if (!to) {
		snprintf(why, NF_VIP_ERROR_MAX, "out of memory");
		return -ENOMEM;
	}
	TAILQ_FOREACH(each, &im->services, node)
		if (!service || each == service)
			import_print_service(to, each);
	fclose(to);
	model_init(&model);
	err = model_read(&model, text, len);
	if (!err)
		err = model_check(&model);
	/*
	 * A name in the input may have bytes that end a word: no such name may
	 * become a statement.
	 */
	if (!err && service &&
	    (model.plan.nr_services != 1 || model.plan.nr_backends != service->nr_backends))
		err = nf_vip_plan_refuse(&model.plan, 0, -EINVAL,
					 "a name has bytes that end a word");
	snprintf(why, NF_VIP_ERROR_MAX, "%s", model.plan.error);
	model_free(&model);
	free(text);
	return err;
}

/* Sorted by mark; of two with the same mark the one that is stated first stays first. */
struct claim {
	struct import_backend *backend;
	struct import_service *service;
	unsigned int order;
};

static int by_mark(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->backend->mark != y->backend->mark)
		return x->backend->mark < y->backend->mark ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static unsigned int collect_claims(struct import *im, struct claim *claims)
{
	struct import_service *service;
	struct import_backend *backend;
	unsigned int nr = 0;

	TAILQ_FOREACH(service, &im->services, node) {
		TAILQ_FOREACH(backend, &service->backends, node) {
			if (!backend->mark)
				continue;
			if (claims)
				claims[nr] = (struct claim){ backend, service, nr };
			nr++;
		}
	}
	return nr;
}

/* A mark belongs to one backend: any later backend with that mark gets another one. */
static void settle_marks(struct import *im)
{
	unsigned int nr = collect_claims(im, NULL), i;
	struct claim *claims = arena_alloc(&im->arena, (nr + 1) * sizeof(*claims));
	__u32 last = 0;

	collect_claims(im, claims);
	qsort(claims, nr, sizeof(*claims), by_mark);
	for (i = 0; i < nr; i++) {
		struct import_backend *backend = claims[i].backend;

		if (backend->mark & ~NF_VIP_DEFAULT_MARK_MASK)
			import_note(im, &claims[i].service->notes, 0, "",
				    import_string(im, "mark 0x%x needs a mark_mask= with its bits",
						  backend->mark));
		if (backend->mark != last) {
			last = backend->mark;
			continue;
		}
		import_note(im, &claims[i].service->notes, 0, "",
			    import_string(im, "mark 0x%x is another backend's: one gets another",
					  backend->mark));
		backend->mark = 0;
	}
}

/* Line numbers of the printed configuration are not those of the input. */
static const char *without_line(struct import *im, const char *why)
{
	const char *colon = strchr(why, ':');

	if (colon && !strncmp(why, "line ", strlen("line ")))
		why = colon + 2;
	return import_string(im, "%s", why);
}

static void drop(struct import *im, struct import_service *service, const char *why)
{
	import_remove_service(im, service);
	import_note(im, &im->not_taken, line_of(service), "a service", without_line(im, why));
}

/* The server that a refusal of a service is about, if the service can do without the server. */
static struct import_backend *blamed_backend(const struct import_service *service, const char *why)
{
	struct import_backend *backend;
	unsigned int line, at = 2;

	if (sscanf(why, "line %u:", &line) != 1)
		return NULL;
	TAILQ_FOREACH(backend, &service->backends, node)
		if (at++ == line)
			return backend->line ? backend : NULL;
	return NULL;
}

static void drop_backend(struct import *im, struct import_service *service,
			 struct import_backend *backend, const char *why)
{
	TAILQ_REMOVE(&service->backends, backend, node);
	service->nr_backends--;
	import_note(im, &im->not_taken, backend->line, backend->text, without_line(im, why));
}

/* Takes servers away that the kernel would refuse; returns whether it takes the rest. */
static bool fits_without_some(struct import *im, struct import_service *service,
			      char why[NF_VIP_ERROR_MAX])
{
	struct import_backend *backend;

	while (check(im, service, why)) {
		backend = blamed_backend(service, why);
		if (!backend)
			return false;
		drop_backend(im, service, backend, why);
	}
	return true;
}

/* Drops services that would be refused; the services that stay are numbered anew. */
static void drop_bad(struct import *im)
{
	struct import_service *service, *next;
	char why[NF_VIP_ERROR_MAX];
	unsigned int nr = 0;

	for (service = TAILQ_FIRST(&im->services); service; service = next) {
		next = TAILQ_NEXT(service, node);
		snprintf(service->name, sizeof(service->name), "vip%u", nr + 1);
		if (fits_without_some(im, service, why))
			nr++;
		else
			drop(im, service, why);
	}
}

/* Finds the service that a refusal is about, by the line at the beginning of the sentence. */
static struct import_service *blamed(struct import *im, const char *why)
{
	struct import_service *service;
	unsigned int line, at = 1;

	if (sscanf(why, "line %u:", &line) != 1)
		return NULL;
	TAILQ_FOREACH(service, &im->services, node) {
		if (at == line)
			return service;
		at += 1 + service->nr_backends;
	}
	return NULL;
}

int import_finish(struct import *im)
{
	struct import_service *service;
	char why[NF_VIP_ERROR_MAX];
	unsigned int tries = 0;

	settle_marks(im);
	drop_bad(im);
	/* Two rule sets in one input may have the same VIP. */
	while (check(im, NULL, why)) {
		service = blamed(im, why);
		if (!service || tries++ == CLASHES_MAX)
			return import_refuse(im, 0, "the services do not fit together: %s", why);
		drop(im, service, why);
	}
	return 0;
}
