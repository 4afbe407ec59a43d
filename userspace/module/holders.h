/* SPDX-License-Identifier: GPL-2.0 */
/* Who has files of the module open: the module stays while one of them is in a call. */
#ifndef HOLDERS_H
#define HOLDERS_H

/**
 * holders_complain() - name the processes that have such files open
 *
 * Of each one file, and of at most 8 processes; those that end meanwhile are left
 * out. Needs /proc of all processes.
 */
void holders_complain(void);

#endif /* HOLDERS_H */
