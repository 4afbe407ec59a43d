/* SPDX-License-Identifier: GPL-2.0 */
/* The status as metrics that Prometheus reads. */
#ifndef METRICS_H
#define METRICS_H

#include "status/snapshot.h"

/**
 * metrics_write() - write all metrics
 * @snapshot: status
 * @openmetrics: as OpenMetrics has it, where a counter is declared without the
 *	_total of its samples; else as the text format of Prometheus has it
 * @out: empty text
 *
 * Both end with `# EOF`, which is a comment in the second one.
 *
 * Return: 0 or -ENOMEM.
 */
int metrics_write(const struct snapshot *snapshot, bool openmetrics, struct text *out);

#endif /* METRICS_H */
