/*
 * The service Int10: buffers below 640 KiB, whose bytes a driver may read and write; the BIOS's
 * own, which it may read; and calls of the BIOS with all of its buffers.
 */

#include "fake_host.h"

static VIDEO_PORT_INT10_INTERFACE int10;

static int open_service(void **state)
{
    if (open_device(state) != 0)
        return 1;
    int10 = (VIDEO_PORT_INT10_INTERFACE){.Size = sizeof int10,
                                         .Version = VIDEO_PORT_INT10_INTERFACE_VERSION_1};
    return VideoPortQueryServices(driver.extension, VideoPortServicesInt10,
                                  (PINTERFACE)(void *)&int10) != NO_ERROR;
}

static VP_STATUS allocate_buffer(ULONG size_bytes, USHORT *segment, USHORT *offset)
{
    return int10.Int10AllocateBuffer(int10.Context, segment, offset, &size_bytes);
}

static void buffer_lies_below_640_kib(void **state)
{
    (void)state;
    USHORT segment = 0;
    USHORT offset = 1;
    ULONG length = 1000;
    assert_int_equal(int10.Int10AllocateBuffer(int10.Context, &segment, &offset, &length),
                     ERROR_NOT_ENOUGH_MEMORY); /* the fake host's memory begins at 1 MiB */
    host.has_low_memory = true;
    assert_int_equal(int10.Int10AllocateBuffer(int10.Context, &segment, &offset, &length),
                     NO_ERROR);
    assert_int_equal(host.last_request.limit, 0xA0000);
    assert_int_equal(segment, (0xA0000 - 4096) >> 4);
    assert_int_equal(offset, 0);
    assert_int_equal(length, 1000);
}

