/*
 * A picture on a miniport that knows only NT's requests: its back buffer comes from the video
 * port's call in its name, and nothing is lost, or left, when it refuses or faults.
 */

#include "drivers/video/adapter/foreign.h"
#include "drivers/video/adapter/mode_list.h"
#include "drivers/videoport/port/resource.h"

#include "fake_host.h"

#define MODE_COUNT 3
#define VIDEO_BYTES (64 * 64 * 4)

/* The miniport, and what it shall do. */
static struct {
    ULONG current; /* MODE_COUNT: none is set */
    ULONG refused; /* the index of a mode that it does not set */
    bool is_spent; /* it sets none any more */
    bool faults;
    VIDEO_NUM_MODES number; /* that it says */
    ULONG claimed_bytes; /* that it says to have returned of modes; 0: as it is */
    ULONG list_count; /* lists that it gave */
    bool mode_changes; /* once it is set, it is another than was listed */
    bool refuses_colours;
    ULONG stride_cut;
    ULONG mapped_bytes;
    ULONG reset_count;
    ULONG colour_count;
    bool is_mapped;
    bool is_off_by_one; /* it tells of a frame buffer that begins a byte later */
    struct resource *mapping; /* of `video` */
    ULONG other; /* the last request of none of these */
    union {
        UCHAR bytes[VIDEO_BYTES];
        ULONG pixels[VIDEO_BYTES / 4];
        USHORT shorts[VIDEO_BYTES / 2];
    } video;
} card;

static VIDEO_MODE_INFORMATION describe(ULONG index)
{
    static const struct {
        ULONG width, bits, red, green, blue;
    } modes[MODE_COUNT] = {
        {64, 32, 0xFF0000, 0xFF00, 0xFF}, {32, 16, 0xF800, 0x07E0, 0x001F}, {16, 8, 0, 0, 0}};
    ULONG stride = modes[index].width * modes[index].bits / 8 + 8;
    return (VIDEO_MODE_INFORMATION){.Length = sizeof(VIDEO_MODE_INFORMATION),
                                    .ModeIndex = index + 7,
                                    .VisScreenWidth = modes[index].width,
                                    .VisScreenHeight = 32,
                                    .ScreenStride = stride - card.stride_cut,
                                    .NumberOfPlanes = 1,
                                    .BitsPerPlane = modes[index].bits,
                                    .NumberRedBits = 6,
                                    .RedMask = modes[index].red,
                                    .GreenMask = modes[index].green,
                                    .BlueMask = modes[index].blue,
                                    .AttributeFlags = VIDEO_MODE_GRAPHICS};
}

static VP_STATUS set_mode(ULONG index)
{
    if (card.faults)
        fault();
    if (card.is_spent || index - 7 == card.refused)
        return ERROR_INVALID_FUNCTION;
    card.current = index - 7;
    return NO_ERROR;
}

static VP_STATUS give_modes(PVIDEO_REQUEST_PACKET packet)
{
    card.list_count++;
    if (packet->OutputBufferLength < MODE_COUNT * sizeof(VIDEO_MODE_INFORMATION))
        return ERROR_INSUFFICIENT_BUFFER;
    for (ULONG i = 0; i < MODE_COUNT; i++)
        ((VIDEO_MODE_INFORMATION *)packet->OutputBuffer)[i] = describe(i);
    packet->StatusBlock->Information =
        card.claimed_bytes ? card.claimed_bytes : MODE_COUNT * sizeof(VIDEO_MODE_INFORMATION);
    return NO_ERROR;
}

static VP_STATUS map_memory(PVIDEO_REQUEST_PACKET packet)
{
    assert_false(card.is_mapped);
    card.is_mapped = true;
    *(VIDEO_MEMORY_INFORMATION *)packet->OutputBuffer = (VIDEO_MEMORY_INFORMATION){
        card.video.bytes, card.mapped_bytes, card.video.bytes, card.mapped_bytes};
    if (card.is_off_by_one)
        ((VIDEO_MEMORY_INFORMATION *)packet->OutputBuffer)->FrameBufferBase = card.video.bytes + 1;
    return NO_ERROR;
}

