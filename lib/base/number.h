/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUMBER_H
#define NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers as users write them. Each parser wants the whole text, and returns false on anything it does not understand. */

/* A rate that stands for "as fast as the device takes packets". */
#define RATE_LINE 0

/* Bits that a 60-byte frame occupies on the wire at layer 1: frame, FCS, preamble and gap, as zmap counts. */
#define SYN_WIRE_BITS ((60 + 4 + 8 + 12) * 8)

/* Decimal digits, minimum to maximum. */
bool number_parse(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *value_out);

/* "500ms", "2s", "3m", "1h", "7d", also "1.5s"; a unit is required but for 0. */
bool duration_parse(const char *text, uint64_t *nanoseconds_out);

/* "5pps", "50kpps", "1.2Mpps", "1Gbps" (layer-1 bits), "line". 1 to 10^9 packets a second. */
bool rate_parse(const char *text, uint64_t *pps_out);

/* The shortest text that parses back to the same value. The buffer has 32 bytes; returns it. */
char *duration_format(uint64_t nanoseconds, char *text);
char *rate_format(uint64_t pps, char *text);

/* For people: "812", "14.9k", "3.56M". The buffer has 32 bytes; returns it. */
char *count_format(double count, char *text);

#endif
