/*
 * The video port's memory, mappings, buses and ways of starting: which requests reach the host, in
 * what form, and what is refused before or after.
 */

#include "fake_host.h"

#include "drivers/videoport/port/crt.h"
#include "drivers/videoport/port/resource.h"

/*   16 MiB - 4096        16 MiB
 *   |#####################|        highest = 0x00FFFFFF, the block's own last byte
 */
static void highest_address_may_be_the_last_byte(void **state)
{
    (void)state;
    PVOID block = allocate(4096, ISA_HIGHEST);
    assert_non_null(block);
    assert_int_equal(host.last_request.limit, 0x01000000);
    assert_int_equal(MmGetPhysicalAddress(block).QuadPart, 0x00FFF000);
}

static void highest_of_all_ones_is_no_limit(void **state)
{
    (void)state;
    assert_non_null(allocate(4096, UINT64_MAX));
    assert_true(host.last_request.limit == UINT64_MAX);
    assert_logged("highest=0xffffffffffffffff");
}

static void limit_above_4_gib_is_not_cut(void **state)
{
    (void)state;
    assert_non_null(allocate(4096, 0x13FFFFFFF));
    assert_true(host.last_request.limit == 0x140000000);
}

static void block_that_ends_one_byte_too_high_is_refused(void **state)
{
    (void)state;
    assert_non_null(allocate(4096, MEMORY_BASE + 4095));
    assert_null(allocate(4096, MEMORY_BASE + 4094));
    assert_logged("refused: ");
}

static void zero_bytes_give_null_and_a_reason(void **state)
{
    (void)state;
    host.last_request.size_bytes = 99;
    assert_null(allocate(0, 0xFFFFFFFF));
    assert_string_equal(last_log(),
                        "videoport call=VideoPortAllocateContiguousMemory driver=fake "
                        "bytes=0 highest=0xffffffff refused: a block of 0 bytes was asked for");
    assert_int_equal(host.last_request.size_bytes, 99);
}

static void limit_below_memory_gives_null_and_a_reason(void **state)
{
    (void)state;
    assert_null(allocate(4096, MEMORY_BASE - 1));
    assert_logged("refused: no free run satisfies the request");
    assert_null(allocate(4096, 4094));
    assert_logged("refused: the block is larger than the range of addresses");
    assert_null(allocate(1, 0));
    assert_logged("refused: no free run");
}

static void interrupt_handler_gets_null_and_a_reason(void **state)
{
    (void)state;
    host.at_passive_level = false;
    assert_null(allocate(4096, 0xFFFFFFFF));
    assert_logged(
        "call=VideoPortAllocateContiguousMemory driver=fake refused: called above PASSIVE");
    assert_null(MmAllocateContiguousMemory(4096, address(0xFFFFFFFF)));
    assert_logged("call=MmAllocateContiguousMemory driver=kernel refused: called above PASSIVE");
    assert_null(VideoPortAllocatePool(driver.extension, VpNonPagedPool, 16, 0));
    assert_null(VideoPortGetDeviceBase(driver.extension, address(0xA0000), 4096, 0));
    assert_int_equal(videoport_ioctl(device, 0, NULL, 0, NULL, 0, NULL), ERROR_INVALID_FUNCTION);
}

static void foreign_extension_is_refused(void **state)
{
    (void)state;
    int nobody;
    assert_null(VideoPortAllocateContiguousMemory(&nobody, 4096, address(0xFFFFFFFF)));
    assert_logged("is no adapter's HwDeviceExtension");
    assert_null(VideoPortAllocateContiguousMemory(NULL, 4096, address(0xFFFFFFFF)));
}

static void allocation_is_one_line_on_the_log(void **state)
{
    (void)state;
    char expected[200];
    PVOID block = allocate(3 << 20, 0xFFFFFFFF);
    snprintf(expected, sizeof expected,
             "videoport call=VideoPortAllocateContiguousMemory driver=fake bytes=3145728 "
             "highest=0xffffffff physical=0xffd00000 end=0x100000000 virtual=0x%llx",
             (unsigned long long)(uintptr_t)block);
    assert_string_equal(last_log(), expected);
    assert_int_equal(host.log_count, 1);
    assert_string_equal(host.last_request.owner, "fake");
}

static void block_out_of_bounds_is_not_passed_on(void **state)
{
    (void)state;
    size_t before = count_blocks("fake");
    assert_non_null(allocate(4096, ISA_HIGHEST)); /* the page of records is there from now on */
    host.breaks_its_word = true;
    assert_null(allocate(4096, ISA_HIGHEST));
    assert_logged("refused: the kernel's block breaks the request");
    assert_int_equal(count_blocks("fake"), before + 1);
}

/* The fake host knows no lowest address, and goes down to the boundary. */
static void block_below_the_lowest_address_is_not_passed_on(void **state)
{
    (void)state;
    assert_null(MmAllocateContiguousMemorySpecifyCache(
        4096, address(0xFFE000), address(ISA_HIGHEST), address(65536), MmCached));
    assert_logged("refused: the kernel's block breaks the request");
}

static void contiguous_block_is_freed_by_either_call(void **state)
{
    (void)state;
    size_t before = count_blocks("fake");
    VideoPortFreePool(driver.extension, allocate(4096, 0xFFFFFFFF));
    assert_int_equal(count_blocks("fake"), before);
    assert_int_equal(videoport_ioctl(device, IOCTL_VIDEO_SET_CURRENT_MODE, NULL, 0, NULL, 0, NULL),
                     NO_ERROR);
    assert_int_equal(count_blocks("fake"), before + 1);
    VideoPortFreePool(driver.extension, driver.mm_block);
    assert_int_equal(count_blocks("fake"), before);
}

static void double_and_inside_frees_are_refused(void **state)
{
    (void)state;
    char *block = allocate(8192, 0xFFFFFFFF);
    size_t before = count_blocks("fake");
    VideoPortFreePool(driver.extension, block + 4096);
    assert_logged("refused: no such block is there");
    assert_int_equal(count_blocks("fake"), before);
    VideoPortFreePool(driver.extension, block);
    VideoPortFreePool(driver.extension, block);
    assert_logged("refused: no such block is there");
}

static void driver_cannot_free_for_another_one(void **state)
{
    (void)state;
    PVOID block = allocate(4096, 0xFFFFFFFF);
    size_t before = count_blocks("fake");
    MmFreeContiguousMemory(block); /* called by the kernel: no driver is running */
    assert_logged("refused: the block belongs to another driver");
    assert_int_equal(count_blocks("fake"), before);
}

static void mm_block_belongs_to_the_running_driver(void **state)
{
    (void)state;
    videoport_ioctl(device, IOCTL_VIDEO_SET_CURRENT_MODE, NULL, 0, NULL, 0, NULL);
    assert_string_equal(host.last_request.owner, "fake");
    PVOID block = MmAllocateContiguousMemory(4096, address(0xFFFFFFFF));
    assert_string_equal(host.last_request.owner, "kernel");
    MmFreeContiguousMemory(block);
    assert_int_equal(count_blocks("kernel"), 0);
}

