/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FRAME_QUEUE_H
#define FRAME_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/segment.h"

/* Frames on their way, in order, in one piece of memory that grows and is used again. */
struct frame_queue {
	uint8_t *bytes;
	size_t length;
	size_t capacity;
	size_t read; /* up to here they have been taken */
};

/* Room for so many bytes from the start. False when out of memory. */
bool frame_queue_init(struct frame_queue *queue, size_t capacity);
void frame_queue_clear(struct frame_queue *queue);

/* Adds the frame of a segment. False when out of memory. */
bool frame_queue_add(struct frame_queue *queue, const struct segment *segment);

/* The next frame, or NULL and the queue is empty again. Valid until the next call of any kind. */
const uint8_t *frame_queue_take(struct frame_queue *queue, size_t *length_out);

#endif
