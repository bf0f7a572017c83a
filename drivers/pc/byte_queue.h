#ifndef BYTE_QUEUE_H
#define BYTE_QUEUE_H

/*
 * Bytes from an interrupt handler, which alone puts, to the main program, which alone takes. Each
 * index has one writer, so no lock is needed. Where bytes were lost, BYTE_QUEUE_LOST is taken in
 * their place: so who takes knows which of its text is whole.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BYTE_QUEUE_LOST 0xFFu /* no text in ASCII or UTF-8 has this byte; one that comes is a 0 */

struct byte_queue {
    volatile uint32_t put_count;
    volatile uint32_t taken_count;
    volatile bool has_lost; /* before the byte that is put next */
    uint32_t size; /* a power of two */
    uint8_t *bytes;
};

/* An empty one, with an array for its bytes. */
#define BYTE_QUEUE_OF(array)                                                                       \
    {                                                                                              \
        .size = sizeof(array), .bytes = (array)                                                    \
    }

static inline uint32_t byte_queue_length(const struct byte_queue *queue)
{
    return queue->put_count - queue->taken_count;
}

/* True if a byte can be put, and BYTE_QUEUE_LOST before it. The last two are for an urgent byte. */
static inline bool byte_queue_has_room(const struct byte_queue *queue)
{
    return byte_queue_length(queue) <= queue->size - 4;
}

static inline void byte_queue_append(struct byte_queue *queue, uint8_t byte)
{
    queue->bytes[queue->put_count % queue->size] = byte;
    queue->put_count = queue->put_count + 1;
}

static inline void byte_queue_put_if(struct byte_queue *queue, uint8_t byte, bool has_room)
{
    if (has_room && queue->has_lost)
        byte_queue_append(queue, BYTE_QUEUE_LOST);
    if (has_room)
        byte_queue_append(queue, byte == BYTE_QUEUE_LOST ? 0 : byte);
    queue->has_lost = !has_room;
}

/* Without room the byte is lost. The next one that is put comes behind BYTE_QUEUE_LOST. */
static inline void byte_queue_put(struct byte_queue *queue, uint8_t byte)
{
    byte_queue_put_if(queue, byte, byte_queue_has_room(queue));
}

/*
 * Puts a byte that must come through even where others are lost: for it there is always room. It is
 * lost only if the queue has one already that was put while it was full. All urgent bytes of a
 * queue have one value.
 */
static inline void byte_queue_put_urgent(struct byte_queue *queue, uint8_t byte)
{
    byte_queue_put_if(queue, byte, byte_queue_length(queue) <= queue->size - 2);
}

/* Bytes were lost before the one that is put next. */
static inline void byte_queue_lose(struct byte_queue *queue)
{
    queue->has_lost = true;
}

/*
 * Called by who takes: bytes were lost somewhere behind the first `put_count` ever put. The ones
 * behind cannot be told from broken ones, and are given up.
 */
static inline void byte_queue_lose_behind(struct byte_queue *queue, uint32_t put_count)
{
    for (uint32_t i = put_count; i != queue->put_count; i++)
        queue->bytes[i % queue->size] = BYTE_QUEUE_LOST;
}

static inline bool byte_queue_take(struct byte_queue *queue, uint8_t *byte)
{
    if (byte_queue_length(queue) == 0)
        return false;
    *byte = queue->bytes[queue->taken_count % queue->size];
    queue->taken_count = queue->taken_count + 1;
    return true;
}

/* Takes all up to and with the first byte of this value. False, and takes none, without one. */
static inline bool byte_queue_take_through(struct byte_queue *queue, uint8_t byte)
{
    uint32_t end = queue->put_count;
    for (uint32_t i = queue->taken_count; i != end; i++)
        if (queue->bytes[i % queue->size] == byte) {
            queue->taken_count = i + 1;
            return true;
        }
    return false;
}

#endif