static void boundary_must_be_a_power_of_two(void **state)
{
    (void)state;
    assert_null(MmAllocateContiguousMemorySpecifyCache(4096, address(0), address(0xFFFFFFFF),
                                                       address(12288), MmCached));
    assert_logged("refused: the boundary is not a power of two");
    assert_null(MmAllocateContiguousMemorySpecifyCache(8192, address(0), address(0xFFFFFFFF),
                                                       address(4096), MmCached));
    assert_logged("refused: the block is larger than the boundary");
    PVOID block = MmAllocateContiguousMemorySpecifyCache(
        4096, address(0x200000), address(0xFFFFFFFF), address(65536), MmWriteCombined);
    assert_non_null(block);
    assert_int_equal(host.last_request.boundary_bytes, 65536);
    assert_int_equal(host.last_request.lowest, 0x200000);
    assert_int_equal(host.last_cache, MM_WRITE_COMBINED);
    MmFreeContiguousMemory(block);
}

static void lowest_above_highest_is_refused(void **state)
{
    (void)state;
    assert_null(MmAllocateContiguousMemorySpecifyCache(4096, address(0x2000000), address(0x1000000),
                                                       address(0), MmCached));
    assert_logged("refused: the block is larger than the range of addresses");
}

static PVP_DMA_ADAPTER dma_adapter(BOOLEAN dma32, BOOLEAN dma64)
{
    VP_DEVICE_DESCRIPTION description = {
        .Dma32BitAddresses = dma32, .Dma64BitAddresses = dma64, .MaximumLength = 65536};
    return VideoPortGetDmaAdapter(driver.extension, &description);
}

static void common_buffer_lies_in_its_adapters_reach(void **state)
{
    (void)state;
    PHYSICAL_ADDRESS logical;
    PVOID block = VideoPortAllocateCommonBuffer(driver.extension, dma_adapter(FALSE, FALSE), 100,
                                                &logical, FALSE, NULL);
    assert_non_null(block);
    assert_int_equal(host.last_request.limit, 16 << 20);
    assert_int_equal(host.last_cache, MM_CACHED);
    assert_int_equal(logical.QuadPart, MmGetPhysicalAddress(block).QuadPart);
    VideoPortAllocateCommonBuffer(driver.extension, dma_adapter(TRUE, FALSE), 100, &logical, TRUE,
                                  NULL);
    assert_true(host.last_request.limit == (uint64_t)4 << 30);
    VideoPortAllocateCommonBuffer(driver.extension, dma_adapter(TRUE, TRUE), 100, &logical, TRUE,
                                  NULL);
    assert_true(host.last_request.limit == UINT64_MAX);
}

static void common_buffer_wants_a_live_dma_adapter(void **state)
{
    (void)state;
    PHYSICAL_ADDRESS logical;
    PVP_DMA_ADAPTER adapter = dma_adapter(TRUE, FALSE);
    VideoPortPutDmaAdapter(driver.extension, adapter);
    assert_null(
        VideoPortAllocateCommonBuffer(driver.extension, adapter, 100, &logical, TRUE, NULL));
    assert_logged("refused: this is no DMA adapter of this driver");
    VideoPortPutDmaAdapter(driver.extension, adapter);
    assert_logged("refused: this is no DMA adapter of this driver");
}

static void common_buffer_is_released_by_equal_arguments_alone(void **state)
{
    (void)state;
    PHYSICAL_ADDRESS logical;
    PVP_DMA_ADAPTER adapter = dma_adapter(TRUE, FALSE);
    PVP_DMA_ADAPTER other = dma_adapter(TRUE, FALSE);
    char *block =
        VideoPortAllocateCommonBuffer(driver.extension, adapter, 8192, &logical, TRUE, NULL);
    PHYSICAL_ADDRESS wrong = address((uint64_t)logical.QuadPart + 4096);
    size_t before = count_blocks("fake");
    VideoPortReleaseCommonBuffer(driver.extension, adapter, 4096, logical, block, TRUE);
    assert_logged("refused: the arguments differ");
    host.log_count = 0;
    VideoPortReleaseCommonBuffer(driver.extension, other, 8192, logical, block, TRUE);
    assert_logged("refused: the arguments differ");
    host.log_count = 0;
    VideoPortReleaseCommonBuffer(driver.extension, adapter, 8192, wrong, block, TRUE);
    assert_logged("refused: the arguments differ");
    host.log_count = 0;
    VideoPortReleaseCommonBuffer(driver.extension, adapter, 8192, logical, block, FALSE);
    assert_logged("refused: the arguments differ");
    host.log_count = 0;
    VideoPortReleaseCommonBuffer(driver.extension, adapter, 4096, wrong, block + 4096, TRUE);
    assert_logged("refused: no such block");
    assert_int_equal(count_blocks("fake"), before);
    host.log_count = 0;
    VideoPortReleaseCommonBuffer(driver.extension, adapter, 8192, logical, block, TRUE);
    assert_int_equal(host.log_count, 0);
    assert_int_equal(count_blocks("fake"), before - 1);
}

static void common_buffer_is_not_freed_as_pool(void **state)
{
    (void)state;
    PHYSICAL_ADDRESS logical;
    PVOID block = VideoPortAllocateCommonBuffer(driver.extension, dma_adapter(TRUE, FALSE), 4096,
                                                &logical, TRUE, NULL);
    size_t before = count_blocks("fake");
    VideoPortFreePool(driver.extension, block);
    assert_logged("refused: no such block");
    assert_int_equal(count_blocks("fake"), before);
}

static void obsolete_common_buffer_is_aligned_and_below_4_gib(void **state)
{
    (void)state;
    PHYSICAL_ADDRESS logical;
    ULONG actual = 0;
    PVOID block = VideoPortGetCommonBuffer(driver.extension, 5000, 65536, &logical, &actual, TRUE);
    size_t before = count_blocks("fake");
    assert_non_null(block);
    assert_int_equal(logical.QuadPart & 0xFFFF, 0);
    assert_true(host.last_request.limit == (uint64_t)4 << 30);
    assert_int_equal(actual, 5000);
    assert_null(VideoPortGetCommonBuffer(driver.extension, 5000, 65535, &logical, &actual, TRUE));
    assert_logged("refused: the alignment is not a power of two");
    VideoPortFreeCommonBuffer(driver.extension, 5000, block, logical, TRUE);
    assert_int_equal(count_blocks("fake"), before - 1);
}

static void pool_of_every_type_is_had_and_freed(void **state)
{
    (void)state;
    size_t before = count_blocks("fake");
    PVOID pool = VideoPortAllocatePool(driver.extension, VpPagedPoolCacheAligned, 17, 0x6C6F6F50);
    memset(pool, 0, 17);
    VideoPortFreePool(driver.extension, pool);
    assert_int_equal(count_blocks("fake"), before);
    assert_null(VideoPortAllocatePool(driver.extension, VpNonPagedPool, 0, 0));
    assert_logged("refused: a block of 0 bytes");
}