static void buffer_is_read_and_written_in_its_bounds(void **state)
{
    (void)state;
    USHORT segment;
    USHORT offset;
    char text[8] = "abcdefg";
    char back[8];
    host.has_low_memory = true;
    assert_int_equal(allocate_buffer(16, &segment, &offset), NO_ERROR);
    assert_int_equal(int10.Int10WriteMemory(int10.Context, segment, 8, text, 8), NO_ERROR);
    assert_int_equal(int10.Int10ReadMemory(int10.Context, segment, 8, back, 8), NO_ERROR);
    assert_string_equal(back, text);
    /* The same bytes by another segment. */
    assert_int_equal(int10.Int10ReadMemory(int10.Context, (USHORT)(segment - 1), 24, back, 8),
                     NO_ERROR);
    assert_string_equal(back, text);
    assert_int_equal(int10.Int10WriteMemory(int10.Context, segment, 9, text, 8),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(int10.Int10WriteMemory(int10.Context, (USHORT)(segment - 1), 15, text, 1),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(int10.Int10ReadMemory(int10.Context, segment, 9, back, 8),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(int10.Int10ReadMemory(int10.Context, segment, 0, NULL, 8),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(int10.Int10WriteMemory(int10.Context, segment, 0, text, 0xFFFFFFFF),
                     ERROR_INVALID_PARAMETER);
}

static void bios_is_read_but_not_written(void **state)
{
    (void)state;
    char bytes[4] = "";
    assert_int_equal(int10.Int10ReadMemory(int10.Context, 0xC000, 0x3C, bytes, 4), NO_ERROR);
    assert_memory_equal(bytes, "RRRR", 4);
    assert_int_equal(int10.Int10ReadMemory(int10.Context, 0xC000, 0x3D, bytes, 4),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(int10.Int10WriteMemory(int10.Context, 0xC000, 0, bytes, 4),
                     ERROR_INVALID_PARAMETER);
}

static void buffer_is_freed_by_its_exact_place(void **state)
{
    (void)state;
    USHORT segment;
    USHORT offset;
    host.has_low_memory = true;
    allocate_buffer(4096, &segment, &offset);
    assert_int_equal(int10.Int10FreeBuffer(int10.Context, segment, 16), ERROR_INVALID_PARAMETER);
    assert_int_equal(int10.Int10FreeBuffer(int10.Context, (USHORT)(segment + 1), 0),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(int10.Int10FreeBuffer(int10.Context, (USHORT)(segment - 1), 16), NO_ERROR);
    assert_int_equal(int10.Int10FreeBuffer(int10.Context, segment, 0), ERROR_INVALID_PARAMETER);
}

static void wrong_buffers_are_refused(void **state)
{
    (void)state;
    USHORT segment;
    USHORT offset;
    host.has_low_memory = true;
    assert_int_equal(allocate_buffer(0, &segment, &offset), ERROR_INVALID_PARAMETER);
    assert_int_equal(allocate_buffer(0x10001, &segment, &offset), ERROR_INVALID_PARAMETER);
    assert_int_equal(allocate_buffer(0x10000, &segment, &offset), NO_ERROR);
    assert_int_equal(allocate_buffer(1, NULL, &offset), ERROR_INVALID_PARAMETER);
    for (size_t i = 1; i < 8; i++)
        assert_int_equal(allocate_buffer(1, &segment, &offset), NO_ERROR);
    assert_int_equal(allocate_buffer(1, &segment, &offset), ERROR_NOT_ENOUGH_MEMORY);
}

static void bios_gets_registers_and_buffers(void **state)
{
    (void)state;
    USHORT segment;
    USHORT offset;
    char byte;
    INT10_BIOS_ARGUMENTS arguments = {.Eax = 0x4F00, .Edi = 5, .SegDs = 7, .SegEs = 9};
    host.has_low_memory = true;
    allocate_buffer(512, &segment, &offset);
    allocate_buffer(100, &segment, &offset);
    assert_int_equal(int10.Int10CallBios(int10.Context, &arguments), NO_ERROR);
    assert_int_equal(host.called.eax, 0x4F00);
    assert_int_equal(host.called.edi, 5);
    assert_int_equal(host.called.ds * 16 + host.called.es, 7 * 16 + 9);
    assert_int_equal(host.buffer_count, 2);
    assert_string_equal(host.bios_caller, "fake");
    assert_int_equal(arguments.Eax, 0x004F);
    assert_int_equal(arguments.SegEs, 10);
    assert_int_equal(int10.Int10ReadMemory(int10.Context, segment, 99, &byte, 1), NO_ERROR);
    assert_int_equal(byte, 'B');
    assert_int_equal(int10.Int10CallBios(int10.Context, NULL), ERROR_INVALID_PARAMETER);
}

static void plain_call_has_no_segments(void **state)
{
    (void)state;
    VIDEO_X86_BIOS_ARGUMENTS arguments = {.Eax = 3, .Ebp = 6};
    assert_int_equal(VideoPortInt10(driver.extension, &arguments), NO_ERROR);
    assert_int_equal(host.called.eax, 3);
    assert_int_equal(host.called.ebp, 6);
    assert_int_equal(host.called.ds | host.called.es, 0);
    assert_int_equal(arguments.Eax, 0x004F);
    assert_int_equal(VideoPortInt10(driver.extension, NULL), ERROR_INVALID_PARAMETER);
}

static void fault_of_the_bios_is_an_error(void **state)
{
    (void)state;
    VIDEO_X86_BIOS_ARGUMENTS arguments = {.Eax = 0x4F02};
    host.bios_fault = "the BIOS faulted";
    assert_int_equal(VideoPortInt10(driver.extension, &arguments), ERROR_IO_DEVICE);
    assert_logged("call=VideoPortInt10 driver=fake eax=0x4f02 refused: the BIOS faulted");
}

static void bios_is_not_called_in_an_interrupt(void **state)
{
    (void)state;
    VIDEO_X86_BIOS_ARGUMENTS arguments = {.Eax = 0x4F02};
    host.at_passive_level = false;
    assert_int_equal(VideoPortInt10(driver.extension, &arguments), ERROR_INVALID_PARAMETER);
    assert_int_equal(host.called.eax, 0);
}

static void no_vector_means_no_vesa(void **state)
{
    (void)state;
    assert_true(VideoPortIsNoVesa());
    host.low_byte = 0xC0;
    assert_false(VideoPortIsNoVesa());
}

static void other_services_are_refused(void **state)
{
    (void)state;
    VIDEO_PORT_INT10_INTERFACE wrong = int10;
    PINTERFACE interface = (PINTERFACE)(void *)&wrong;
    assert_int_equal(VideoPortQueryServices(driver.extension, VideoPortServicesI2C, interface),
                     ERROR_INVALID_PARAMETER);
    wrong.Version = 2;
    assert_int_equal(VideoPortQueryServices(driver.extension, VideoPortServicesInt10, interface),
                     ERROR_INVALID_PARAMETER);
    wrong.Version = 1;
    wrong.Size--;
    assert_int_equal(VideoPortQueryServices(driver.extension, VideoPortServicesInt10, interface),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(VideoPortQueryServices(driver.extension, VideoPortServicesInt10, NULL),
                     ERROR_INVALID_PARAMETER);
}

/* close_device looks whether any of the buffers outlived it. */
static void forgotten_buffers_are_reclaimed(void **state)
{
    (void)state;
    USHORT segment;
    USHORT offset;
    host.has_low_memory = true;
    allocate_buffer(1, &segment, &offset);
    assert_int_equal(videoport_stop(device), 1);
    device = NULL;
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, open_service, close_device)
    const struct CMUnitTest tests[] = {
        WITH(buffer_lies_below_640_kib),          WITH(buffer_is_read_and_written_in_its_bounds),
        WITH(bios_is_read_but_not_written),       WITH(buffer_is_freed_by_its_exact_place),
        WITH(wrong_buffers_are_refused),          WITH(bios_gets_registers_and_buffers),
        WITH(plain_call_has_no_segments),         WITH(fault_of_the_bios_is_an_error),
        WITH(bios_is_not_called_in_an_interrupt), WITH(no_vector_means_no_vesa),
        WITH(other_services_are_refused),         WITH(forgotten_buffers_are_reclaimed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