static VP_STATUS answer(PVIDEO_REQUEST_PACKET packet)
{
    switch (packet->IoControlCode) {
    case IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES:
        *(VIDEO_NUM_MODES *)packet->OutputBuffer = card.number;
        return NO_ERROR;
    case IOCTL_VIDEO_QUERY_AVAIL_MODES:
        return give_modes(packet);
    case IOCTL_VIDEO_SET_CURRENT_MODE:
        return set_mode(((const VIDEO_MODE *)packet->InputBuffer)->RequestedMode);
    case IOCTL_VIDEO_QUERY_CURRENT_MODE:
        *(VIDEO_MODE_INFORMATION *)packet->OutputBuffer = describe(card.current);
        if (card.mode_changes)
            ((VIDEO_MODE_INFORMATION *)packet->OutputBuffer)->VisScreenHeight++;
        return NO_ERROR;
    case IOCTL_VIDEO_MAP_VIDEO_MEMORY:
        return map_memory(packet);
    case IOCTL_VIDEO_UNMAP_VIDEO_MEMORY:
        assert_true(card.is_mapped);
        card.is_mapped = false;
        return NO_ERROR;
    case IOCTL_VIDEO_SET_COLOR_REGISTERS:
        card.colour_count = ((const VIDEO_CLUT *)packet->InputBuffer)->NumEntries;
        return card.refuses_colours ? ERROR_INVALID_FUNCTION : NO_ERROR;
    case IOCTL_VIDEO_RESET_DEVICE:
        card.reset_count++;
        return NO_ERROR;
    default:
        card.other = packet->IoControlCode;
        return ERROR_INVALID_FUNCTION;
    }
}

static BOOLEAN NTAPI card_start_io(PVOID extension, PVIDEO_REQUEST_PACKET packet)
{
    assert_ptr_equal(extension, driver.extension);
    packet->StatusBlock->Information = 0;
    packet->StatusBlock->Status = answer(packet);
    return TRUE;
}

static int open_card(void **state)
{
    open_host(state);
    memset(&card, 0, sizeof card);
    card.current = card.refused = MODE_COUNT;
    card.mapped_bytes = VIDEO_BYTES;
    card.number = (VIDEO_NUM_MODES){MODE_COUNT, sizeof(VIDEO_MODE_INFORMATION)};
    driver.data.HwStartIO = card_start_io;
    device = start();
    foreign_open(device);
    card.mapping = resource_add(&(struct resource){.device = device,
                                                   .kind = RESOURCE_MAPPING,
                                                   .virtual_address = (uintptr_t)card.video.bytes,
                                                   .size_bytes = VIDEO_BYTES});
    host.log_count = 0;
    return !device;
}

/* Whatever happened, closing leaves nothing that stopping has to reclaim. */
static int close_card(void **state)
{
    foreign_close();
    bool left_mapped = card.is_mapped && !device->is_broken;
    resource_remove(card.mapping);
    host.log_count = 0;
    size_t leaked_count = videoport_stop(device);
    device = NULL;
    return leaked_count != 0 || left_mapped || close_device(state);
}

static VP_STATUS set(ULONG width, ULONG bits)
{
    const struct ashlar_mode mode = {width, 32, bits, 0};
    return foreign_ioctl(IOCTL_ASHLAR_SET_MODE, &mode, sizeof mode, NULL, 0);
}

static VP_STATUS query(struct ashlar_back_buffer *buffer)
{
    return foreign_ioctl(IOCTL_ASHLAR_QUERY_BACK_BUFFER, NULL, 0, buffer, sizeof *buffer);
}

static VP_STATUS present(struct ashlar_rectangle rectangle)
{
    return foreign_ioctl(IOCTL_ASHLAR_PRESENT, &rectangle, sizeof rectangle, NULL, 0);
}

static bool has_logged(const char *text)
{
    for (size_t i = 0; i < host.log_count; i++)
        if (strstr(host.log[i], text))
            return true;
    return false;
}

static void back_buffer_is_the_video_ports_block(void **state)
{
    (void)state;
    struct ashlar_back_buffer buffer;
    assert_int_equal(query(&buffer), ERROR_INVALID_FUNCTION);
    assert_int_equal(set(64, 32), NO_ERROR);
    assert_logged(
        "call=VideoPortAllocateContiguousMemory driver=fake bytes=8192 highest=0xffffffff");
    assert_int_equal(query(&buffer), NO_ERROR);
    assert_int_equal(buffer.size_bytes, 64 * 32 * 4);
    assert_string_equal(block_at(buffer.virtual_address)->owner, "fake");
    assert_true((uint64_t)buffer.physical.QuadPart == block_at(buffer.virtual_address)->physical);
    const struct resource *holding = resource_next_of(NULL, RESOURCE_MEMORY_KINDS, device);
    assert_string_equal(holding->call, "VideoPortAllocateContiguousMemory");
    foreign_close();
    assert_logged("call=VideoPortFreePool driver=fake freed bytes=8192");
    assert_null(resource_next_of(NULL, RESOURCE_MEMORY_KINDS, device));
}

