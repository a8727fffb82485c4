/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUMMARY_TEXT_H
#define SUMMARY_TEXT_H

#include <stdio.h>

#include "record/summary.h"

/*
 * Tells people in one screen what was scanned, who answered and how, what was lost, whether the
 * books balance, and where the files in folder are. with_csv: records.csv is among them. Whether
 * the writing worked shows in ferror(file).
 */
void summary_print(const struct summary *summary, const char *folder, bool with_csv, FILE *file);

#endif
