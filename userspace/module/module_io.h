/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only way to the module: no other file of vipctl knows a name of one of its
 * files. Everything here concerns the network namespace of the process; the
 * state of backends goes through the sysfs mount that the process sees.
 */
#ifndef MODULE_IO_H
#define MODULE_IO_H

#include "lib/text.h"
#include "nf_vip_grammar.h"

/* For commands that people are told to type. */
#define MODULE_IO_SYSFS	"/sys/kernel/nf_vip"
#define MODULE_IO_PROC	"/proc/net/" NF_VIP_PROC_DIR
#define MODULE_IO_FLAGS	"/proc/net/" NF_VIP_CONDITION_DIR

/**
 * module_io_is_loaded() - is the module loaded?
 *
 * Return: true if its files are there.
 */
bool module_io_is_loaded(void);

/**
 * module_io_read_config() - read the configuration
 * @out: empty text
 *
 * Return: 0 or a negative errno; -ENOENT if the module is not loaded.
 */
int module_io_read_config(struct text *out);

/**
 * module_io_read_status() - read what the module does now
 * @out: empty text
 *
 * Return: 0 or a negative errno; -ENOENT if the module is not loaded.
 */
int module_io_read_status(struct text *out);

/**
 * module_io_write_config() - carry out one transaction
 * @text: statements
 * @len: length in bytes
 * @sentence: why the kernel refused the statements, "" if it does not say
 *
 * Return: 0 or a negative errno. -ENOENT without a sentence: the module is
 * not loaded.
 */
int module_io_write_config(const char *text, size_t len,
			   char sentence[NF_VIP_ERROR_MAX]);

/**
 * module_io_explain() - ask what would become of a connection
 * @question: as nf_vip_parse_question() takes it
 * @answer: empty text
 * @sentence: "", or why the kernel refused the question
 *
 * Return: 0 or a negative errno; -ENOENT if the module is not loaded.
 */
int module_io_explain(const char *question, struct text *answer, char sentence[NF_VIP_ERROR_MAX]);

/**
 * module_io_write_state() - say what the administrator wants of a backend
 * @service: valid name
 * @backend: valid name
 * @state: what is wanted
 *
 * Return: 0 or a negative errno; -ENOENT if there is no such backend.
 */
int module_io_write_state(const char *service, const char *backend,
			  enum nf_vip_state state);

/**
 * module_io_write_up() - say what a checker would say of a backend
 * @service: valid name
 * @backend: valid name
 * @value: as the file `up` takes it
 *
 * Return: as module_io_write_state().
 */
int module_io_write_up(const char *service, const char *backend, const char *value);

/**
 * module_io_write_hold() - have a service hold
 * @service: valid name
 * @value: as the file `hold` takes it
 *
 * Return: 0 or a negative errno; -ENOENT if there is no such service.
 */
int module_io_write_hold(const char *service, const char *value);

/**
 * module_io_raise_flag() - make a condition flag 1
 * @condition: valid name
 *
 * Return: 0 or a negative errno; -ENOENT if no backend has such a flag.
 */
int module_io_raise_flag(const char *condition);

/**
 * module_io_write_drain() - drain a backend
 * @service: valid name
 * @backend: valid name
 * @seconds: deadline; 0 is none
 *
 * Return: as module_io_write_state().
 */
int module_io_write_drain(const char *service, const char *backend,
			  unsigned int seconds);

/**
 * module_io_open_live() - have the count of live connections of a backend watched
 * @service: valid name
 * @backend: valid name
 *
 * Return: a descriptor for module_io_wait_live(), or a negative errno.
 */
int module_io_open_live(const char *service, const char *backend);

/**
 * module_io_wait_live() - wait until a count may have become zero
 * @fd: descriptor
 * @arm: do not wait, but let the next call wait for what happens from now on
 *
 * May return for nothing, and returns after a second at the latest: a backend
 * that is deleted wakes nobody for certain.
 */
void module_io_wait_live(int fd, bool arm);

/**
 * module_io_read_clients() - read which clients services remember
 * @out: empty text
 *
 * Return: 0 or a negative errno; -ENOENT if the module is not loaded.
 */
int module_io_read_clients(struct text *out);

/**
 * module_io_forget_clients() - have a service forget its clients
 * @service: valid name
 *
 * Return: 0 or a negative errno; -ENOENT if there is no such service.
 */
int module_io_forget_clients(const char *service);

#endif /* MODULE_IO_H */
