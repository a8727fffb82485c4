/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "frame_queue.h"
#include "packet/frame_builder.h"

#define PREFIX sizeof(uint32_t)

static const struct link_endpoints link_of_queue = { { 2 }, { 2 }, 0 };

bool
frame_queue_init(struct frame_queue *queue, size_t capacity)
{
	*queue = (struct frame_queue){ .bytes = malloc(capacity), .capacity = capacity };
	return queue->bytes != NULL;
}

void
frame_queue_clear(struct frame_queue *queue)
{
	free(queue->bytes);
	*queue = (struct frame_queue){ 0 };
}

static bool
make_room(struct frame_queue *queue)
{
	if (queue->capacity - queue->length >= PREFIX + FRAME_SIZE_MAXIMUM)
		return true;
	const size_t capacity = queue->capacity * 2;
	uint8_t *bytes = realloc(queue->bytes, capacity);
	if (bytes == NULL)
		return false;
	queue->bytes = bytes;
	queue->capacity = capacity;
	return true;
}

bool
frame_queue_add(struct frame_queue *queue, const struct segment *segment)
{
	if (!make_room(queue))
		return false;
	uint8_t *place = queue->bytes + queue->length;
	const uint32_t length =
		(uint32_t)frame_build_segment(&link_of_queue, segment, 0, place + PREFIX);
	memcpy(place, &length, PREFIX);
	queue->length += PREFIX + length;
	return true;
}

const uint8_t *
frame_queue_take(struct frame_queue *queue, size_t *length_out)
{
	uint32_t length = 0;

	if (queue->read == queue->length) {
		queue->read = 0;
		queue->length = 0;
		return NULL;
	}
	memcpy(&length, queue->bytes + queue->read, PREFIX);
	const uint8_t *frame = queue->bytes + queue->read + PREFIX;
	queue->read += PREFIX + length;
	*length_out = length;
	return frame;
}
