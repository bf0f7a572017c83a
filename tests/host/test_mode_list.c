/* Which modes of a miniport's list a picture can be drawn in, and why not in the others. */

#include "drivers/video/adapter/mode_list.h"

#include "fake_host.h"

#define LISTED_MAX 4

/* What the miniport lists. */
static struct {
    VIDEO_MODE_INFORMATION modes[LISTED_MAX];
    ULONG count;
} listed;

static BOOLEAN NTAPI list_start_io(PVOID extension, PVIDEO_REQUEST_PACKET packet)
{
    ULONG size_bytes = listed.count * (ULONG)sizeof listed.modes[0];
    (void)extension;
    packet->StatusBlock->Status = NO_ERROR;
    if (packet->IoControlCode == IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES) {
        *(VIDEO_NUM_MODES *)packet->OutputBuffer =
            (VIDEO_NUM_MODES){listed.count, sizeof listed.modes[0]};
    } else {
        assert_int_equal(packet->IoControlCode, IOCTL_VIDEO_QUERY_AVAIL_MODES);
        assert_int_equal(packet->OutputBufferLength, size_bytes);
        memcpy(packet->OutputBuffer, listed.modes, size_bytes);
    }
    packet->StatusBlock->Information = size_bytes;
    return TRUE;
}

static int open_list(void **state)
{
    open_host(state);
    driver.data.HwStartIO = list_start_io;
    device = start();
    return !device;
}

static int close_list(void **state)
{
    size_t leaked_count = videoport_stop(device);
    device = NULL;
    return leaked_count != 0 || close_device(state);
}

static VIDEO_MODE_INFORMATION make_mode(ULONG width, ULONG height, ULONG stride, ULONG planes,
                                        ULONG bits, ULONG red)
{
    return (VIDEO_MODE_INFORMATION){.VisScreenWidth = width,
                                    .VisScreenHeight = height,
                                    .ScreenStride = stride,
                                    .NumberOfPlanes = planes,
                                    .BitsPerPlane = bits,
                                    .RedMask = red,
                                    .GreenMask = 0x07E0,
                                    .BlueMask = 0x001F,
                                    .AttributeFlags = VIDEO_MODE_GRAPHICS};
}

static void read_list(struct mode_list *list)
{
    struct refusal refusal;
    assert_true(mode_list_read(list, device, &refusal));
}

#define LISTED MODE_LEFT_OUT_COUNT

static const struct {
    ULONG width, height, stride, planes, bits, red;
    enum mode_left_out expected;
} rows[] = {
    {640, 480, 1280, 1, 16, 0xF800, LISTED},
    {640, 480, 1279, 1, 16, 0xF800, MODE_MALFORMED},
    {640, 480, 640, 1, 8, 0, LISTED},
    {641, 479, 641, 1, 8, 0, LISTED},
    {0, 480, 640, 1, 8, 0, MODE_MALFORMED},
    {640, 0, 640, 1, 8, 0, MODE_MALFORMED},
    {640, 480, 0, 1, 8, 0, MODE_MALFORMED},
    {640, 480, 1920, 1, 24, 0xFF0000, LISTED},
    {640, 480, 2560, 1, 32, 0xFF0000, LISTED},
    {640, 480, 2560, 1, 32, 0, MODE_OF_MASKS},
    {640, 480, 2560, 1, 32, 0x00A00000, MODE_OF_MASKS},
    {640, 480, 2560, 1, 32, 0x07E0, MODE_OF_MASKS},
    {640, 480, 320, 1, 4, 0, MODE_OF_DEPTH},
    {640, 480, 80, 1, 1, 0, MODE_OF_DEPTH},
    {640, 480, 5120, 1, 64, 0xF800, MODE_OF_DEPTH},
    {640, 480, 1280, 1, 0, 0xF800, MODE_OF_DEPTH},
    {640, 480, 80, 4, 1, 0, LISTED},
    {640, 480, 79, 4, 1, 0, MODE_MALFORMED},
    {644, 480, 81, 4, 1, 0, MODE_PLANAR},
    {640, 480, 80, 2, 1, 0, MODE_PLANAR},
    {640, 480, 160, 4, 2, 0, MODE_PLANAR},
    {640, 480, 640, 0, 8, 0, MODE_PLANAR},
    {640, 480, 640, 0x40000001, 4, 0, MODE_PLANAR},
    {16384, 16384, 16384, 1, 8, 0, LISTED},
    {16385, 1, 16385, 1, 8, 0, MODE_TOO_LARGE},
    {1, 16385, 1, 1, 8, 0, MODE_TOO_LARGE},
    {640, 480, 0x00888888, 1, 8, 0, LISTED},
    {640, 480, 0x00888889, 1, 8, 0, MODE_TOO_LARGE},
    {0x40000001, 480, 4, 1, 32, 0xF800, MODE_TOO_LARGE},
};

