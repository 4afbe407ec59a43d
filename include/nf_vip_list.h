/* SPDX-License-Identifier: GPL-2.0 */
/* The part of the kernel's lists that plan and its users need outside of the kernel. */
#ifndef NF_VIP_LIST_H
#define NF_VIP_LIST_H

#include <stddef.h>

struct list_head {
	struct list_head *next;
	struct list_head *prev;
};

#define container_of(at, type, member)	((type *)((char *)(at) - offsetof(type, member)))
#define list_entry(at, type, member)	container_of(at, type, member)

#define list_first_entry(head, type, member)	list_entry((head)->next, type, member)
#define list_next_entry(at, member)						\
	list_entry((at)->member.next, __typeof__(*(at)), member)
#define list_entry_is_head(at, head, member)	(&(at)->member == (head))

#define list_for_each_entry(at, head, member)				\
	for (at = list_first_entry(head, __typeof__(*(at)), member);	\
	     !list_entry_is_head(at, head, member); at = list_next_entry(at, member))

#define list_for_each_entry_safe(at, then, head, member)		\
	for (at = list_first_entry(head, __typeof__(*(at)), member),	\
	     then = list_next_entry(at, member);			\
	     !list_entry_is_head(at, head, member); at = then, then = list_next_entry(at, member))

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

static inline void list_add_tail(struct list_head *node, struct list_head *head)
{
	node->prev = head->prev;
	node->next = head;
	head->prev->next = node;
	head->prev = node;
}

static inline void list_del(struct list_head *node)
{
	node->next->prev = node->prev;
	node->prev->next = node->next;
}

static inline void list_move_tail(struct list_head *node, struct list_head *head)
{
	list_del(node);
	list_add_tail(node, head);
}

#endif /* NF_VIP_LIST_H */
