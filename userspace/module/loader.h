/* SPDX-License-Identifier: GPL-2.0 */
/* The module as a file: whether it would load, in and out of the kernel. */
#ifndef LOADER_H
#define LOADER_H

/**
 * loader_probe() - have modprobe(8) load the module, with what its files say
 *
 * Return: true, also if the module is loaded already, or false after a message.
 */
bool loader_probe(void);

/**
 * loader_check() - would a file load as the module?
 * @file: nf_vip.ko, not compressed, or NULL for the one that modprobe(8) finds
 *
 * For a time when the module is loaded: the kernel is asked to load the file as
 * well, and answers that the module is there already if nothing else is wrong
 * with the file.
 *
 * Return: true, or false after a message.
 */
bool loader_check(const char *file);

/**
 * loader_unload() - take the module out of the kernel
 *
 * Return: 0 or a negative errno; -EAGAIN if it is in use.
 */
int loader_unload(void);

/**
 * loader_load() - load the module, without a parameter but mark_mask
 * @file: as loader_check()
 * @mark_mask: bits of the mark
 *
 * Return: true, or false after a message.
 */
bool loader_load(const char *file, unsigned int mark_mask);

#endif /* LOADER_H */
