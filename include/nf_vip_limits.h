/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What users see of nf_vip, shared by the module and by vipctl: the version,
 * the limits that a configuration is checked against, and the fixed names.
 */
#ifndef NF_VIP_LIMITS_H
#define NF_VIP_LIMITS_H

/* The one place for the version; dkms.conf is checked against it. */
#define NF_VIP_VERSION		"0.1.0"

enum nf_vip_limits {
	/* Names of services and backends, in characters. */
	NF_VIP_NAME_MAX		= 31,
	/* Condition flags keep xt_condition's limit (30 characters and NUL). */
	NF_VIP_CONDITION_MAX	= 30,
	/* IFNAMSIZ without its NUL. */
	NF_VIP_DEV_MAX		= 15,
	/* Single ports and ranges of one service, over all its VIPs. */
	NF_VIP_MATCHES_MAX	= 32,
	/* Entries of the map of VIPs; a range is up to 30 of them. */
	NF_VIP_ENTRIES_MAX	= 1 << 20,
	/* Interfaces of the fast path. */
	NF_VIP_FASTPATH_MAX	= 16,
	/* 0 takes a backend out of new selections. */
	NF_VIP_WEIGHT_MAX	= 1000,
	/* Clients that one service can remember, and the default. */
	NF_VIP_CLIENTS_MAX	= 1 << 20,
	NF_VIP_CLIENTS_DEFAULT	= 65536,
	/* Seconds: a week, a day, an hour, an hour, a day. */
	NF_VIP_PERSIST_MAX	= 604800,
	NF_VIP_REPICK_MAX	= 86400,
	NF_VIP_WARMUP_MAX	= 3600,
	NF_VIP_HOLD_MAX		= 3600,
	NF_VIP_LEASE_MAX	= 86400,
	/* Failures, and seconds. */
	NF_VIP_EJECT_FAILS_MAX	= 1000,
	NF_VIP_EJECT_TIME_MAX	= 3600,
	/* Clients that a backend has to fail to be ejected, at most and by default. */
	NF_VIP_EJECT_CLIENTS_MAX	= 8,
	NF_VIP_EJECT_CLIENTS_DEFAULT	= 3,
	/* Seconds, a week. */
	NF_VIP_DRAIN_MAX	= 604800,
	/* How long a change waits to be confirmed. */
	NF_VIP_CONFIRM_MAX	= 3600,
	NF_VIP_TIERS_MAX	= 16,
	NF_VIP_CONNS_MAX	= 1000000000,
	NF_VIP_SERVICES_MAX	= 65536,
	/* Backends of one service. */
	NF_VIP_BACKENDS_MAX	= 4096,
	/* Slots of a selection table: sum of weights over their divisor. */
	NF_VIP_SLOTS_MAX	= 1 << 20,
	/* One transaction, in bytes. */
	NF_VIP_TEXT_MAX		= 16 << 20,
	/* A question to `explain`, in bytes. */
	NF_VIP_QUESTION_MAX	= 255,
	/* An error sentence with its NUL. */
	NF_VIP_ERROR_MAX	= 320,
};

#define NF_VIP_DEFAULT_MARK_MASK	0xffffU

#define NF_VIP_PROC_DIR			"nf_vip"
#define NF_VIP_CONDITION_DIR		"nf_condition"

#endif /* NF_VIP_LIMITS_H */
