/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ERROR_H
#define ERROR_H

/*
 * Our own failures. A function that can fail returns 0 or one of these, which are all negative.
 * What a peer does wrong is never an error: it is a result, and has its own list.
 */
#define ERROR_LIST(X)                                      \
	X(MEMORY, -1, "out of memory")                     \
	X(INPUT, -2, "bad input from the user")            \
	X(FILE, -3, "a file could not be read or written") \
	X(DEVICE, -4, "the network device failed")         \
	X(LIBRARY, -5, "a library failed")                 \
	X(FULL, -6, "no room")                             \
	X(TRUNCATED, -7, "the data ends too early")

enum error {
#define X(name, value, text) ERROR_##name = (value),
	ERROR_LIST(X)
#undef X
};

/* A few words for people; never NULL. */
const char *error_text(int error);

#endif
