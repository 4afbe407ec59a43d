/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which processes have files of the module open: the module stays while one of
 * them is in a call.
 */
#ifndef HOLDERS_H
#define HOLDERS_H

/**
 * holders_complain() - name the processes that have files of the module open
 *
 * Names one file of each, and at most 8 processes; processes that end meanwhile
 * are left out. Needs /proc of all processes.
 */
void holders_complain(void);

#endif /* HOLDERS_H */
