/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

#include "base/byte_writer.h"
#include "base/error.h"
#include "base/siphash.h"
#include "dns/dns_question.h"
#include "record/observation.h"

#define EDNS_SIZE         1232 /* what DNS Flag Day 2020 settled on; over TCP it is only manners */
#define OPTION_PADDING    12   /* RFC 7830 */
#define PADDING_BLOCK     128
#define TYPE_OPT          41
#define CLASS_IN          1
#define NAME_TEXT_MAX     253
#define TEMPLATE_TEXT_MAX 1024
#define HEADER_AND_OPT    (12 + 4 + 11 + 4)

/* The name with a stand-in for the label; the label is where two different stand-ins make a difference. */
static int
parse_with_label(const char *text, const char *placeholder, struct dns_question_template *template,
	struct fault *fault)
{
	char with_a[TEMPLATE_TEXT_MAX + DNS_LABEL_LENGTH];
	char with_b[TEMPLATE_TEXT_MAX + DNS_LABEL_LENGTH];
	const char *rest = placeholder + strlen(DNS_LABEL_PLACEHOLDER);
	const int head = (int)(placeholder - text);
	struct dns_name other;

	(void)snprintf(with_a, sizeof(with_a), "%.*s%s%s", head, text, "aaaaaaaaaaaaaaaa", rest);
	(void)snprintf(with_b, sizeof(with_b), "%.*s%s%s", head, text, "bbbbbbbbbbbbbbbb", rest);
	int error = dns_name_parse(with_a, &template->name, fault);
	if (error == 0)
		error = dns_name_parse(with_b, &other, fault);
	if (error != 0)
		return error;
	for (size_t i = 0; i < other.length; i++) {
		if (other.bytes[i] != template->name.bytes[i]) {
			template->label_offset = i;
			return 0;
		}
	}
	return fault_set(fault, ERROR_INPUT, "\"%.300s\": the label cannot stand there", text);
}

static int
parse_type(const char *text, struct dns_question_template *template, struct fault *fault)
{
	const ldns_rr_type type = ldns_get_rr_type_by_name(text);
	const bool is_data =
		type > 0 && type < 65535 && (type < 128 || type > 255) && type != TYPE_OPT;

	if (!is_data || strlen(text) >= sizeof(template->type_text))
		return fault_set(fault, ERROR_INPUT,
			"\"%.60s\" is no type to ask for; accepted are A, AAAA, TXT and other data types, or TYPE and a number",
			text);
	template->type = (uint16_t)type;
	char *canonical = ldns_rr_type2str(type);
	if (canonical == NULL)
		return fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
	(void)snprintf(template->type_text, sizeof(template->type_text), "%s", canonical);
	free(canonical);
	return 0;
}

int
dns_question_template_parse(const char *name, const char *type,
	struct dns_question_template *template_out, struct fault *fault)
{
	struct dns_question_template template = { .label_offset = 0 };
	const char *placeholder = strstr(name, DNS_LABEL_PLACEHOLDER);
	char text[DNS_NAME_TEXT_BYTES];
	int error;

	if (name[0] == '\0' || strlen(name) >= TEMPLATE_TEXT_MAX)
		return fault_set(fault, ERROR_INPUT,
			"the name is empty or too long: a domain name has 253 characters");
	if (placeholder == NULL) {
		error = dns_name_parse(name, &template.name, fault);
	} else if (strstr(placeholder + 1, DNS_LABEL_PLACEHOLDER) != NULL) {
		error = fault_set(fault, ERROR_INPUT,
			"\"%.300s\": " DNS_LABEL_PLACEHOLDER " is accepted once", name);
	} else {
		error = parse_with_label(name, placeholder, &template, fault);
	}
	if (error == 0)
		error = parse_type(type, &template, fault);
	if (error != 0)
		return error;
	dns_name_format(&template.name, text);
	if (strlen(text) >= sizeof(((struct dns_observation *)NULL)->name))
		return fault_set(fault, ERROR_INPUT,
			"\"%.300s\" has too many characters that need escapes: 255 is the limit",
			name);
	*template_out = template;
	return 0;
}

void
dns_question_make(const struct dns_question_template *template, uint64_t salt, unsigned int query,
	struct dns_question *question_out)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567"; /* RFC 4648 base32 */
	const struct siphash_key key = { salt, 0x646f747363616e31ULL };

	*question_out = (struct dns_question){
		.name = template->name,
		.type = template->type,
		.id = (uint16_t)siphash_u64(&key, 3ULL * query),
	};
	if (template->label_offset == 0)
		return;
	uint8_t *label = question_out->name.bytes + template->label_offset;
	for (unsigned int half = 0; half < 2; half++) {
		uint64_t bits = siphash_u64(&key, 3ULL * query + 1 + half);
		for (unsigned int i = 0; i < DNS_LABEL_LENGTH / 2; i++, bits >>= 5)
			*label++ = (uint8_t)alphabet[bits & 31];
	}
}

size_t
dns_question_write(const struct dns_question *question, uint8_t bytes[DNS_QUERY_BYTES])
{
	const size_t unpadded = HEADER_AND_OPT + question->name.length;
	const size_t padding = (PADDING_BLOCK - unpadded % PADDING_BLOCK) % PADDING_BLOCK;
	struct byte_writer writer;

	byte_writer_init(&writer, bytes, DNS_QUERY_BYTES);
	byte_writer_be16(&writer, (uint16_t)(unpadded + padding));
	byte_writer_be16(&writer, question->id);
	byte_writer_be16(&writer, DNS_FLAG_RD);
	byte_writer_be16(&writer, 1);
	byte_writer_be16(&writer, 0);
	byte_writer_be16(&writer, 0);
	byte_writer_be16(&writer, 1);
	byte_writer_bytes(&writer, question->name.bytes, question->name.length);
	byte_writer_be16(&writer, question->type);
	byte_writer_be16(&writer, CLASS_IN);
	byte_writer_u8(&writer, 0);
	byte_writer_be16(&writer, TYPE_OPT);
	byte_writer_be16(&writer, EDNS_SIZE);
	byte_writer_be32(&writer, 0);
	byte_writer_be16(&writer, (uint16_t)(4 + padding));
	byte_writer_be16(&writer, OPTION_PADDING);
	byte_writer_be16(&writer, (uint16_t)padding);
	uint8_t *zeros = byte_writer_reserve(&writer, padding);
	assert(zeros != NULL && !writer.has_failed);
	memset(zeros, 0, padding);
	return writer.length;
}
