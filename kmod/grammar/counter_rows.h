/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What services (SVC) and backends (BE) count, a row each: the end of NF_VIP_SVC_... or
 * NF_VIP_BE_..., the word of status, what is counted. A new counter comes last.
 * Included by counter.[ch] only, more than once.
 */
SVC(CHOSEN, "chosen", "New connections that were given to a backend.")
SVC(PINNED, "pinned", "Those of them whose mark asked for their backend.")
SVC(EMPTY, "empty", "New connections that met no usable backend.")
SVC(CLASH, "clash", "New connections for which no reply tuple was free.")
SVC(FULL, "full", "New connections that met full backends only.")
SVC(NO_ROUTE, "no-route", "New connections whose backend has no route.")
SVC(NO_MEMORY, "no-memory", "New connections that memory was too short for.")
SVC(PACKETS_IN, "packets-in", "Packets from clients, with accounting.")
SVC(BYTES_IN, "bytes-in", "Bytes from clients, with accounting.")
SVC(PACKETS_OUT, "packets-out", "Packets to clients, with accounting.")
SVC(BYTES_OUT, "bytes-out", "Bytes to clients, with accounting.")
SVC(CLIENTS_FULL, "clients-full",
	"New connections of clients that there was no room to remember.")
SVC(HELD, "held", "Packets of unknown TCP connections that a hold dropped.")
SVC(REDISPATCHED, "redispatched",
	"Connections that got another backend because one did not take them.")

/* Counters without a word are for the module itself, and come first. */
BE(BEGAN, NULL, NULL)
BE(ENDED, NULL, NULL)
BE(CHOSEN, "chosen", "New connections that were given to the backend.")
BE(PINNED, "pinned", "Those of them whose mark asked for it.")
BE(PACKETS_IN, "packets-in", "Packets to the backend, with accounting.")
BE(BYTES_IN, "bytes-in", "Bytes to the backend, with accounting.")
BE(PACKETS_OUT, "packets-out", "Packets from the backend, with accounting.")
BE(BYTES_OUT, "bytes-out", "Bytes from the backend, with accounting.")
BE(FAILED, "failed", "New connections that it did not take, while its service has eject.")
