/* SPDX-License-Identifier: GPL-2.0 */
/* Texts of bounded size, from and to files. */
#ifndef TEXT_H
#define TEXT_H

#include <stdatomic.h>
#include <stddef.h>

/**
 * struct text - a piece of memory that grows
 * @data: the bytes, with a NUL behind them; NULL while there are none
 * @len: number of bytes, without that NUL
 * @room: number of bytes that fit, with that NUL
 */
struct text {
	char *data;
	size_t len;
	size_t room;
};

/**
 * text_append() - add bytes to the end
 * @text: text
 * @data: bytes to copy
 * @len: number of bytes
 *
 * Return: 0 or -ENOMEM.
 */
int text_append(struct text *text, const char *data, size_t len);

/**
 * text_printf() - add formatted text to the end
 * @text: text
 * @format: as for printf(3)
 *
 * Return: 0 or -ENOMEM.
 */
int text_printf(struct text *text, const char *format, ...);

/* Set to have a signal end a read, which otherwise goes on after the signal. */
extern atomic_bool text_hurries;

/**
 * text_read_fd() - add what a file descriptor gives until its end
 * @text: text
 * @fd: open for reading
 * @max: refuse more than this many bytes
 *
 * Return: 0, -EFBIG, -ENOMEM or what read(2) says.
 */
int text_read_fd(struct text *text, int fd, size_t max);

/**
 * text_read_file() - add what a file contains
 * @text: text
 * @path: file name, or `-` for standard input
 * @max: refuse more than this many bytes
 *
 * Return: 0, -EFBIG, -ENOMEM or what open(2) and read(2) say.
 */
int text_read_file(struct text *text, const char *path, size_t max);

/**
 * text_write_into() - write a text into a file as it is, from its beginning
 * @text: text
 * @path: name of the file, made if there is none
 *
 * Return: 0 or a negative errno.
 */
int text_write_into(const struct text *text, const char *path);

/**
 * text_write_file() - replace a file at once, or write into a device, a FIFO or a pipe
 * @text: new content
 * @path: file name; a symbolic link is followed
 *
 * Readers, and a crash, meet the old content or the new one, never a part. An
 * existing file keeps its mode, and its owner if this process may set that. A
 * device, a FIFO or a pipe stays what it is, and the text is written into it.
 *
 * Return: 0 or a negative errno; after an error a file is as it was.
 */
int text_write_file(const struct text *text, const char *path);

/**
 * text_free() - free the memory; the text is empty then
 * @text: text
 */
void text_free(struct text *text);

#endif /* TEXT_H */
