// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "lib/quote.h"

static const char plain[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:,@%=";

const char *quoted(const char *name, char buf[QUOTED_SIZE])
{
	char *at = buf;

	if (*name && !name[strspn(name, plain)])
		return name;
	*at++ = '\'';
	for (; *name && at < buf + QUOTED_SIZE - 6; name++) {
		if (*name == '\'')
			at = stpcpy(at, "'\\'");
		*at++ = *name;
	}
	*at++ = '\'';
	*at = '\0';
	return buf;
}
