/* SPDX-License-Identifier: GPL-2.0 */
/* What happens per second, from the counters at two moments. */
#ifndef RATES_H
#define RATES_H

#include "lib/table.h"
#include "status/snapshot.h"

/**
 * rates_table() - make a table of all services and backends
 * @table: empty table
 * @now: status
 * @before: status of some time ago; without lines if there was none
 * @seconds: how long ago that was
 *
 * If memory runs out @table has failed.
 */
void rates_table(struct table *table, const struct snapshot *now,
		 const struct snapshot *before, double seconds);

#endif /* RATES_H */
