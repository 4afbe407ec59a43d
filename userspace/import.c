// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdlib.h>
#include "import.h"
#include "model.h"

#define obstack_chunk_alloc	malloc
#define obstack_chunk_free	free

void import_init(struct import *im, const char *kind)
{
	memset(im, 0, sizeof(*im));
	obstack_init(&im->memory);
	im->kind = kind;
	TAILQ_INIT(&im->services);
	TAILQ_INIT(&im->not_taken);
}

void import_free(struct import *im)
{
	obstack_free(&im->memory, NULL);
}

void *import_alloc(struct import *im, size_t size)
{
	return memset(obstack_alloc(&im->memory, size), 0, size);
}

const char *import_string(struct import *im, const char *format, ...)
{
	char text[IMPORT_LINE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return obstack_copy0(&im->memory, text, strlen(text));
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

/* Longer than this, a rule in a message tells nothing more. */
#define SHOWN_MAX	240

void import_note(struct import *im, struct import_notes *list, unsigned int line,
		 const char *rule, const char *text)
{
	struct import_note *note = import_alloc(im, sizeof(*note)), *before;
	size_t len = strlen(rule);

	note->line = line;
	note->rule = import_string(im, "%.*s%s", SHOWN_MAX, rule, len > SHOWN_MAX ? "..." : "");
	note->text = text;
	/* Mostly it is the last one. */
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
	struct import_service *service = import_alloc(im, sizeof(*service));

	TAILQ_INIT(&service->backends);
	TAILQ_INIT(&service->notes);
	TAILQ_INSERT_TAIL(&im->services, service, node);
	im->nr_services++;
	return service;
}

struct import_backend *import_add_backend(struct import *im, struct import_service *service)
{
	struct import_backend *backend = import_alloc(im, sizeof(*backend));

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

/* The first line of a service that its input has, to blame it. */
static unsigned int line_of(const struct import_service *service)
{
	const struct import_note *note;

	TAILQ_FOREACH(note, &service->notes, node)
		if (note->line)
			return note->line;
	return 0;
}

/* Is it one that the kernel would take, whatever the others are? */
static bool good(const struct import_service *service, char why[NF_VIP_ERROR_MAX])
{
	struct model model;
	size_t len = 0;
	char *text = NULL;
	FILE *to = open_memstream(&text, &len);
	int err;

	if (!to) {
		snprintf(why, NF_VIP_ERROR_MAX, "out of memory");
		return false;
	}
	import_print_service(to, service);
	fclose(to);
	model_init(&model);
	err = model_read(&model, text, len);
	if (!err)
		err = model_check(&model);
	/* No name of the input may become a statement. */
	if (!err && (model.nr_services != 1 || model.nr_backends != service->nr_backends))
		err = model_refuse(&model, 0, -EINVAL, "a name has bytes that end a word");
	snprintf(why, NF_VIP_ERROR_MAX, "%s", model.error);
	model_free(&model);
	free(text);
	return !err;
}

/* Sorted by mark; the one that is stated first stays first. */
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

/* A mark belongs to one backend: those after the first one get another. */
static void settle_marks(struct import *im)
{
	unsigned int nr = collect_claims(im, NULL), i;
	struct claim *claims = import_alloc(im, (nr + 1) * sizeof(*claims));
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

void import_finish(struct import *im)
{
	struct import_service *service, *next;
	char why[NF_VIP_ERROR_MAX];
	unsigned int nr = 0;

	settle_marks(im);
	for (service = TAILQ_FIRST(&im->services); service; service = next) {
		next = TAILQ_NEXT(service, node);
		snprintf(service->name, sizeof(service->name), "vip%u", nr + 1);
		if (good(service, why)) {
			nr++;
			continue;
		}
		import_remove_service(im, service);
		import_note(im, &im->not_taken, line_of(service), "a service",
			    import_string(im, "%s", why));
	}
}
