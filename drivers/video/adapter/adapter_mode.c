/*
 * Changes of mode. All that can be refused is obtained before the adapter is touched; only where
 * there is no room for two back buffers beside each other does the old one go first.
 */
#include "adapter.h"

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

/* A picture that is written elsewhere than to video memory is on no screen. */
static VP_STATUS program(struct adapter *adapter, struct adapter_screen *screen)
{
    const struct adapter_class *class = adapter->class;
    screen->hidden_page = screen->mode.flips;
    screen->stale_count = 0;
    screen->stride_bytes = class->lay_out(adapter, &screen->mode, &adapter->linear.format);
    VP_STATUS status = class->program(adapter, &screen->mode, &screen->stride_bytes);
    if (status == NO_ERROR &&
        !linear_keeps(&adapter->linear, screen->stride_bytes * screen->mode.height))
        status = ERROR_DEV_NOT_EXIST;
    return status;
}

static bool leave(struct adapter *adapter)
{
    return adapter->class->leave != NULL && adapter->class->leave(adapter);
}

/* After a mode that the adapter did not take: what was there before, if it takes that again. */
static void go_back(struct adapter *adapter)
{
    struct adapter_screen *screen = &adapter->screen;
    if (!is_set(screen)) {
        leave(adapter);
        return;
    }
    if (screen->pixels == NULL)
        obtain_back_buffer(adapter, screen);
    if (program(adapter, screen) != NO_ERROR)
        screen->stride_bytes = 0; /* somebody may still draw in the back buffer: it stays */
    else if (screen->pixels != NULL)
        present_all(adapter);
}

VP_STATUS adapter_set_mode(struct adapter *adapter, const struct ashlar_mode *mode)
{
    const struct adapter_class *class = adapter->class;
    struct adapter_screen next = {.mode = *mode};
    if (!adapter_takes(adapter, mode))
        return ERROR_INVALID_PARAMETER;
    if (class->prepare != NULL && !class->prepare(adapter, mode))
        return ERROR_NOT_ENOUGH_MEMORY;
    obtain_back_buffer(adapter, &next);
    if (!is_set(&adapter->screen) && class->enter != NULL)
        class->enter(adapter);
    VP_STATUS status = program(adapter, &next);
    if (status != NO_ERROR) {
        back_buffer_free(adapter, &next);
        go_back(adapter);
        return status;
    }
    back_buffer_free(adapter, &adapter->screen);
    adapter->screen = next;
    return NO_ERROR;
}

bool adapter_leave(struct adapter *adapter)
{
    if (is_set(&adapter->screen) && !leave(adapter))
        return false;
    back_buffer_free(adapter, &adapter->screen);
    adapter->screen = (struct adapter_screen){0};
    return true;
}
