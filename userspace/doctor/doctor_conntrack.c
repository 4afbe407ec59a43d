// SPDX-License-Identifier: GPL-2.0
/* Has conntrack room for more connections? */
#include "doctor/doctor.h"

#define MAX	"net/netfilter/nf_conntrack_max"
#define BUCKETS	"net/netfilter/nf_conntrack_buckets"

/* Entries in one bucket on average, when the table is full. */
#define CHAIN_MAX	8

void doctor_conntrack(struct doctor *d)
{
	long count = doctor_setting("net/netfilter/nf_conntrack_count");
	long max = doctor_setting(MAX);
	long buckets = doctor_setting(BUCKETS);

	if (max > 0 && count * 5 >= max * 4)
		doctor_found(d, DOCTOR_CONNTRACK_FULL, doctor_words(MAX),
			     doctor_words("%ld entries of %ld are in use", count, max),
			     doctor_words("sysctl -w " MAX "=%ld",
					  2 * (count > max ? count : max)));
	if (buckets > 0 && max / buckets > CHAIN_MAX)
		doctor_found(d, DOCTOR_CONNTRACK_HASH, doctor_words(BUCKETS),
			     doctor_words("%ld buckets for up to %ld entries", buckets, max),
			     doctor_words("sysctl -w " BUCKETS "=%ld", max));
}