static void buffer_has_a_status(void **state)
{
    (void)state;
    PVOID buffer;
    size_t before = count_blocks("fake");
    assert_int_equal(VideoPortAllocateBuffer(driver.extension, 100, &buffer), NO_ERROR);
    VideoPortFreePool(driver.extension, buffer);
    assert_logged("refused: no such block");
    VideoPortReleaseBuffer(driver.extension, buffer);
    assert_int_equal(count_blocks("fake"), before);
    assert_int_equal(VideoPortAllocateBuffer(driver.extension, 0, &buffer),
                     ERROR_INVALID_PARAMETER);
    for (size_t i = 0; i < BLOCK_MAX; i++) { /* the host runs out of blocks */
        if (VideoPortAllocateBuffer(driver.extension, 1, &buffer) != NO_ERROR)
            break;
    }
    assert_int_equal(VideoPortAllocateBuffer(driver.extension, 1, &buffer),
                     ERROR_NOT_ENOUGH_MEMORY);
    assert_null(buffer);
}

static void port_is_mapped_to_its_own_number(void **state)
{
    (void)state;
    PVOID port = VideoPortGetDeviceBase(driver.extension, address(0x1CE), 3, VIDEO_MEMORY_SPACE_IO);
    assert_ptr_equal(port, (void *)0x1CE);
    assert_int_equal(count_mappings(), 0);
    assert_null(
        VideoPortGetDeviceBase(driver.extension, address(0xFFFF), 2, VIDEO_MEMORY_SPACE_IO));
    assert_logged("refused: there are no ports above 0xffff");
    host.log_count = 0;
    VideoPortFreeDeviceBase(driver.extension, port);
    assert_int_equal(host.log_count, 0);
}

/*   mapping |----------------|
 *                  ^ unmapped by this address, or by any other inside
 */
