/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_REPLY_H
#define DNS_REPLY_H

#include <stddef.h>
#include <stdint.h>

#define DNS_REPLY_CAPACITY 1024
#define DNS_QUERY_CAPACITY 4096

/* A query as it came, without the two bytes of length, and where its question ends. */
struct dns_query {
	uint8_t bytes[DNS_QUERY_CAPACITY];
	size_t length;
	size_t question_end;
};

/* Find the end of the only question. Returns 0, or -1 if that is no query. */
int dns_query_parse(struct dns_query *query);

/*
 * Each writes a whole reply, two bytes of length first, and returns its size. The name says what is the matter with it; all
 * fit DNS_REPLY_CAPACITY because the question is at most 255 + 4 bytes.
 */
typedef size_t dns_reply_writer(const struct dns_query *query, uint8_t *reply);

dns_reply_writer dns_reply_right;
dns_reply_writer dns_reply_wrong;
dns_reply_writer dns_reply_formerr;
dns_reply_writer dns_reply_servfail;
dns_reply_writer dns_reply_nxdomain;
dns_reply_writer dns_reply_notimp;
dns_reply_writer dns_reply_refused;
dns_reply_writer dns_reply_notauth;
dns_reply_writer dns_reply_nodata;
dns_reply_writer dns_reply_referral;
dns_reply_writer dns_reply_wrong_id;
dns_reply_writer dns_reply_wrong_name;
dns_reply_writer dns_reply_wrong_type;
dns_reply_writer dns_reply_echo;          /* the query itself: QR is 0 */
dns_reply_writer dns_reply_cut_record;    /* the answer ends inside its data */
dns_reply_writer dns_reply_false_counts;  /* 65,535 answers announced, none there */
dns_reply_writer dns_reply_pointer_loop;  /* the answer's name points at itself */
dns_reply_writer dns_reply_short_message; /* five bytes: less than a header */
dns_reply_writer dns_reply_http;          /* a web server's page; the length is 'HT' */
dns_reply_writer dns_reply_false_length;  /* 512 bytes announced, 20 sent */

#endif
