/*
 * Records what each adapter holds, in a list, because an adapter holds a handful of things. The
 * host gives memory for records by the page. A page is not given back: the next adapter uses it.
 */
#include "resource.h"

#include "device.h"

#define RECORDS_BYTES 4096

static struct resource *live;
static struct resource *spare;

static bool add_spares(void)
{
    struct resource *records = device_allocate(RECORDS_BYTES, "videoport");
    for (size_t i = 0; records != NULL && i < RECORDS_BYTES / sizeof records[0]; i++) {
        records[i].next = spare;
        spare = &records[i];
    }
    return records != NULL;
}

struct resource *resource_add(const struct resource *filled_in)
{
    if (spare == NULL && !add_spares())
        return NULL;
    struct resource *resource = spare;
    spare = resource->next;
    *resource = *filled_in;
    resource->next = live;
    live = resource;
    return resource;
}

void resource_remove(struct resource *resource)
{
    struct resource **link = &live;
    while (*link != resource)
        link = &(*link)->next;
    *link = resource->next;
    resource->next = spare;
    spare = resource;
}

struct resource *resource_next(const struct resource *after, unsigned kinds)
{
    struct resource *resource = after == NULL ? live : after->next;
    while (resource != NULL && (resource->kind & kinds) == 0)
        resource = resource->next;
    return resource;
}

struct resource *resource_next_of(const struct resource *after, unsigned kinds,
                                  const struct videoport_device *device)
{
    struct resource *resource = resource_next(after, kinds);
    while (resource != NULL && resource->device != device)
        resource = resource_next(resource, kinds);
    return resource;
}

struct resource *resource_find(unsigned kinds, uintptr_t virtual_address)
{
    struct resource *resource = resource_next(NULL, kinds);
    while (resource != NULL && resource->virtual_address != virtual_address)
        resource = resource_next(resource, kinds);
    return resource;
}

struct resource *resource_open(unsigned kinds, const struct videoport_device *device,
                               const void *handle)
{
    struct resource *resource = resource_next_of(NULL, kinds, device);
    while (resource != NULL && resource != handle)
        resource = resource_next_of(resource, kinds, device);
    return resource;
}