static void its_limit_and_kind_are_parameters(void **state)
{
    (void)state;
    struct ashlar_back_buffer buffer;
    videoport_set_number(&device->values, "BackBufferHighest", ISA_HIGHEST);
    assert_int_equal(set(64, 32), NO_ERROR);
    assert_int_equal(query(&buffer), NO_ERROR);
    assert_true(buffer.physical.QuadPart + buffer.size_bytes - 1 <= ISA_HIGHEST);
    videoport_set_number(&device->values, "BackBuffer", ASHLAR_BACK_BUFFER_COMMON);
    assert_int_equal(set(32, 16), NO_ERROR);
    assert_true(has_logged("call=VideoPortAllocateCommonBuffer driver=fake bytes=4096"));
    videoport_set_number(&device->values, "BackBuffer", ASHLAR_BACK_BUFFER_NONE);
    assert_int_equal(set(64, 32), NO_ERROR);
    assert_int_equal(query(&buffer), NO_ERROR);
    assert_null(buffer.virtual_address);
    assert_int_equal(present((struct ashlar_rectangle){0, 0, 1, 1}), ERROR_INVALID_FUNCTION);
    const ULONG pixel = 0x123456;
    const struct ashlar_pixels run = {3, 2, 1, &pixel};
    assert_int_equal(foreign_ioctl(IOCTL_ASHLAR_WRITE_PIXELS, &run, sizeof run, NULL, 0), NO_ERROR);
    assert_int_equal(card.video.pixels[2 * 66 + 3], 0x123456);
}

static void what_is_presented_reaches_video_memory(void **state)
{
    (void)state;
    struct ashlar_back_buffer buffer;
    struct ashlar_adapter adapter;
    assert_int_equal(set(32, 16), NO_ERROR);
    assert_int_equal(card.current, 1);
    query(&buffer);
    for (ULONG i = 0; i < 32 * 32; i++)
        ((ULONG *)buffer.virtual_address)[i] = 0xFFFFFF;
    assert_int_equal(present((struct ashlar_rectangle){3, 5, 6, 7}), NO_ERROR);
    for (ULONG y = 0; y < 32; y++)
        for (ULONG x = 0; x < 36; x++)
            assert_int_equal(card.video.shorts[y * 36 + x],
                             x >= 3 && x < 6 && y >= 5 && y < 7 ? 0xFFFF : 0);
    foreign_ioctl(IOCTL_ASHLAR_QUERY_ADAPTER, NULL, 0, &adapter, sizeof adapter);
    assert_int_equal(adapter.written_pixels, 6);
    assert_int_equal(adapter.memory_bytes, VIDEO_BYTES);
}

