/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_CLIENT_H
#define DNS_CLIENT_H

#include <stdint.h>

#include "base/fault.h"
#include "survey/name_book.h"

/* How a question ended: LOOKUP_UNKNOWN where no usable answer came. */
struct dns_client_answer {
	enum lookup_type type;
	uint32_t subject;
	enum lookup_status status;
	uint32_t addresses[NAME_BOOK_ADDRESSES];
	uint32_t address_count;
	char name[256]; /* of LOOKUP_PTR */
};

typedef void (*dns_client_done)(void *context, const struct dns_client_answer *answer);

/* Asks one resolver many questions at a time, by UDP, and by TCP where an answer was cut. */
struct dns_client;

/*
 * resolver is an address, with ":PORT" where it is not 53. Returns 0; ERROR_INPUT with the fault
 * set where it is none; ERROR_MEMORY or ERROR_LIBRARY.
 */
int dns_client_create(struct dns_client **client_out, const char *resolver, uint32_t timeout_ms,
	dns_client_done done, void *context, struct fault *fault);
void dns_client_destroy(struct dns_client *client);

/* Ask; done is called for every question, soon or during dns_client_wait. Returns 0 or ERROR_MEMORY. */
int dns_client_ask(
	struct dns_client *client, enum lookup_type type, uint32_t subject, const char *name);

/* Wait up to so many milliseconds for answers and time-outs, and take them. */
void dns_client_wait(struct dns_client *client, int milliseconds);

/* Questions without an answer so far. */
uint32_t dns_client_in_flight(const struct dns_client *client);

#endif
