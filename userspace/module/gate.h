/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only way to the module: no other file of vipctl knows a name of one of its
 * files. All of it concerns the network namespace of the process; the state
 * of backends goes through the sysfs mount that the process sees.
 */
#ifndef GATE_H
#define GATE_H

#include "lib/text.h"
#include "nf_vip_grammar.h"

/* For commands that people are told to type. */
#define GATE_SYSFS	"/sys/kernel/nf_vip"
#define GATE_FLAGS	"/proc/net/" NF_VIP_CONDITION_DIR

/**
 * gate_is_open() - is the module loaded?
 *
 * Return: true if its files are there.
 */
bool gate_is_open(void);

/**
 * gate_read_config() - read the configuration
 * @out: empty text
 *
 * Return: 0 or a negative errno; -ENOENT if the module is not loaded.
 */
int gate_read_config(struct text *out);

/**
 * gate_read_status() - read what the module does now
 * @out: empty text
 *
 * Return: 0 or a negative errno; -ENOENT if the module is not loaded.
 */
int gate_read_status(struct text *out);

/**
 * gate_write_config() - one transaction
 * @text: statements
 * @len: length in bytes
 * @sentence: why the kernel refused them, "" if it does not say
 *
 * Return: 0 or a negative errno. -ENOENT without a sentence: the module is
 * not loaded.
 */
int gate_write_config(const char *text, size_t len,
		      char sentence[NF_VIP_ERROR_MAX]);

/**
 * gate_explain() - ask what would become of a connection
 * @question: as nf_vip_parse_question() takes it
 * @answer: empty text
 * @sentence: "", or why the kernel refused the question
 *
 * Return: 0 or a negative errno; -ENOENT if the module is not loaded.
 */
int gate_explain(const char *question, struct text *answer, char sentence[NF_VIP_ERROR_MAX]);

/**
 * gate_write_state() - say what the administrator wants of a backend
 * @service: valid name
 * @backend: valid name
 * @state: what is wanted
 *
 * Return: 0 or a negative errno; -ENOENT if there is no such backend.
 */
int gate_write_state(const char *service, const char *backend,
		     enum nf_vip_state state);

/**
 * gate_write_up() - say what a checker would say of a backend
 * @service: valid name
 * @backend: valid name
 * @value: as the file `up` takes it
 *
 * Return: as gate_write_state().
 */
int gate_write_up(const char *service, const char *backend, const char *value);

/**
 * gate_write_hold() - have a service hold
 * @service: valid name
 * @value: as the file `hold` takes it
 *
 * Return: 0 or a negative errno; -ENOENT if there is no such service.
 */
int gate_write_hold(const char *service, const char *value);

/**
 * gate_raise_flag() - make a condition flag 1
 * @condition: valid name
 *
 * Return: 0 or a negative errno; -ENOENT if no backend has such a flag.
 */
int gate_raise_flag(const char *condition);

/**
 * gate_write_drain() - drain a backend
 * @service: valid name
 * @backend: valid name
 * @seconds: deadline; 0 is none
 *
 * Return: as gate_write_state().
 */
int gate_write_drain(const char *service, const char *backend,
		     unsigned int seconds);

/**
 * gate_open_live() - have the count of live connections of a backend watched
 * @service: valid name
 * @backend: valid name
 *
 * Return: a descriptor for gate_wait_live(), or a negative errno.
 */
int gate_open_live(const char *service, const char *backend);

/**
 * gate_wait_live() - until a count may have become zero
 * @fd: descriptor
 * @arm: do not wait: what happens from now on is what the next call waits for
 *
 * May return for nothing, and returns after a second at the latest: a backend
 * that is deleted wakes nobody for certain.
 */
void gate_wait_live(int fd, bool arm);

/**
 * gate_read_clients() - read which clients services remember
 * @out: empty text
 *
 * Return: 0 or a negative errno; -ENOENT if the module is not loaded.
 */
int gate_read_clients(struct text *out);

/**
 * gate_forget_clients() - have a service forget its clients
 * @service: valid name
 *
 * Return: 0 or a negative errno; -ENOENT if there is no such service.
 */
int gate_forget_clients(const char *service);

#endif /* GATE_H */
