/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMDB_WRITER_H
#define MMDB_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Writes small MaxMind DB files (format 2.0, 24-bit records) for tests. Data records are encoded by
 * the mmdb_put functions, which return the offset that mmdb_insert() takes. What goes wrong ends
 * the program.
 */
#define MMDB_NODES        4096
#define MMDB_DATA         4096
#define MMDB_RECORD_EMPTY UINT32_MAX
#define MMDB_RECORD_DATA  0x80000000u /* or-ed to an offset */

struct mmdb_writer {
	uint32_t nodes[MMDB_NODES][2];
	uint32_t node_count;
	uint8_t data[MMDB_DATA];
	uint32_t data_size;
	uint32_t ipv4_root;
	uint16_t ip_version;
	const char *type;
	uint64_t epoch;
};

static inline void
mmdb_require(bool claim)
{
	if (!claim)
		abort();
}

static inline uint32_t
mmdb_new_node(struct mmdb_writer *writer)
{
	mmdb_require(writer->node_count < MMDB_NODES);
	writer->nodes[writer->node_count][0] = MMDB_RECORD_EMPTY;
	writer->nodes[writer->node_count][1] = MMDB_RECORD_EMPTY;
	return writer->node_count++;
}

/* In a tree for IPv6, IPv4 lies below 96 zero bits. */
static inline void
mmdb_init(struct mmdb_writer *writer, const char *type, uint16_t ip_version)
{
	*writer =
		(struct mmdb_writer){ .type = type, .ip_version = ip_version, .epoch = 1700000000 };
	uint32_t node = mmdb_new_node(writer);

	for (uint32_t i = 0; ip_version == 6 && i < 96; i++) {
		writer->nodes[node][0] = mmdb_new_node(writer);
		node = writer->nodes[node][0];
	}
	writer->ipv4_root = node;
}

static inline void
mmdb_put_bytes(struct mmdb_writer *writer, const void *bytes, uint32_t size)
{
	mmdb_require(writer->data_size + size <= MMDB_DATA);
	memcpy(&writer->data[writer->data_size], bytes, size);
	writer->data_size += size;
}

/* The control byte: three bits of type, five of size; types above 7 have a second byte. */
static inline uint32_t
mmdb_put_control(struct mmdb_writer *writer, uint8_t type, uint8_t size)
{
	const uint8_t control[2] = { (uint8_t)((type > 7 ? 0 : type << 5) | size),
		(uint8_t)(type - 7) };
	uint32_t offset = writer->data_size;

	mmdb_put_bytes(writer, control, type > 7 ? 2 : 1);
	return offset;
}

static inline uint32_t
mmdb_put_map(struct mmdb_writer *writer, uint8_t pairs)
{
	return mmdb_put_control(writer, 7, pairs);
}

static inline uint32_t
mmdb_put_text(struct mmdb_writer *writer, const char *text)
{
	uint32_t offset = mmdb_put_control(writer, 2, (uint8_t)strlen(text));

	mmdb_require(strlen(text) < 29);
	mmdb_put_bytes(writer, text, (uint32_t)strlen(text));
	return offset;
}

/* type is 5 (2 bytes), 6 (4 bytes) or 9 (8 bytes). */
static inline uint32_t
mmdb_put_number(struct mmdb_writer *writer, uint8_t type, uint64_t number)
{
	uint8_t size = type == 5 ? 2 : type == 6 ? 4 : 8;
	uint32_t offset = mmdb_put_control(writer, type, size);

	for (uint8_t i = size; i > 0; i--) {
		uint8_t byte = (uint8_t)(number >> (i - 1) * 8);

		mmdb_put_bytes(writer, &byte, 1);
	}
	return offset;
}

/* Let the block first/length have the data record at offset. Blocks must not overlap. */
static inline void
mmdb_insert(struct mmdb_writer *writer, uint32_t first, uint32_t length, uint32_t offset)
{
	uint32_t node = writer->ipv4_root;

	mmdb_require(length > 0);
	for (uint32_t i = 0; i + 1 < length; i++) {
		uint32_t *record = &writer->nodes[node][first >> (31 - i) & 1];

		if (*record == MMDB_RECORD_EMPTY)
			*record = mmdb_new_node(writer);
		mmdb_require((*record & MMDB_RECORD_DATA) == 0);
		node = *record;
	}
	writer->nodes[node][first >> (32 - length) & 1] = MMDB_RECORD_DATA | offset;
}

/* Let ::ffff:0:0/96 be the same subtree as IPv4, as MaxMind's own files do. */
static inline void
mmdb_alias_mapped(struct mmdb_writer *writer)
{
	uint32_t node = 0;

	for (uint32_t i = 0; i < 80; i++)
		node = writer->nodes[node][0];
	for (uint32_t i = 80; i < 95; i++) {
		writer->nodes[node][1] = mmdb_new_node(writer);
		node = writer->nodes[node][1];
	}
	writer->nodes[node][1] = writer->ipv4_root;
}

static inline void
mmdb_put_metadata(struct mmdb_writer *writer)
{
	writer->data_size = 0;
	mmdb_put_map(writer, 9);
	mmdb_put_text(writer, "node_count");
	mmdb_put_number(writer, 6, writer->node_count);
	mmdb_put_text(writer, "record_size");
	mmdb_put_number(writer, 5, 24);
	mmdb_put_text(writer, "ip_version");
	mmdb_put_number(writer, 5, writer->ip_version);
	mmdb_put_text(writer, "database_type");
	mmdb_put_text(writer, writer->type);
	mmdb_put_text(writer, "languages");
	mmdb_put_control(writer, 11, 0);
	mmdb_put_text(writer, "binary_format_major_version");
	mmdb_put_number(writer, 5, 2);
	mmdb_put_text(writer, "binary_format_minor_version");
	mmdb_put_number(writer, 5, 0);
	mmdb_put_text(writer, "build_epoch");
	mmdb_put_number(writer, 9, writer->epoch);
	mmdb_put_text(writer, "description");
	mmdb_put_map(writer, 0);
}

static inline void
mmdb_write_record(const struct mmdb_writer *writer, uint32_t record, FILE *file)
{
	uint32_t value = record;

	if (record == MMDB_RECORD_EMPTY)
		value = writer->node_count;
	else if ((record & MMDB_RECORD_DATA) != 0)
		value = writer->node_count + 16 + (record & ~MMDB_RECORD_DATA);
	for (int shift = 16; shift >= 0; shift -= 8)
		mmdb_require(putc((int)(value >> shift & 255), file) != EOF);
}

/* Write the file; path ends in XXXXXX and becomes its name. The writer is used up. */
static inline void
mmdb_write(struct mmdb_writer *writer, char *path)
{
	static const uint8_t separator[16];
	int descriptor = mkstemp(path);
	FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "wb");

	mmdb_require(file != NULL);
	for (uint32_t i = 0; i < writer->node_count; i++) {
		mmdb_write_record(writer, writer->nodes[i][0], file);
		mmdb_write_record(writer, writer->nodes[i][1], file);
	}
	mmdb_require(fwrite(separator, 1, sizeof(separator), file) == sizeof(separator));
	mmdb_require(fwrite(writer->data, 1, writer->data_size, file) == writer->data_size);
	mmdb_require(fwrite("\xab\xcd\xefMaxMind.com", 1, 14, file) == 14);
	mmdb_put_metadata(writer);
	mmdb_require(fwrite(writer->data, 1, writer->data_size, file) == writer->data_size);
	mmdb_require(fclose(file) == 0);
}

#endif
