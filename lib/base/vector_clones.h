/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VECTOR_CLONES_H
#define VECTOR_CLONES_H

/*
 * Marks a function whose loops over a fixed number of independent lanes are worth compiling for several widths of vector registers.
 * The loader picks the widest that the processor has; all give the same results, and the source stays plain C.
 */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define VECTOR_CLONES \
	__attribute__((flatten, target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTOR_CLONES
#endif

#endif
