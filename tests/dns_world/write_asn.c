/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * usage: write_asn FILE-XXXXXX
 *
 * Writes a MaxMind DB of AS numbers and prints its name: the servers of the world's first zone lie in AS 64500, the two of the second
 * in AS 64501 and 64502.
 */
#include <stdio.h>
#include <string.h>

#include "support/mmdb_writer.h"

#define PATH_BYTES 4096

static uint32_t
put_asn(struct mmdb_writer *writer, uint32_t number)
{
	const uint32_t offset = mmdb_put_map(writer, 1);

	mmdb_put_text(writer, "autonomous_system_number");
	mmdb_put_number(writer, 6, number);
	return offset;
}

int
main(int argc, char **argv)
{
	static struct mmdb_writer writer;
	static char path[PATH_BYTES];

	if (argc != 2 || strlen(argv[1]) >= sizeof(path))
		return 2;
	memcpy(path, argv[1], strlen(argv[1]));
	mmdb_init(&writer, "GeoLite2-ASN", 4);
	mmdb_insert(&writer, 0xb9000000, 16, put_asn(&writer, 64500)); /* 185.0.0.0/16 */
	mmdb_insert(&writer, 0xb9010100, 24, put_asn(&writer, 64501));
	mmdb_insert(&writer, 0xb9010200, 24, put_asn(&writer, 64502));
	mmdb_write(&writer, path);
	puts(path);
	return 0;
}