static void modes_are_listed_or_left_out(void **state)
{
    (void)state;
    struct mode_list list;
    listed.count = 1;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ULONG left_out_count = rows[i].expected == LISTED ? 0 : 1;
        listed.modes[0] = make_mode(rows[i].width, rows[i].height, rows[i].stride, rows[i].planes,
                                    rows[i].bits, rows[i].red);
        read_list(&list);
        if (list.count + left_out_count != 1 ||
            (left_out_count && list.left_out[rows[i].expected] != 1))
            fail_msg("row %zu", i);
        mode_list_free(&list);
    }
}

/* What a driver wrote to the registry of its adapter's memory counts, if it is a number. */
static void modes_have_to_fit_into_memory(void **state)
{
    (void)state;
    struct mode_list list;
    listed.count = 2;
    listed.modes[0] = make_mode(1024, 1024, 1024, 1, 8, 0); /* 1 MiB */
    listed.modes[1] = make_mode(1024, 2048, 128, 4, 1, 0); /* four planes of 256 KiB */
    read_list(&list);
    assert_int_equal(list.count, 2);
    mode_list_free(&list);
    for (uint32_t bytes = (uint32_t)MIB - 1; bytes <= MIB; bytes++) {
        assert_int_equal(
            videoport_set_number(&device->values, "HardwareInformation.MemorySize", bytes),
            NO_ERROR);
        read_list(&list);
        assert_int_equal(list.count, bytes == MIB ? 2 : 0);
        assert_int_equal(list.left_out[MODE_TOO_LARGE], bytes == MIB ? 0 : 2);
        mode_list_free(&list);
    }
    assert_int_equal(
        videoport_set_number(&device->values, "HardwareInformation.MemorySize", (uint64_t)1 << 33),
        NO_ERROR);
    read_list(&list);
    assert_int_equal(list.count, 2);
    mode_list_free(&list);
}

/* A mode of banks can be drawn in if it fits into one. */
static void modes_in_banks(void **state)
{
    (void)state;
    struct mode_list list;
    listed.count = 3;
    listed.modes[0] = make_mode(320, 200, 320, 1, 8, 0);
    listed.modes[1] = make_mode(640, 480, 640, 1, 8, 0);
    listed.modes[2] = make_mode(800, 600, 800, 1, 8, 0);
    listed.modes[0].AttributeFlags |= VIDEO_MODE_BANKED;
    listed.modes[1].AttributeFlags |= VIDEO_MODE_BANKED;
    listed.modes[2].AttributeFlags |= VIDEO_MODE_BANKED | VIDEO_MODE_LINEAR;
    read_list(&list);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.left_out[MODE_BANKED], 1);
    assert_null(mode_list_find(&list, 640, 480, 8));
    mode_list_free(&list);
}

/* Of modes that differ in nothing that is asked for, the first one counts; 15 bits are not 16. */
static void modes_are_listed_once(void **state)
{
    (void)state;
    struct mode_list list;
    listed.count = 4;
    for (ULONG i = 0; i < 4; i++) {
        listed.modes[i] = make_mode(640, 480, 1280, 1, 16, 0xF800);
        listed.modes[i].ModeIndex = 7 + i;
    }
    listed.modes[1].NumberRedBits = listed.modes[1].NumberGreenBits =
        listed.modes[1].NumberBlueBits = 5;
    listed.modes[1].RedMask = 0x7C00;
    listed.modes[1].GreenMask = 0x03E0;
    listed.modes[3].AttributeFlags = VIDEO_MODE_COLOR;
    read_list(&list);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.left_out[MODE_REPEATED], 1);
    assert_int_equal(list.left_out[MODE_OF_TEXT], 1);
    assert_int_equal(mode_list_find(&list, 640, 480, 16)->ModeIndex, 7);
    assert_int_equal(mode_list_find(&list, 640, 480, 15)->ModeIndex, 8);
    mode_list_free(&list);
    assert_null(list.modes);
}

/* Of what contradicts itself, the masks count: they say where the pixels' colours go. */
static void depth_is_that_of_the_masks(void **state)
{
    (void)state;
    VIDEO_MODE_INFORMATION mode = make_mode(640, 480, 1280, 1, 16, 0xF800);
    mode.NumberRedBits = mode.NumberGreenBits = mode.NumberBlueBits = 5;
    assert_int_equal(mode_list_depth(&mode), 16);
    mode.RedMask = 0x7C00;
    assert_int_equal(mode_list_depth(&mode), 15);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define TEST(function) cmocka_unit_test_setup_teardown(function, open_list, close_list)
        TEST(modes_are_listed_or_left_out),
        TEST(modes_have_to_fit_into_memory),
        TEST(modes_in_banks),
        TEST(modes_are_listed_once),
        TEST(depth_is_that_of_the_masks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