static void wrong_requests_change_nothing(void **state)
{
    (void)state;
    static const struct ashlar_rectangle wrong[] = {
        {0, 0, 65, 1}, {0, 0, 1, 33}, {5, 0, 5, 1}, {0, 7, 1, 6}};
    static const struct ashlar_rectangle many[ASHLAR_RECTANGLES_MAX + 1];
    const ULONG pixel = 1;
    const struct ashlar_pixels run = {63, 0, 2, &pixel};
    const struct ashlar_mode flipping = {64, 32, 32, 1};
    assert_int_equal(set(64, 32), NO_ERROR);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(present(wrong[i]), ERROR_INVALID_PARAMETER);
    assert_int_equal(foreign_ioctl(IOCTL_ASHLAR_PRESENT, many, sizeof many, NULL, 0),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(foreign_ioctl(IOCTL_ASHLAR_PRESENT, many, sizeof many[0] + 1, NULL, 0),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(foreign_ioctl(IOCTL_ASHLAR_PRESENT, many, 1, NULL, 0),
                     ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(foreign_ioctl(IOCTL_ASHLAR_QUERY_BACK_BUFFER, NULL, 0, NULL, 4096),
                     ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(foreign_ioctl(IOCTL_ASHLAR_WRITE_PIXELS, &run, sizeof run, NULL, 0),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(foreign_ioctl(IOCTL_ASHLAR_SET_MODE, &flipping, sizeof flipping, NULL, 0),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(set(63, 32), ERROR_INVALID_PARAMETER);
    assert_int_equal(set(64, 16), ERROR_INVALID_PARAMETER);
    assert_int_equal(card.current, 0);
    for (size_t i = 0; i < VIDEO_BYTES; i++)
        assert_int_equal(card.video.bytes[i], 0);
}

static void requests_of_nt_are_the_miniports(void **state)
{
    (void)state;
    assert_int_equal(foreign_ioctl(IOCTL_VIDEO_QUERY_POINTER_ATTR, NULL, 0, NULL, 0),
                     ERROR_INVALID_FUNCTION);
    assert_int_equal(card.other, IOCTL_VIDEO_QUERY_POINTER_ATTR);
    assert_int_equal(set(16, 8), NO_ERROR);
    assert_int_equal(card.colour_count, 256);
}

static void refused_mode_keeps_the_old_one_and_its_picture(void **state)
{
    (void)state;
    struct ashlar_back_buffer before, after;
    set(64, 32);
    query(&before);
    ((ULONG *)before.virtual_address)[0] = 0xABCDEF;
    card.refused = 1;
    assert_int_equal(set(32, 16), ERROR_INVALID_FUNCTION);
    assert_int_equal(card.current, 0);
    assert_int_equal(query(&after), NO_ERROR);
    assert_ptr_equal(after.virtual_address, before.virtual_address);
    assert_int_equal(card.video.pixels[0], 0xABCDEF);
    assert_int_equal(count_blocks("fake"), 2); /* with the extension */
}

static void when_going_back_fails_nothing_is_shown(void **state)
{
    (void)state;
    struct ashlar_back_buffer buffer;
    set(64, 32);
    query(&buffer);
    card.is_spent = true;
    assert_int_equal(set(32, 16), ERROR_INVALID_FUNCTION);
    assert_int_equal(present((struct ashlar_rectangle){0, 0, 1, 1}), ERROR_INVALID_FUNCTION);
    /* Whoever draws may not know yet. */
    assert_non_null(block_at(buffer.virtual_address));
    assert_int_equal(foreign_ioctl(IOCTL_VIDEO_RESET_DEVICE, NULL, 0, NULL, 0), NO_ERROR);
    assert_int_equal(card.reset_count, 1);
    assert_int_equal(count_blocks("fake"), 1);
    card.is_spent = false;
    assert_int_equal(set(32, 16), NO_ERROR);
}

/* With room for the list of modes, and for nothing else. */
static void old_back_buffer_makes_room_for_the_next(void **state)
{
    (void)state;
    struct ashlar_back_buffer buffer;
    void *address;
    void *last = NULL;
    const struct mm_request request = {.size_bytes = 1, .limit = MM_NO_LIMIT, .owner = "rest"};
    set(64, 32);
    while (fake_host.alloc(&request, MM_CACHED, NULL, &address) == MM_OK)
        last = address;
    assert_int_equal(set(32, 16), ERROR_INVALID_PARAMETER);
    assert_string_equal(foreign_refusal()->what, "there is no memory for the list of its modes");
    assert_int_equal(card.current, 0);
    fake_host.free(last);
    assert_int_equal(set(32, 16), NO_ERROR);
    assert_int_equal(query(&buffer), NO_ERROR);
    assert_non_null(buffer.virtual_address);
    assert_int_equal(buffer.size_bytes, 32 * 32 * 4);
    for (size_t i = 0; i < BLOCK_MAX; i++)
        if (host.blocks[i].virtual_address && strcmp(host.blocks[i].owner, "rest") == 0)
            fake_host.free(host.blocks[i].virtual_address);
}

static void fault_leaves_nothing_to_reclaim(void **state)
{
    (void)state;
    set(64, 32);
    card.faults = true;
    assert_int_equal(set(32, 16), ERROR_IO_DEVICE);
    assert_true(device->is_broken);
    foreign_close();
    assert_null(resource_next_of(NULL, RESOURCE_MEMORY_KINDS, device));
}

static void leaving_frees_the_back_buffer(void **state)
{
    (void)state;
    set(64, 32);
    assert_int_equal(foreign_ioctl(IOCTL_VIDEO_RESET_DEVICE, NULL, 0, NULL, 0), NO_ERROR);
    assert_int_equal(card.reset_count, 1);
    assert_false(card.is_mapped);
    assert_int_equal(count_blocks("fake"), 1);
    assert_int_equal(set(64, 32), NO_ERROR);
}

/* What a miniport says is not taken at its word. */
static void lies_of_the_miniport_are_found(void **state)
{
    (void)state;
    card.claimed_bytes = 0x7FFFFFF0;
    assert_int_equal(set(64, 32), ERROR_INVALID_PARAMETER);
    card.claimed_bytes = 0;
    card.mapped_bytes = 64 * 32 * 4;
    assert_int_equal(set(64, 32), ERROR_NOT_ENOUGH_MEMORY);
    card.mapped_bytes = VIDEO_BYTES;
    card.is_off_by_one = true;
    card.mapping->size_bytes = (64 * 4 + 8) * 32; /* a byte more would be needed */
    assert_int_equal(set(64, 32), ERROR_INVALID_PARAMETER);
    assert_string_equal(foreign_refusal()->what,
                        "the frame buffer that it tells of is not all of it mapped");
    card.is_off_by_one = false;
    card.mapping->size_bytes = VIDEO_BYTES;
    card.stride_cut = 9;
    assert_int_equal(set(64, 32), ERROR_INVALID_PARAMETER);
    card.stride_cut = 8;
    assert_int_equal(set(64, 32), NO_ERROR);
    assert_int_equal(count_blocks("fake"), 2); /* with the extension */
}

/* Numbers of modes, and bytes of each, that cannot be: nothing is asked for, nothing is held. */
static void impossible_numbers_of_modes_are_refused(void **state)
{
    (void)state;
    static const VIDEO_NUM_MODES numbers[] = {
        {MODE_COUNT, 0},   {MODE_COUNT, 67},        {MODE_COUNT, 0x55555556},
        {MODE_COUNT, ~0u}, {MODE_LIST_MAX + 1, 80}, {~0u, 80},
        {~0u, ~0u},
    };
    struct mode_list list;
    struct refusal refusal;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        card.number = numbers[i];
        assert_false(mode_list_read(&list, device, &refusal));
        assert_true(refusal.told != refusal.wanted);
        assert_int_equal(set(64, 32), ERROR_INVALID_PARAMETER);
        assert_int_equal(card.list_count, 0);
        assert_int_equal(count_blocks("fake"), 1);
    }
    card.number = (VIDEO_NUM_MODES){0, 0};
    assert_true(mode_list_read(&list, device, &refusal));
    assert_int_equal(list.count, 0);
}

/* A list is read once for a mode that is set, and the mode has to be as it was there. */
static void modes_do_not_change_while_one_is_set(void **state)
{
    (void)state;
    struct mode_list list;
    struct refusal refusal;
    assert_true(mode_list_read(&list, device, &refusal));
    assert_int_equal(list.count, MODE_COUNT);
    mode_list_free(&list);
    card.list_count = 0;
    assert_int_equal(set(64, 32), NO_ERROR);
    assert_int_equal(card.list_count, 1);
    card.mode_changes = true;
    assert_int_equal(set(32, 16), ERROR_INVALID_PARAMETER);
    assert_string_equal(foreign_refusal()->what, "the mode that it set is not as it was listed");
    assert_int_equal(count_blocks("fake"), 2);
}

static void colours_are_loaded_or_the_mode_is_refused(void **state)
{
    (void)state;
    assert_int_equal(set(64, 32), NO_ERROR);
    card.refuses_colours = true;
    assert_int_equal(set(16, 8), ERROR_INVALID_FUNCTION);
    assert_int_equal(foreign_refusal()->told, ERROR_INVALID_FUNCTION);
    assert_int_equal(card.current, 0);
    assert_int_equal(set(32, 16), NO_ERROR);
    assert_null(foreign_refusal()->what);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define TEST(function) cmocka_unit_test_setup_teardown(function, open_card, close_card)
        TEST(back_buffer_is_the_video_ports_block),
        TEST(its_limit_and_kind_are_parameters),
        TEST(what_is_presented_reaches_video_memory),
        TEST(wrong_requests_change_nothing),
        TEST(requests_of_nt_are_the_miniports),
        TEST(refused_mode_keeps_the_old_one_and_its_picture),
        TEST(when_going_back_fails_nothing_is_shown),
        TEST(old_back_buffer_makes_room_for_the_next),
        TEST(fault_leaves_nothing_to_reclaim),
        TEST(leaving_frees_the_back_buffer),
        TEST(lies_of_the_miniport_are_found),
        TEST(impossible_numbers_of_modes_are_refused),
        TEST(modes_do_not_change_while_one_is_set),
        TEST(colours_are_loaded_or_the_mode_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