static void unmap_by_an_inside_address_frees_the_whole(void **state)
{
    (void)state;
    PVOID mapped = NULL;
    ULONG length = 8192, space = VIDEO_MEMORY_SPACE_MEMORY;
    assert_int_equal(
        VideoPortMapMemory(driver.extension, address(0xE0000000), &length, &space, &mapped),
        NO_ERROR);
    assert_int_equal(count_mappings(), 1);
    assert_int_equal(VideoPortUnmapMemory(driver.extension, (char *)mapped + 8192, NULL),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(count_mappings(), 1);
    assert_int_equal(VideoPortUnmapMemory(driver.extension, (char *)mapped + 8191, NULL), NO_ERROR);
    assert_int_equal(count_mappings(), 0);
    assert_int_equal(VideoPortUnmapMemory(driver.extension, mapped, NULL), ERROR_INVALID_PARAMETER);
}

static VP_STATUS map(uint64_t physical, ULONG length)
{
    PVOID mapped = NULL;
    ULONG space = VIDEO_MEMORY_SPACE_MEMORY;
    return VideoPortMapMemory(driver.extension, address(physical), &length, &space, &mapped);
}

static void map_of_nonsense_is_refused(void **state)
{
    (void)state;
    assert_int_equal(map(0xE0000000, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(map(0xE0000000, 0xFFFFFFFF), ERROR_INVALID_PARAMETER);
    assert_logged("refused: the range cannot be mapped");
    assert_int_equal(map(UINT64_MAX - 4095, 4097), ERROR_INVALID_PARAMETER);
    assert_logged("refused: the range runs past the end");
    assert_int_equal(VideoPortMapMemory(driver.extension, address(0), NULL, NULL, NULL),
                     ERROR_INVALID_PARAMETER);
}

static void overlapping_mappings_share_their_cache_type(void **state)
{
    (void)state;
    PVOID first = VideoPortGetDeviceBase(driver.extension, address(0xE0000800), 4096,
                                         VIDEO_MEMORY_SPACE_P6CACHE);
    PVOID alias = VideoPortGetDeviceBase(driver.extension, address(0xE0001FFF), 1, 0);
    PVOID apart = VideoPortGetDeviceBase(driver.extension, address(0xE0002000), 4096, 0);
    assert_int_equal(mapping_at(first)->cache, MM_WRITE_COMBINED);
    assert_int_equal(mapping_at(alias)->cache, MM_WRITE_COMBINED);
    assert_int_equal(mapping_at(apart)->cache, MM_UNCACHED);
}

static void ports_are_no_alias_of_memory(void **state)
{
    (void)state;
    VideoPortGetDeviceBase(driver.extension, address(0x1CE), 3, VIDEO_MEMORY_SPACE_IO);
    PVOID memory = VideoPortGetDeviceBase(driver.extension, address(0), 4096, 0);
    assert_int_equal(mapping_at(memory)->cache, MM_UNCACHED);
}

static void set_mode(void)
{
    assert_int_equal(videoport_ioctl(device, IOCTL_VIDEO_SET_CURRENT_MODE, NULL, 0, NULL, 0, NULL),
                     NO_ERROR);
}

static void initialize_takes_every_size_from_nt31_to_xp(void **state)
{
    (void)state;
    const ULONG sizes[] = {(ULONG)FIELD_OFFSET(VIDEO_HW_INITIALIZATION_DATA, HwResetHw),
                           (ULONG)SIZE_OF_NT4_VIDEO_HW_INITIALIZATION_DATA,
                           (ULONG)SIZE_OF_W2K_VIDEO_HW_INITIALIZATION_DATA,
                           sizeof(VIDEO_HW_INITIALIZATION_DATA)};
    for (size_t i = 0; i < 4; i++) {
        driver.data.HwInitDataSize = sizes[i];
        device = start();
        assert_int_equal(driver.initialize_result, NO_ERROR);
        assert_non_null(device);
        set_mode();
        videoport_stop(device);
        device = NULL;
    }
    /* NT 3.1 had no HwResetHw: what lies there is not read. */
    assert_int_equal(driver.reset_count, 3);
}

static void initialize_refuses_unknown_sizes(void **state)
{
    (void)state;
    driver.data.HwInitDataSize = sizeof driver.data + 4;
    assert_null(start());
    assert_int_equal(driver.initialize_result, 0xC0000059);
    driver.data.HwInitDataSize = (ULONG)FIELD_OFFSET(VIDEO_HW_INITIALIZATION_DATA, HwResetHw) - 4;
    assert_null(start());
    assert_int_equal(driver.initialize_result, 0xC0000059);
    assert_int_equal(driver.find_count, 0);
}

static void start_says_why_there_is_no_adapter(void **state)
{
    (void)state;
    const char *why = NULL;
    driver.find_result = ERROR_DEV_NOT_EXIST;
    assert_null(videoport_start("fake", driver_entry, NULL, &why));
    assert_string_equal(why, "the driver found no adapter");
    driver.find_result = ERROR_INVALID_PARAMETER;
    assert_null(videoport_start("fake", driver_entry, NULL, &why));
    assert_string_equal(why, "the driver found an adapter that it cannot use");
    driver.find_result = NO_ERROR;
    driver.initializes = FALSE;
    assert_null(videoport_start("fake", driver_entry, NULL, &why));
    assert_string_equal(why, "the driver failed to initialize its adapter");
    assert_null(videoport_start("two words", driver_entry, NULL, &why));
    assert_null(videoport_start("123456789012345678901234", driver_entry, NULL, &why));
    assert_int_equal(count_blocks("fake"), 0);
}

static void driver_that_always_wants_another_try_is_stopped(void **state)
{
    (void)state;
    driver.find_result = ERROR_DEV_NOT_EXIST;
    driver.again = TRUE;
    assert_null(start());
    assert_in_range(driver.find_count, 2, 100);
}

static INTERFACE_TYPE offered[8]; /* the types that HwFindAdapter was told, in turn */

static VP_STATUS note_offer(void)
{
    assert_true(driver.find_count <= 8);
    offered[driver.find_count - 1] = driver.info.AdapterInterfaceType;
    return driver.find_result;
}

/* A bridge, and two displays on two buses. */
static void put_displays_on_pci(void)
{
    host.pci_count = 3;
    host.pci[0] =
        (struct pci_function){.vendor_id = 0x8086, .device_id = 0x1237, .class_code = 0x060000};
    host.pci[1] = (struct pci_function){
        .device = 2, .vendor_id = 0x1013, .device_id = 0x00B8, .class_code = 0x030000};
    host.pci[2] = (struct pci_function){
        .bus = 1, .device = 3, .vendor_id = 0x1234, .device_id = 0x1111, .class_code = 0x038000};
    driver.on_find = note_offer;
}

static void every_display_is_offered_then_none_whatever_the_type(void **state)
{
    (void)state;
    const INTERFACE_TYPE types[] = {Internal, Isa, Eisa, PCIBus, MaximumInterfaceType};
    const char *why;
    put_displays_on_pci();
    driver.find_result = ERROR_DEV_NOT_EXIST;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        driver.find_count = 0;
        driver.data.AdapterInterfaceType = types[i];
        assert_null(videoport_start("fake", driver_entry, NULL, &why));
        assert_int_equal(driver.find_count, 3);
        assert_int_equal(offered[0], PCIBus);
        assert_int_equal(offered[1], PCIBus);
        assert_int_equal(offered[2], Isa);
        assert_int_equal(driver.info.SystemIoBusNumber, 0);
        assert_int_equal(driver.info.Length, sizeof(VIDEO_PORT_CONFIG_INFO));
    }
    assert_string_equal(videoport_describe_search(),
                        "offered 2 PCI functions (0:2.0 1013:00b8, 1:3.0 1234:1111) and none; "
                        "status 55");
    host.pci_count = 0;
    assert_null(start());
    assert_string_equal(videoport_describe_search(),
                        "there is no PCI function to offer; status 55");
    driver.find_result = NO_ERROR;
    device = start();
    assert_non_null(device);
    assert_string_equal(videoport_describe_search(), "");
}

static void more_functions_than_a_line_has_room_for_are_counted(void **state)
{
    (void)state;
    host.pci_count = 4;
    for (uint8_t i = 0; i < 4; i++)
        host.pci[i] = (struct pci_function){.bus = 0xFF,
                                            .device = 0x1C + i,
                                            .function = 7,
                                            .vendor_id = 0x10DE,
                                            .device_id = 0x1F00 + i,
                                            .class_code = 0x030000};
    driver.find_result = ERROR_INVALID_PARAMETER;
    assert_null(start());
    assert_string_equal(videoport_describe_search(),
                        "offered 4 PCI functions (ff:1c.7 10de:1f00, ff:1d.7 10de:1f01, "
                        "ff:1e.7 10de:1f02, ...) and none; status 87");
}

static VOID NTAPI never(PVOID extension, PVOID context)
{
    (void)extension;
    (void)context;
    fail();
}

static VOID NTAPI never_timer(PVOID extension)
{
    never(extension, NULL);
}

static BOOLEAN NTAPI never_interrupt(PVOID extension)
{
    never(extension, NULL);
    return TRUE;
}

/* All that a driver can take hold of before it says that its adapter is not there. */
static VP_STATUS take_all_and_refuse(void)
{
    VIDEO_ACCESS_RANGE range = {
        .RangeStart.QuadPart = 0x3C0, .RangeLength = 0x20, .RangeInIoSpace = VIDEO_MEMORY_SPACE_IO};
    PVOID buffer;
    PEVENT event;
    assert_int_equal(VideoPortVerifyAccessRanges(driver.extension, 1, &range), NO_ERROR);
    assert_non_null(VideoPortGetDeviceBase(driver.extension, address(0xE0000000), 4096, 0));
    assert_non_null(allocate(4096, 0xFFFFFFFF));
    assert_int_equal(VideoPortAllocateBuffer(driver.extension, 100, &buffer), NO_ERROR);
    assert_int_equal(VideoPortCreateEvent(driver.extension, 0, NULL, &event), NO_ERROR);
    assert_true(VideoPortQueueDpc(driver.extension, never, NULL));
    VideoPortStartTimer(driver.extension);
    return driver.find_result;
}

static void assert_nothing_is_held(void)
{
    assert_null(resource_next(NULL, ~0u));
    assert_int_equal(count_blocks("fake"), 0);
    assert_int_equal(count_mappings(), 0);
    assert_int_equal(host.connected_lines, 0);
    assert_false(videoport_interrupt(5));
    host.milliseconds += 5000;
    videoport_poll();
}

static void driver_that_is_passed_over_keeps_nothing(void **state)
{
    (void)state;
    driver.data.HwTimer = never_timer;
    driver.on_find = take_all_and_refuse;
    driver.find_result = ERROR_DEV_NOT_EXIST;
    assert_null(start());
    assert_nothing_is_held();
    driver.find_result = NO_ERROR;
    driver.initializes = FALSE;
    driver.data.HwInterrupt = never_interrupt;
    driver.interrupt_line = 5;
    assert_null(start());
    assert_nothing_is_held();
    driver.initializes = TRUE;
    device = start();
    videoport_stop(device);
    device = NULL;
    assert_nothing_is_held();
}

static VIDEO_ACCESS_RANGE vga_ports = {
    .RangeStart.QuadPart = 0x3C0, .RangeLength = 0x20, .RangeInIoSpace = VIDEO_MEMORY_SPACE_IO};

static VP_STATUS claim_vga_ports(void)
{
    return VideoPortVerifyAccessRanges(driver.extension, 1, &vga_ports);
}

/* Of what was refused, the first counts. */
static void search_says_which_call_was_refused(void **state)
{
    (void)state;
    const char *why;
    driver.on_find = claim_vga_ports;
    device = start();
    assert_non_null(device);
    void *first = driver.extension;
    put_displays_on_pci();
    driver.on_find = claim_vga_ports;
    assert_null(videoport_start("second", driver_entry, NULL, &why));
    assert_string_equal(why, "the driver found an adapter that it cannot use");
    assert_string_equal(videoport_describe_search(),
                        "offered 2 PCI functions (0:2.0 1013:00b8, 1:3.0 1234:1111) and none; "
                        "status 87; VideoPortVerifyAccessRanges was refused: of 32 ports from "
                        "0x3c0 on, driver fake has claimed some");
    driver.extension = first;
}

static ULONG NTAPI entry_that_returns(PVOID context1, PVOID context2)
{
    (void)context1;
    (void)context2;
    return NO_ERROR;
}

static void driver_that_does_not_initialize_is_told_apart(void **state)
{
    (void)state;
    const char *why;
    driver.data.HwInitDataSize = 1;
    assert_null(videoport_start("fake", driver_entry, NULL, &why));
    assert_string_equal(why, "the driver's initialization data has an unknown size");
    assert_string_equal(videoport_describe_search(), "");
    assert_null(videoport_start("fake", entry_that_returns, NULL, &why));
    assert_string_equal(why, "the driver did not call VideoPortInitialize");
}

static void registry_path_is_text_that_ends(void **state)
{
    (void)state;
    static const WCHAR adapter[] =
        u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\fake\\Device0";
    const UNICODE_STRING *service = driver.context2;
    assert_memory_equal(driver.info.DriverRegistryPath, adapter, sizeof adapter);
    assert_int_equal(service->Length, sizeof adapter - sizeof u"\\Device0");
    assert_true(service->MaximumLength >= sizeof adapter);
    assert_memory_equal(service->Buffer, adapter, service->Length);
}

/* Where the driver has no HwResetHw, or that one leaves it to the system. */
static void bios_resets_what_the_driver_does_not(void **state)
{
    (void)state;
    device = start();
    driver.resets = FALSE;
    videoport_stop(device);
    assert_int_equal(driver.reset_count, 0); /* no mode was set */
    assert_int_equal(host.called.eax, 0);
    device = start();
    set_mode();
    videoport_stop(device);
    assert_int_equal(driver.reset_count, 1);
    assert_int_equal(host.called.eax, 3);
    host.called.eax = 0;
    driver.data.HwResetHw = NULL;
    device = start();
    set_mode();
    assert_int_equal(videoport_ioctl(device, IOCTL_VIDEO_RESET_DEVICE, NULL, 0, NULL, 0, NULL),
                     NO_ERROR);
    videoport_stop(device);
    assert_int_equal(host.called.eax, 0); /* the driver did, when it was asked to */
    device = start();
    set_mode();
    videoport_stop(device);
    device = NULL;
    assert_int_equal(host.called.eax, 3);
}

static void names_differ_by_more_than_case(void **state)
{
    (void)state;
    const char *why;
    assert_ptr_equal(videoport_find("FAKE"), device);
    assert_null(videoport_start("Fake", driver_entry, NULL, &why));
    assert_string_equal(why, "there is a driver of that name already");
    assert_null(videoport_find("fak"));
    assert_null(videoport_find("fake2"));
}

static int open_pci_device(void **state)
{
    open_host(state);
    host.pci_count = 2;
    host.pci[0] = (struct pci_function){.bus = 0,
                                        .device = 2,
                                        .function = 0,
                                        .vendor_id = 0x1234,
                                        .device_id = 0x1111,
                                        .class_code = 0x030000};
    host.pci[1] = (struct pci_function){.bus = 0,
                                        .device = 2,
                                        .function = 1,
                                        .vendor_id = 0x10EC,
                                        .device_id = 0x8139,
                                        .class_code = 0x020000};
    host.ranges[0] =
        (struct pci_bar){.base = 0xFD000000, .size_bytes = 16 << 20, .kind = PCI_BAR_MEMORY32};
    host.ranges[1] = (struct pci_bar){.base = 0xC000, .size_bytes = 0x20, .kind = PCI_BAR_IO};
    host.range_count = 2;
    driver.data.AdapterInterfaceType = PCIBus;
    device = start();
    host.log_count = 0;
    return !device;
}

static VP_STATUS get_ranges(PVIDEO_ACCESS_RANGE ranges, ULONG count, USHORT *vendor, ULONG *slot)
{
    return VideoPortGetAccessRanges(driver.extension, 0, NULL, count, ranges, vendor, NULL, slot);
}

static void access_ranges_come_from_base_addresses(void **state)
{
    (void)state;
    VIDEO_ACCESS_RANGE ranges[3];
    memset(ranges, 0xA5, sizeof ranges);
    assert_int_equal(get_ranges(ranges, 3, NULL, NULL), NO_ERROR);
    assert_int_equal(ranges[0].RangeStart.QuadPart, 0xFD000000);
    assert_int_equal(ranges[0].RangeLength, 16 << 20);
    assert_int_equal(ranges[0].RangeInIoSpace, 0);
    assert_int_equal(ranges[1].RangeStart.QuadPart, 0xC000);
    assert_int_equal(ranges[1].RangeInIoSpace, 1);
    assert_int_equal(ranges[2].RangeLength, 0);
    assert_int_equal(get_ranges(ranges, 1, NULL, NULL), ERROR_MORE_DATA);
}

static void access_ranges_are_found_by_vendor(void **state)
{
    (void)state;
    VIDEO_ACCESS_RANGE ranges[2];
    USHORT vendor = 0x10EC;
    ULONG slot = 0;
    assert_int_equal(get_ranges(ranges, 2, &vendor, &slot), NO_ERROR);
    assert_int_equal(slot, 2 | 1 << 5);
    slot = 3;
    assert_int_equal(get_ranges(ranges, 2, &vendor, &slot), ERROR_DEV_NOT_EXIST);
}

static void bus_data_stays_within_256_bytes(void **state)
{
    (void)state;
    UCHAR bytes[8] = {0};
    host.config[0xFE] = 0x12;
    assert_int_equal(VideoPortGetBusData(driver.extension, PCIConfiguration, 0, bytes, 0xFE, 2), 2);
    assert_int_equal(bytes[0], 0x12);
    assert_int_equal(VideoPortGetBusData(driver.extension, PCIConfiguration, 0, bytes, 0xFE, 3), 0);
    assert_int_equal(
        VideoPortGetBusData(driver.extension, PCIConfiguration, 0, bytes, 4, 0xFFFFFFFF), 0);
    assert_int_equal(VideoPortGetBusData(driver.extension, Cmos, 0, bytes, 0, 1), 0);
    bytes[0] = 7;
    assert_int_equal(VideoPortSetBusData(driver.extension, PCIConfiguration, 0, bytes, 4, 1), 1);
    assert_int_equal(host.config[4], 7);
}

static void claimed_range_is_shared_only_if_both_agree(void **state)
{
    (void)state;
    VIDEO_ACCESS_RANGE mine = {.RangeStart.QuadPart = 0x3C0,
                               .RangeLength = 0x20,
                               .RangeInIoSpace = 1,
                               .RangeShareable = 1};
    VIDEO_ACCESS_RANGE theirs = mine;
    assert_int_equal(VideoPortVerifyAccessRanges(driver.extension, 1, &mine), NO_ERROR);
    PVOID first = driver.extension;
    const char *why;
    assert_null(start());
    struct videoport_device *second = videoport_start("second", driver_entry, NULL, &why);
    assert_non_null(second);
    theirs.RangeStart.QuadPart = 0x3DF;
    theirs.RangeShareable = 0;
    assert_int_equal(VideoPortVerifyAccessRanges(driver.extension, 1, &theirs),
                     ERROR_INVALID_PARAMETER);
    theirs.RangeShareable = 1;
    assert_int_equal(VideoPortVerifyAccessRanges(driver.extension, 1, &theirs), NO_ERROR);
    theirs.RangeStart.QuadPart = 0x3E0;
    theirs.RangeShareable = 0;
    assert_int_equal(VideoPortVerifyAccessRanges(driver.extension, 1, &theirs), NO_ERROR);
    assert_int_equal(VideoPortVerifyAccessRanges(first, 0, NULL), NO_ERROR);
    theirs.RangeStart.QuadPart = 0x3C0;
    assert_int_equal(VideoPortVerifyAccessRanges(driver.extension, 1, &theirs), NO_ERROR);
    videoport_stop(second);
    driver.extension = first;
}

static VP_STATUS NTAPI take_value(PVOID extension, PVOID context, PWSTR name, PVOID data,
                                  ULONG size_bytes)
{
    (void)extension;
    (void)name;
    assert_true(size_bytes <= 8);
    memcpy(context, data, size_bytes);
    return (VP_STATUS)(1000 + size_bytes);
}

static VP_STATUS get_value(const char *ascii, uint64_t *value)
{
    WCHAR name[64] = {0};
    for (size_t i = 0; ascii[i] != '\0'; i++)
        name[i] = (WCHAR)ascii[i];
    *value = 0;
    return VideoPortGetRegistryParameters(driver.extension, name, FALSE, take_value, value);
}

static void parameters_are_read_by_name_of_any_case(void **state)
{
    (void)state;
    uint64_t value;
    assert_int_equal(videoport_set_number(&device->values, "BackBufferHighest", 0xFFFFFF),
                     NO_ERROR);
    assert_int_equal(get_value("backbufferhighest", &value), 1004);
    assert_int_equal(value, 0xFFFFFF);
    assert_int_equal(videoport_set_number(&device->values, "BACKBUFFERHIGHEST", 0x1FFFFFFFF),
                     NO_ERROR);
    assert_int_equal(get_value("BackBufferHighest", &value), 1008);
    assert_true(value == 0x1FFFFFFFF);
    assert_int_equal(get_value("BackBuffer", &value), ERROR_INVALID_PARAMETER);
}

static void driver_sets_parameters_until_there_is_no_room(void **state)
{
    (void)state;
    uint64_t value;
    UCHAR data[VIDEOPORT_VALUE_BYTES_MAX + 1] = {5};
    WCHAR name[] = {'A', 0};
    for (int i = 0; i < VIDEOPORT_VALUE_COUNT_MAX; i++, name[0]++)
        assert_int_equal(VideoPortSetRegistryParameters(driver.extension, name, data, 1), NO_ERROR);
    assert_int_equal(VideoPortSetRegistryParameters(driver.extension, name, data, 1),
                     ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(get_value("a", &value), 1001);
    assert_int_equal(value, 5);
    name[0] = 'A';
    assert_int_equal(VideoPortSetRegistryParameters(driver.extension, name, data, sizeof data),
                     ERROR_INVALID_PARAMETER);
}

/* Those that it is started with are copied, but for data that are longer than a value's. */
static void device_starts_with_values(void **state)
{
    (void)state;
    static struct videoport_values values;
    static UCHAR picture[VIDEOPORT_VALUE_BYTES_MAX + 1];
    const char *why;
    uint64_t value;
    uint32_t size_bytes;
    char name[VIDEOPORT_VALUE_NAME_MAX + 2] = "";
    memset(name, 'x', sizeof name - 1);
    assert_int_equal(videoport_set_value(&values, name, "", 1), ERROR_INVALID_PARAMETER);
    assert_int_equal(videoport_set_value(&values, "", "", 1), ERROR_INVALID_PARAMETER);
    assert_int_equal(values.count, 0);
    assert_int_equal(videoport_set_number(&values, "Crime", 1), NO_ERROR);
    assert_int_equal(videoport_set_number(&values, "CRIME", 5), NO_ERROR);
    assert_int_equal(videoport_set_value(&values, "Picture", picture, sizeof picture), NO_ERROR);
    assert_int_equal(values.count, 2);
    device = videoport_start("fake", driver_entry, &values, &why);
    assert_non_null(device);
    assert_int_equal(videoport_set_number(&values, "Crime", 6), NO_ERROR);
    assert_int_equal(get_value("crime", &value), 1004);
    assert_int_equal(value, 5);
    assert_ptr_equal(videoport_find_value(&device->values, "picture", &size_bytes), picture);
    assert_int_equal(size_bytes, sizeof picture);
    assert_null(videoport_find_value(&device->values, "pictur", &size_bytes));
    videoport_stop(device);
}

static void ioctl_passes_buffers_and_results(void **state)
{
    (void)state;
    char in[] = "abc", out[8] = "";
    ULONG returned = 99;
    assert_int_equal(videoport_ioctl(device, IOCTL_VIDEO_RESET_DEVICE, in, 4, out, 8, &returned),
                     NO_ERROR);
    assert_string_equal(out, "abc");
    assert_int_equal(returned, 4);
    assert_int_equal(videoport_ioctl(device, IOCTL_VIDEO_RESET_DEVICE, in, 4, out, 3, NULL),
                     ERROR_INSUFFICIENT_BUFFER);
}

static void what_an_adapter_leaves_is_listed_and_reclaimed(void **state)
{
    (void)state;
    const struct resource *holding = NULL;
    size_t count = 0;
    uint64_t bytes = 0;
    allocate(3 << 20, 0xFFFFFFFF);
    VideoPortGetDeviceBase(driver.extension, address(0xE0000000), 4096, 0);
    VideoPortGetDeviceBase(driver.extension, address(0x1CE), 3, VIDEO_MEMORY_SPACE_IO);
    while ((holding = resource_next_of(holding, RESOURCE_HELD_KINDS, device))) {
        bytes += holding->size_bytes;
        count++;
    }
    assert_int_equal(count, 3);
    assert_int_equal(bytes, (3 << 20) + 4096 + 3);
    set_mode(); /* which allocates one more */
    host.log_count = 0;
    size_t leaked_count = videoport_stop(device);
    device = NULL;
    assert_int_equal(leaked_count, 4);
    assert_int_equal(host.log_count, 4);
    assert_logged("call=VideoPortAllocateContiguousMemory driver=fake reclaimed bytes=3145728");
    assert_int_equal(driver.reset_count, 1);
    assert_int_equal(count_blocks("fake"), 0);
    assert_int_equal(count_mappings(), 0);
}

static void structures_have_nt_sizes(void **state)
{
    (void)state;
    assert_int_equal(sizeof(VIDEO_MODE_INFORMATION), 80);
    assert_int_equal(sizeof(VIDEO_ACCESS_RANGE), 16);
    assert_int_equal(FIELD_OFFSET(VIDEO_ACCESS_RANGE, RangeInIoSpace), 12);
    assert_int_equal(_Alignof(PHYSICAL_ADDRESS), 8);
    assert_int_equal(FIELD_OFFSET(VIDEO_PORT_CONFIG_INFO, VdmPhysicalVideoMemoryAddress) % 8, 0);
    assert_int_equal(FIELD_OFFSET(VIDEO_PORT_CONFIG_INFO, SystemMemorySize) % 8, 0);
    if (sizeof(void *) == 4) {
        assert_int_equal(sizeof(VIDEO_PORT_CONFIG_INFO), 112);
        assert_int_equal(sizeof(VIDEO_HW_INITIALIZATION_DATA), 0x54);
        assert_int_equal(sizeof(VIDEO_REQUEST_PACKET), 24);
    }
}

static void requests_have_nt_codes(void **state)
{
    (void)state;
    assert_int_equal(IOCTL_VIDEO_QUERY_AVAIL_MODES, 0x230400);
    assert_int_equal(IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES, 0x230404);
    assert_int_equal(IOCTL_VIDEO_SET_CURRENT_MODE, 0x23040C);
    assert_int_equal(IOCTL_VIDEO_MAP_VIDEO_MEMORY, 0x230458);
    assert_int_equal(IOCTL_VIDEO_SHARE_VIDEO_MEMORY, 0x230474);
}

static void registers_are_copied_item_by_item(void **state)
{
    (void)state;
    ULONG source[] = {1, 0x80000002, 3}, registers[4] = {0, 0, 0, 99}, back[3];
    VideoPortWriteRegisterBufferUlong(registers, source, 3);
    VideoPortReadRegisterBufferUlong(registers, back, 3);
    assert_memory_equal(back, source, sizeof source);
    assert_int_equal(registers[3], 99);
    USHORT word = 0;
    VideoPortWriteRegisterUshort(&word, 0xB0C5);
    assert_int_equal(VideoPortReadRegisterUshort(&word), 0xB0C5);
    VideoPortMoveMemory(&back[1], &back[0], 8);
    assert_int_equal(back[2], 0x80000002);
    VideoPortZeroMemory(back, 4);
    assert_int_equal(back[0], 0);
    VideoPortStallExecution(50);
    assert_int_equal(host.stalled_microseconds, 50);
}

static void debug_print_is_one_line_of_errors_and_warnings(void **state)
{
    (void)state;
    char format[] = "mode %u\n";
    VideoPortDebugPrint(Info, format, 7);
    assert_int_equal(host.log_count, 0);
    VideoPortDebugPrint(Warn, format, 7);
    assert_string_equal(last_log(),
                        "videoport call=VideoPortDebugPrint driver=kernel text: mode 7");
}

#define WITH_DEVICE(test) cmocka_unit_test_setup_teardown(test, open_device, close_device)
#define WITH_PCI_DEVICE(test) cmocka_unit_test_setup_teardown(test, open_pci_device, close_device)
#define WITH_HOST(test) cmocka_unit_test_setup_teardown(test, open_host, close_device)

/* ---- what binaries may import --------------------------------------------------------------- */

static uintptr_t find(const char *library, const char *function)
{
    const char *why = NULL;
    uintptr_t address = exports_find(library, function, &why);
    if (address == 0)
        assert_non_null(why);
    return address;
}

static void functions_are_found_by_library_and_name(void **state)
{
    (void)state;
    assert_int_equal(find("VIDEOPRT.SYS", "VideoPortInitialize"), (uintptr_t)VideoPortInitialize);
    assert_int_equal(find("videoprt.sys", "VideoPortGetVersion"), (uintptr_t)VideoPortGetVersion);
    assert_int_equal(find("ntoskrnl.exe", "MmFreeContiguousMemory"),
                     (uintptr_t)MmFreeContiguousMemory);
    assert_int_equal(find("HAL.dll", "READ_PORT_UCHAR"), (uintptr_t)VideoPortReadPortUchar);
    assert_int_equal(find("ntoskrnl.exe", "VideoPortInitialize"), 0);
    assert_int_equal(find("HAL.dll", "VideoPortInitialize"), 0);
    assert_int_equal(find("VIDEOPRT.SYS", "videoportinitialize"), 0);
    assert_int_equal(find("VIDEOPRT.SYS", "VideoPortInitializ"), 0);
    assert_int_equal(find("VIDEOPRT.SYS", "VideoPortInitialize2"), 0);
    assert_int_equal(find("VIDEOPRT.SYS", "memcpy"), 0);
    assert_int_equal(find("ntoskrnl.exe", "wcslen"), (uintptr_t)crt_wcslen);
    assert_int_equal(find("ntoskrnl.exe", "crt_wcslen"), 0);
    assert_int_equal(find("ntoskrnl.exe", "KeTickCount"), (uintptr_t)&KeTickCount);
}

/* Names of any case, with their extension or without. */
static void libraries_are_found_by_name(void **state)
{
    (void)state;
    static const char *const known[] = {"VIDEOPRT.SYS", "videoprt", "ntoskrnl.exe", "NTOSKRNL",
                                        "HAL.dll",      "hal",      "Hal.DLL"};
    static const char *const unknown[] = {
        "VIDEOPRT.SY", "videoprt.", "ntoskrnl.dll", "hal.dll.dll", "win32k.sys", "ha", ""};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        assert_true(find(known[i], NULL) != 0);
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        assert_int_equal(find(unknown[i], NULL), 0);
        assert_int_equal(find(unknown[i], "MmFreeContiguousMemory"), 0);
    }
}

/* The list that is searched, written out: names ascend, and each is found at its address. */
static void every_name_is_found(void **state)
{
    (void)state;
    char name[64] = "", before[64];
    const char *at = export_names;
    for (size_t i = 0; i < export_count; i++) {
        memcpy(before, name, sizeof before);
        size_t shared = (size_t)*at++;
        assert_true(shared <= strlen(before) && shared + strlen(at) < sizeof name);
        strcpy(name + shared, at);
        at += strlen(at) + 1;
        assert_true(strcmp(before, name) < 0);
        bool is_ports = strncmp(name, "VideoPort", 9) == 0;
        assert_int_equal(find(is_ports ? "VIDEOPRT.SYS" : "ntoskrnl.exe", name),
                         export_addresses[i]);
        assert_true(export_addresses[i] != 0);
    }
    assert_true(export_count > 200);
}

static void reasons_say_what_is_not_there(void **state)
{
    (void)state;
    static const struct {
        const char *library, *function, *why;
    } rows[] = {
        {"ntoskrnl.exe", "ZwCreateFile", "there are no files, sections and keys here"},
        {"ntoskrnl.exe", "NtClose", "there are no files, sections and keys here"},
        {"ntoskrnl.exe", "FsRtlIsNameInExpression", "there are no files here"},
        {"ntoskrnl.exe", "CcCopyRead", "there are no files here"},
        {"ntoskrnl.exe", "IoAllocateMdl", "there are no MDLs here"},
        {"ntoskrnl.exe", "MmBuildMdlForNonPagedPool", "there are no MDLs here"},
        {"ntoskrnl.exe", "MmProbeAndLockPages", "there are no MDLs here"},
        {"ntoskrnl.exe", "MmMapLockedPagesSpecifyCache", "there are no MDLs here"},
        {"ntoskrnl.exe", "MmUnmapLockedPages", "there are no MDLs here"},
        {"ntoskrnl.exe", "MmUnlockPages", "there are no MDLs here"},
        {"ntoskrnl.exe", "IoCreateDevice", "there are no device objects and requests here"},
        {"ntoskrnl.exe", "IofCompleteRequest", "there are no device objects and requests here"},
        {"ntoskrnl.exe", "ObReferenceObjectByHandle", "there are no objects with handles here"},
        {"ntoskrnl.exe", "PsCreateSystemThread", "there are no threads here"},
        {"ntoskrnl.exe", "KeGetCurrentThread", "there are no threads here"},
        {"ntoskrnl.exe", "KeInitializeMutex", "there are no threads here"},
        {"HAL.dll", "ExAcquireFastMutex", "there are no threads here"},
        {"HAL.dll", "HalGetBusData", "buses are reached by VideoPortGetBusData here"},
        {"ntoskrnl.exe", "RtlQueryRegistryValues",
         "the registry here is VideoPortGetRegistryParameters"},
        {"ntoskrnl.exe", "_except_handler3", "exceptions are not handled here"},
        {"VIDEOPRT.SYS", "VideoPortGetAgpServices", "there is no AGP here"},
        {"VIDEOPRT.SYS", "VideoPortLockBuffer", "there are no MDLs here"},
        {"VIDEOPRT.SYS", "VideoPortStartDma", "there is no DMA here but with common buffers"},
        {"VIDEOPRT.SYS", "VideoPortTape", "there is no such function"},
        {"ntoskrnl.exe", "VideoPortInitialize", "there is no such function"},
        {"foo.dll", "MmFreeContiguousMemory",
         "there is none here; there are VIDEOPRT.SYS, ntoskrnl.exe and HAL.dll"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *why = NULL;
        assert_int_equal(exports_find(rows[i].library, rows[i].function, &why), 0);
        assert_string_equal(why, rows[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DEVICE(highest_address_may_be_the_last_byte),
        WITH_DEVICE(highest_of_all_ones_is_no_limit),
        WITH_DEVICE(limit_above_4_gib_is_not_cut),
        WITH_DEVICE(block_that_ends_one_byte_too_high_is_refused),
        WITH_DEVICE(zero_bytes_give_null_and_a_reason),
        WITH_DEVICE(limit_below_memory_gives_null_and_a_reason),
        WITH_DEVICE(interrupt_handler_gets_null_and_a_reason),
        WITH_DEVICE(foreign_extension_is_refused),
        WITH_DEVICE(allocation_is_one_line_on_the_log),
        WITH_DEVICE(block_out_of_bounds_is_not_passed_on),
        WITH_DEVICE(block_below_the_lowest_address_is_not_passed_on),
        WITH_DEVICE(contiguous_block_is_freed_by_either_call),
        WITH_DEVICE(double_and_inside_frees_are_refused),
        WITH_DEVICE(driver_cannot_free_for_another_one),
        WITH_DEVICE(mm_block_belongs_to_the_running_driver),
        WITH_DEVICE(boundary_must_be_a_power_of_two),
        WITH_DEVICE(lowest_above_highest_is_refused),
        WITH_DEVICE(common_buffer_lies_in_its_adapters_reach),
        WITH_DEVICE(common_buffer_wants_a_live_dma_adapter),
        WITH_DEVICE(common_buffer_is_released_by_equal_arguments_alone),
        WITH_DEVICE(common_buffer_is_not_freed_as_pool),
        WITH_DEVICE(obsolete_common_buffer_is_aligned_and_below_4_gib),
        WITH_DEVICE(pool_of_every_type_is_had_and_freed),
        WITH_DEVICE(buffer_has_a_status),
        WITH_DEVICE(port_is_mapped_to_its_own_number),
        WITH_DEVICE(unmap_by_an_inside_address_frees_the_whole),
        WITH_DEVICE(map_of_nonsense_is_refused),
        WITH_DEVICE(overlapping_mappings_share_their_cache_type),
        WITH_DEVICE(ports_are_no_alias_of_memory),
        WITH_HOST(initialize_takes_every_size_from_nt31_to_xp),
        WITH_HOST(initialize_refuses_unknown_sizes),
        WITH_HOST(start_says_why_there_is_no_adapter),
        WITH_HOST(driver_that_always_wants_another_try_is_stopped),
        WITH_HOST(every_display_is_offered_then_none_whatever_the_type),
        WITH_HOST(more_functions_than_a_line_has_room_for_are_counted),
        WITH_HOST(driver_that_is_passed_over_keeps_nothing),
        WITH_HOST(search_says_which_call_was_refused),
        WITH_HOST(driver_that_does_not_initialize_is_told_apart),
        WITH_DEVICE(registry_path_is_text_that_ends),
        WITH_HOST(bios_resets_what_the_driver_does_not),
        WITH_DEVICE(names_differ_by_more_than_case),
        WITH_PCI_DEVICE(access_ranges_come_from_base_addresses),
        WITH_PCI_DEVICE(access_ranges_are_found_by_vendor),
        WITH_PCI_DEVICE(bus_data_stays_within_256_bytes),
        WITH_PCI_DEVICE(claimed_range_is_shared_only_if_both_agree),
        WITH_DEVICE(parameters_are_read_by_name_of_any_case),
        WITH_DEVICE(driver_sets_parameters_until_there_is_no_room),
        cmocka_unit_test_setup(device_starts_with_values, open_host),
        WITH_DEVICE(ioctl_passes_buffers_and_results),
        WITH_DEVICE(what_an_adapter_leaves_is_listed_and_reclaimed),
        WITH_DEVICE(structures_have_nt_sizes),
        WITH_DEVICE(requests_have_nt_codes),
        WITH_DEVICE(registers_are_copied_item_by_item),
        WITH_DEVICE(debug_print_is_one_line_of_errors_and_warnings),
        cmocka_unit_test(functions_are_found_by_library_and_name),
        cmocka_unit_test(libraries_are_found_by_name),
        cmocka_unit_test(every_name_is_found),
        cmocka_unit_test(reasons_say_what_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
