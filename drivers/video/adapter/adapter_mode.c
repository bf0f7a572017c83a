/*
 * Changes of mode. All that can be refused is obtained before the adapter is touched; only where
 * there is no room for two back buffers beside each other does the old one go first.
 */
#include "adapter.h"
#include "back_buffer.h"

static void present_all(struct adapter *adapter)
{
    const struct ashlar_mode *mode = &adapter->screen.mode;

    adapter_present(adapter,
                    &(struct ashlar_rectangle){.right = mode->width, .bottom = mode->height}, 1);
}

static bool is_set(const struct adapter_screen *screen)
{
    return screen->mode.width != 0;
}

/* A mode flips only from a back buffer: what is written straight has to be seen at once. */
static void obtain_back_buffer(struct adapter *adapter, struct adapter_screen *next)
{
    if (!back_buffer_allocate(adapter, next) && adapter->screen.pixels != NULL) {
        back_buffer_free(adapter, &adapter->screen);
        back_buffer_allocate(adapter, next);
    }
    if (next->pixels == NULL)
        next->mode.flips = 0;
}

static bool program(struct adapter *adapter, struct adapter_screen *screen)
{
    screen->stride_bytes = adapter->class->program(adapter, &screen->mode);
    screen->hidden_page = screen->mode.flips;
    screen->stale_count = 0;
    return screen->stride_bytes != 0;
}

/* After a mode that the adapter did not take: what was there before. */
static void go_back(struct adapter *adapter)
{
    struct adapter_screen *screen = &adapter->screen;

    if (!is_set(screen)) {
        adapter->class->leave(adapter);
        return;
    }
    if (screen->pixels == NULL)
        obtain_back_buffer(adapter, screen);
    program(adapter, screen);
    if (screen->pixels != NULL)
        present_all(adapter);
}

VP_STATUS adapter_set_mode(struct adapter *adapter, const struct ashlar_mode *mode)
{
    struct adapter_screen next = {.mode = *mode};

    if (!adapter->class->takes(adapter, mode))
        return ERROR_INVALID_PARAMETER;
    if (!adapter->class->prepare(adapter, mode))
        return ERROR_NOT_ENOUGH_MEMORY;
    obtain_back_buffer(adapter, &next);
    if (!is_set(&adapter->screen))
        adapter->class->enter(adapter);
    if (!program(adapter, &next)) {
        back_buffer_free(adapter, &next);
        go_back(adapter);
        return ERROR_INVALID_PARAMETER;
    }
    back_buffer_free(adapter, &adapter->screen);
    adapter->screen = next;
    return NO_ERROR;
}

bool adapter_leave(struct adapter *adapter)
{
    if (!is_set(&adapter->screen))
        return true;
    if (!adapter->class->leave(adapter))
        return false;
    back_buffer_free(adapter, &adapter->screen);
    adapter->screen = (struct adapter_screen){0};
    return true;
}
