#ifndef BYTE_QUEUE_H
#define BYTE_QUEUE_H

/*
 * Bytes from an interrupt handler, which alone puts, to the main program, which alone takes. Each
 * index has one writer, so no lock is needed. When the queue is full, new bytes are refused.
 */

#include <stdbool.h>
#include <stdint.h>

#define BYTE_QUEUE_SIZE 4096u /* a power of two */

struct byte_queue {
    volatile uint32_t put_count;
    volatile uint32_t taken_count;
    uint8_t bytes[BYTE_QUEUE_SIZE];
};

static inline bool byte_queue_put(struct byte_queue *queue, uint8_t byte)
{
    if (queue->put_count - queue->taken_count == BYTE_QUEUE_SIZE)
        return false;
    queue->bytes[queue->put_count % BYTE_QUEUE_SIZE] = byte;
    queue->put_count = queue->put_count + 1;
    return true;
}

static inline bool byte_queue_take(struct byte_queue *queue, uint8_t *byte)
{
    if (queue->put_count == queue->taken_count)
        return false;
    *byte = queue->bytes[queue->taken_count % BYTE_QUEUE_SIZE];
    queue->taken_count = queue->taken_count + 1;
    return true;
}

#endif
