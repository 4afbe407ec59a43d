# SPDX-License-Identifier: GPL-2.0
# An address of the network is taken for a number of this machine.
# file: kmod/select/maglev.c
# job: sparse
# report: maglev.c.*restricted __be32
/^u32 nf_vip_maglev_slot/,/^}/s/ntohl(addr->ip)/addr->ip/
