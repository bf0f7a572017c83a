/*
 * What drivers have called later, and what they wait for: DPCs, timers, interrupts, events; and
 * their children. Time passes when the fake host rests.
 */

#include "fake_host.h"

/* ---- DPCs ------------------------------------------------------------------------------------ */

static char called[64];

static VOID NTAPI note(PVOID extension, PVOID context)
{
    assert_ptr_equal(extension, driver.extension);
    assert_int_equal(VideoPortGetCurrentIrql(), DISPATCH_LEVEL);
    called[strlen(called)] = (char)(uintptr_t)context;
}

static BOOLEAN queue(char name)
{
    return VideoPortQueueDpc(driver.extension, note, (PVOID)(uintptr_t)name);
}

static int open_quiet_device(void **state)
{
    memset(called, 0, sizeof called);
    return open_device(state);
}

static void dpcs_are_called_in_their_order(void **state)
{
    (void)state;
    assert_true(queue('a'));
    assert_true(queue('b'));
    assert_true(queue('c'));
    assert_string_equal(called, "");
    videoport_poll();
    assert_string_equal(called, "abc");
    videoport_poll();
    assert_string_equal(called, "abc");
    assert_int_equal(VideoPortGetCurrentIrql(), PASSIVE_LEVEL);
}

static void dpc_that_waits_is_not_queued_twice(void **state)
{
    (void)state;
    assert_true(queue('a'));
    assert_true(queue('a'));
    videoport_poll();
    assert_string_equal(called, "a");
}

static void dpc_is_queued_in_an_interrupt(void **state)
{
    (void)state;
    host.at_passive_level = false;
    assert_true(queue('a'));
    videoport_poll();
    assert_string_equal(called, "");
    host.at_passive_level = true;
    videoport_poll();
    assert_string_equal(called, "a");
}

static void only_so_many_dpcs_wait(void **state)
{
    (void)state;
    size_t count = 0;
    while (queue((char)('!' + count)))
        count++;
    assert_int_equal(count, 32);
    videoport_poll();
    assert_int_equal(strlen(called), 32);
    assert_true(queue('a'));
    videoport_poll();
}

static VOID NTAPI queue_again(PVOID extension, PVOID context)
{
    note(extension, context);
    VideoPortQueueDpc(extension, queue_again, context);
}

static void dpc_that_queues_itself_does_not_hold_the_rest_up(void **state)
{
    (void)state;
    VideoPortQueueDpc(driver.extension, queue_again, (PVOID)(uintptr_t)'x');
    videoport_poll();
    videoport_poll();
    assert_string_equal(called, "xx");
}

static void stopped_device_has_no_dpcs(void **state)
{
    (void)state;
    queue('a');
    videoport_stop(device);
    device = NULL;
    videoport_poll();
    assert_string_equal(called, "");
}

static PVOID got;

static VOID NTAPI allocate_in_dpc(PVOID extension, PVOID context)
{
    (void)context;
    assert_null(VideoPortAllocateContiguousMemory(extension, 4096, address(UINT32_MAX)));
    assert_logged("refused: called above PASSIVE_LEVEL, in a DPC or a timer routine");
    assert_null(VideoPortAllocatePool(extension, VpPagedPool, 100, 0));
    got = VideoPortAllocatePool(extension, VpNonPagedPool, 100, 0);
    videoport_poll(); /* does nothing here */
}

static void dpc_has_nonpaged_pool_alone(void **state)
{
    (void)state;
    VideoPortQueueDpc(driver.extension, allocate_in_dpc, NULL);
    videoport_poll();
    assert_non_null(got);
    VideoPortFreePool(driver.extension, got);
}

/* ---- timers ---------------------------------------------------------------------------------- */

static unsigned timer_count;

static VOID NTAPI count_seconds(PVOID extension)
{
    assert_ptr_equal(extension, driver.extension);
    assert_int_equal(VideoPortGetCurrentIrql(), DISPATCH_LEVEL);
    timer_count++;
}

static int open_timer(void **state)
{
    open_host(state);
    driver.data.HwTimer = count_seconds;
    timer_count = 0;
    device = start();
    return !device;
}

static void timer_comes_once_a_second(void **state)
{
    (void)state;
    host.milliseconds = 5;
    VideoPortStartTimer(driver.extension);
    for (host.milliseconds = 5; host.milliseconds < 5005; host.milliseconds += 10)
        videoport_poll();
    assert_int_equal(timer_count, 4);
    VideoPortStopTimer(driver.extension);
    host.milliseconds += 5000;
    videoport_poll();
    assert_int_equal(timer_count, 4);
}

static void seconds_that_were_missed_are_lost(void **state)
{
    (void)state;
    VideoPortStartTimer(driver.extension);
    host.milliseconds = 10000;
    videoport_poll();
    videoport_poll();
    assert_int_equal(timer_count, 1);
}

static void timer_wants_a_routine(void **state)
{
    (void)state;
    VideoPortStartTimer(driver.extension);
    assert_logged("the driver has no HwTimer");
    host.milliseconds = 10000;
    videoport_poll();
}

/* ---- events ---------------------------------------------------------------------------------- */

static PEVENT make_event(ULONG flags)
{
    PEVENT event = NULL;
    assert_int_equal(VideoPortCreateEvent(driver.extension, flags, NULL, &event), NO_ERROR);
    assert_non_null(event);
    return event;
}

static VP_STATUS wait_for(PEVENT event, LONGLONG milliseconds)
{
    LARGE_INTEGER timeout = {.QuadPart = -milliseconds * 10000};
    return VideoPortWaitForSingleObject(driver.extension, event, &timeout);
}

static void event_is_set_read_and_cleared(void **state)
{
    (void)state;
    PEVENT event = make_event(NOTIFICATION_EVENT | INITIAL_EVENT_NOT_SIGNALED);
    assert_int_equal(VideoPortReadStateEvent(driver.extension, event), 0);
    assert_int_equal(VideoPortSetEvent(driver.extension, event), 0);
    assert_int_equal(VideoPortSetEvent(driver.extension, event), 1);
    assert_int_equal(VideoPortReadStateEvent(driver.extension, event), 1);
    VideoPortClearEvent(driver.extension, event);
    assert_int_equal(VideoPortReadStateEvent(driver.extension, event), 0);
    assert_int_equal(VideoPortDeleteEvent(driver.extension, event), NO_ERROR);
    assert_int_equal(VideoPortDeleteEvent(driver.extension, event), ERROR_INVALID_PARAMETER);
    assert_logged("no event of this driver");
}

static void waiting_resets_a_synchronization_event_alone(void **state)
{
    (void)state;
    PEVENT one = make_event(SYNCHRONIZATION_EVENT | INITIAL_EVENT_SIGNALED);
    PEVENT all = make_event(NOTIFICATION_EVENT | INITIAL_EVENT_SIGNALED);
    assert_int_equal(wait_for(one, 0), NO_ERROR);
    assert_int_equal(wait_for(one, 0), WAIT_TIMEOUT);
    assert_int_equal(wait_for(all, 0), NO_ERROR);
    assert_int_equal(wait_for(all, 0), NO_ERROR);
}

static void wait_ends_after_its_time(void **state)
{
    (void)state;
    PEVENT event = make_event(SYNCHRONIZATION_EVENT);
    assert_int_equal(wait_for(event, 250), WAIT_TIMEOUT);
    assert_in_range(host.milliseconds, 250, 260);
    LARGE_INTEGER hour = {.QuadPart = -36000000000};
    host.milliseconds = 0;
    assert_int_equal(VideoPortWaitForSingleObject(driver.extension, event, &hour), WAIT_TIMEOUT);
    assert_in_range(host.milliseconds, 60000, 60010);
    host.milliseconds = 0;
    assert_int_equal(VideoPortWaitForSingleObject(driver.extension, event, NULL), WAIT_TIMEOUT);
    assert_in_range(host.milliseconds, 60000, 60010);
    assert_logged("given up after 60 seconds");
}

/* A time of day counts from the start of the system, as its clock does. */
static void wait_ends_at_a_time_of_day(void **state)
{
    (void)state;
    PEVENT event = make_event(SYNCHRONIZATION_EVENT);
    LARGE_INTEGER now, later;
    host.milliseconds = 12345;
    VideoPortQuerySystemTime(&now);
    assert_int_equal(now.QuadPart, 123450000);
    later.QuadPart = now.QuadPart + 5000001;
    assert_int_equal(VideoPortWaitForSingleObject(driver.extension, event, &later), WAIT_TIMEOUT);
    assert_in_range(host.milliseconds, 12345 + 501, 12345 + 511);
    uint64_t before = host.milliseconds;
    assert_int_equal(VideoPortWaitForSingleObject(driver.extension, event, &now), WAIT_TIMEOUT);
    assert_int_equal(host.milliseconds, before);
}

static PEVENT awaited;

static void set_after_a_while(void)
{
    if (host.milliseconds >= 100)
        VideoPortSetEvent(driver.extension, awaited);
}

static void wait_ends_when_an_interrupt_sets_the_event(void **state)
{
    (void)state;
    awaited = make_event(SYNCHRONIZATION_EVENT);
    host.on_rest = set_after_a_while;
    assert_int_equal(wait_for(awaited, 1000), NO_ERROR);
    assert_int_equal(host.milliseconds, 100);
}

static VOID NTAPI set_awaited(PVOID extension, PVOID context)
{
    VideoPortSetEvent(extension, context);
}

static void wait_lets_dpcs_run(void **state)
{
    (void)state;
    PEVENT event = make_event(SYNCHRONIZATION_EVENT);
    VideoPortQueueDpc(driver.extension, set_awaited, event);
    assert_int_equal(wait_for(event, 1000), NO_ERROR);
    assert_int_equal(host.milliseconds, 0);
}

static void wrong_events_are_refused(void **state)
{
    (void)state;
    PEVENT event;
    assert_int_equal(VideoPortCreateEvent(driver.extension, 4, NULL, &event),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(VideoPortCreateEvent(driver.extension, 0, NULL, NULL),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(VideoPortWaitForSingleObject(driver.extension, &event, NULL),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(VideoPortSetEvent(driver.extension, NULL), 0);
    assert_logged("no event of this driver");
}

/* ---- interrupts ------------------------------------------------------------------------------ */

static unsigned interrupt_count;
static BOOLEAN is_own;

static BOOLEAN NTAPI count_interrupts(PVOID extension)
{
    (void)extension;
    interrupt_count++;
    assert_null(VideoPortAllocatePool(extension, VpNonPagedPool, 100, 0));
    return is_own;
}

static int open_interrupt(void **state)
{
    open_host(state);
    driver.data.HwInterrupt = count_interrupts;
    driver.interrupt_line = 11;
    interrupt_count = 0;
    is_own = TRUE;
    device = start();
    return !device;
}

static bool interrupt(uint32_t line)
{
    host.at_passive_level = false;
    bool is_claimed = videoport_interrupt(line);
    host.at_passive_level = true;
    host.log_count = 0;
    return is_claimed;
}

static void interrupt_reaches_the_driver(void **state)
{
    (void)state;
    assert_int_equal(host.connected_lines, 1u << 11);
    assert_true(interrupt(11));
    assert_false(interrupt(10));
    assert_int_equal(interrupt_count, 1);
    assert_int_equal(VideoPortDisableInterrupt(driver.extension), NO_ERROR);
    assert_false(interrupt(11));
    assert_int_equal(VideoPortEnableInterrupt(driver.extension), NO_ERROR);
    assert_true(interrupt(11));
    assert_int_equal(interrupt_count, 2);
    videoport_stop(device);
    device = NULL;
    assert_int_equal(host.connected_lines, 0);
}

static void line_that_nobody_answers_is_taken_away(void **state)
{
    (void)state;
    is_own = FALSE;
    for (unsigned i = 0; i < 9999; i++)
        interrupt(11);
    assert_int_equal(host.connected_lines, 1u << 11);
    is_own = TRUE; /* one that is answered starts the count anew */
    interrupt(11);
    is_own = FALSE;
    for (unsigned i = 0; i < 9999; i++)
        interrupt(11);
    assert_int_equal(host.connected_lines, 1u << 11);
    host.at_passive_level = false;
    videoport_interrupt(11);
    assert_logged("line=11 taken away: 10000 interrupts that nobody answered");
    host.at_passive_level = true;
    assert_int_equal(host.connected_lines, 0);
    assert_int_equal(VideoPortEnableInterrupt(driver.extension), ERROR_INVALID_FUNCTION);
}

static void shared_line_stays_until_the_last_has_left(void **state)
{
    (void)state;
    const char *why;
    void *first_extension = driver.extension;
    struct videoport_device *other = videoport_start("other", driver_entry, NULL, &why);
    assert_non_null(other);
    assert_true(interrupt(11));
    assert_int_equal(interrupt_count, 2);
    videoport_stop(other);
    assert_int_equal(host.connected_lines, 1u << 11);
    driver.extension = first_extension;
}

static void line_of_the_host_is_refused(void **state)
{
    (void)state;
    videoport_stop(device);
    driver.interrupt_line = 1;
    device = start();
    assert_non_null(device);
    assert_logged("line=1 refused");
    assert_int_equal(VideoPortEnableInterrupt(driver.extension), ERROR_INVALID_FUNCTION);
    videoport_stop(device);
    driver.interrupt_line = 16;
    device = start();
    assert_logged("line=16 refused");
}

static BOOLEAN NTAPI look_at_interrupts(PVOID context)
{
    *(bool *)context = host.interrupts_stopped;
    return TRUE;
}

static void synchronized_routine_is_not_interrupted(void **state)
{
    (void)state;
    bool were_stopped = false;
    assert_true(VideoPortSynchronizeExecution(driver.extension, VpMediumPriority,
                                              look_at_interrupts, &were_stopped));
    assert_true(were_stopped);
    assert_false(host.interrupts_stopped);
    assert_false(VideoPortSynchronizeExecution(driver.extension, VpMediumPriority, NULL, NULL));
}

/* PCI says which line it is: 0xFF, or no pin, means none. */
static void line_comes_from_configuration_space(void **state)
{
    (void)state;
    static const struct {
        uint8_t line, pin, told;
    } cases[] = {{10, 1, 10}, {0xFF, 1, 0}, {10, 0, 0}};
    for (size_t i = 0; i < 3; i++) {
        open_host(NULL);
        driver.data.AdapterInterfaceType = PCIBus;
        host.pci_count = 1;
        host.pci[0] = (struct pci_function){.vendor_id = 1, .class_code = 0x030000};
        host.config[0x3C] = cases[i].line;
        host.config[0x3D] = cases[i].pin;
        device = start();
        assert_int_equal(driver.info.BusInterruptLevel, cases[i].told);
        assert_int_equal(close_device(NULL), 0);
    }
}

/* ---- children -------------------------------------------------------------------------------- */

static unsigned child_limit;

static VP_STATUS NTAPI describe_child(PVOID extension, PVIDEO_CHILD_ENUM_INFO info,
                                      PVIDEO_CHILD_TYPE type, PUCHAR descriptor, PULONG id,
                                      PULONG unused)
{
    (void)extension;
    (void)unused;
    assert_int_equal(info->Size, sizeof *info);
    assert_int_equal(info->ChildDescriptorSize, 256);
    assert_true(info->ChildIndex >= 1);
    if (info->ChildIndex > child_limit)
        return VIDEO_ENUM_NO_MORE_DEVICES;
    if (info->ChildIndex == 2)
        return VIDEO_ENUM_INVALID_DEVICE;
    *type = Monitor;
    *id = 0x100 + info->ChildIndex;
    memset(descriptor, (int)info->ChildIndex, 128);
    return VIDEO_ENUM_MORE_DEVICES;
}

static void children_are_asked_for_until_there_are_no_more(void **state)
{
    (void)state;
    child_limit = 3;
    driver.data.HwGetVideoChildDescriptor = describe_child;
    device = start();
    const struct videoport_child *children = device->children;
    assert_int_equal(device->child_count, 2);
    assert_int_equal(children[0].id, 0x101);
    assert_int_equal(children[0].type, Monitor);
    assert_int_equal(children[0].descriptor[127], 1);
    assert_int_equal(children[1].id, 0x103);
    child_limit = 1;
    assert_int_equal(VideoPortEnumerateChildren(driver.extension, NULL), NO_ERROR);
    assert_int_equal(device->child_count, 1);
    child_limit = 1000;
    assert_int_equal(VideoPortEnumerateChildren(driver.extension, NULL), NO_ERROR);
}

static void driver_without_children_is_not_asked(void **state)
{
    (void)state;
    assert_int_equal(VideoPortEnumerateChildren(driver.extension, NULL), ERROR_INVALID_FUNCTION);
}

/* ---- a monitor on two wires ------------------------------------------------------------------ */

/* An I2C memory, as a monitor has it: watches both lines, and pulls data low on its turn. */
static struct {
    bool clock, data; /* as the adapter drives them */
    bool pulls; /* the monitor holds data low */
    bool is_absent, sticks;
    unsigned bit_count;
    uint8_t shift;
    enum { IDLE, ADDRESS, OFFSET, SEGMENT, READING, IGNORING } turn;
    uint8_t offset, segment;
    uint8_t bytes[2][256];
} monitor;

static bool wire(void)
{
    return monitor.data && !monitor.pulls;
}

static void take_byte(void)
{
    switch (monitor.turn) {
    case ADDRESS:
        monitor.turn = monitor.shift == 0xA0   ? OFFSET
                       : monitor.shift == 0x60 ? SEGMENT
                       : monitor.shift == 0xA1 ? READING
                                               : IGNORING;
        break;
    case OFFSET:
        monitor.offset = monitor.shift;
        break;
    case SEGMENT:
        monitor.segment = monitor.shift & 1;
        break;
    default:
        break;
    }
}

static void clock_falls(void)
{
    bool writes = monitor.turn == ADDRESS || monitor.turn == OFFSET || monitor.turn == SEGMENT;
    if (monitor.turn == IDLE || monitor.turn == IGNORING)
        return;
    if (monitor.bit_count == 8 && writes) {
        take_byte();
        monitor.pulls = monitor.turn != IGNORING;
    } else if (monitor.bit_count >= 9 || (monitor.bit_count == 0 && monitor.turn != READING)) {
        monitor.bit_count = monitor.bit_count >= 9 ? 0 : monitor.bit_count;
        monitor.pulls = false;
    }
    if (monitor.turn == READING && monitor.bit_count < 8)
        monitor.pulls =
            !(monitor.bytes[monitor.segment][monitor.offset] >> (7 - monitor.bit_count) & 1);
    else if (monitor.turn == READING && monitor.bit_count == 8 && !writes)
        monitor.pulls = false;
}

static void clock_rises(void)
{
    if (monitor.turn == READING && monitor.bit_count == 8 && !monitor.pulls) {
        monitor.offset++;
        if (wire())
            monitor.turn = IGNORING; /* the last byte */
    }
    if (monitor.bit_count < 8)
        monitor.shift = (uint8_t)(monitor.shift << 1 | wire());
    monitor.bit_count++;
}

static VOID NTAPI write_clock(PVOID extension, UCHAR level)
{
    assert_ptr_equal(extension, driver.extension);
    if (level && !monitor.clock)
        clock_rises();
    bool falls = !level && monitor.clock;
    monitor.clock = level;
    if (falls)
        clock_falls();
}

static VOID NTAPI write_data(PVOID extension, UCHAR level)
{
    (void)extension;
    bool before = wire();
    monitor.data = level;
    if (!monitor.clock || before == wire() || monitor.is_absent)
        return;
    monitor.turn = wire() ? IDLE : ADDRESS;
    monitor.bit_count = 0;
    monitor.pulls = false;
}

static BOOLEAN NTAPI read_clock(PVOID extension)
{
    (void)extension;
    return monitor.clock && !monitor.sticks;
}

static BOOLEAN NTAPI read_data(PVOID extension)
{
    (void)extension;
    return wire();
}

static DDC_CONTROL ddc_control(UCHAR segment)
{
    return (DDC_CONTROL){.Size = sizeof(DDC_CONTROL),
                         .I2CCallbacks = {write_clock, write_data, read_clock, read_data},
                         .EdidSegment = segment};
}

static int open_monitor(void **state)
{
    memset(&monitor, 0, sizeof monitor);
    monitor.clock = monitor.data = true;
    for (unsigned i = 0; i < 256; i++) {
        monitor.bytes[0][i] = (uint8_t)(i < 8 ? (i == 0 || i == 7 ? 0 : 0xFF) : i * 7);
        monitor.bytes[1][i] = (uint8_t)(i * 5 + 1);
    }
    return open_device(state);
}

static void edid_is_read_over_two_wires(void **state)
{
    (void)state;
    UCHAR edid[256];
    DDC_CONTROL control = ddc_control(0);
    assert_true(VideoPortDDCMonitorHelper(driver.extension, &control, edid, sizeof edid));
    assert_memory_equal(edid, monitor.bytes[0], sizeof edid);
    assert_int_equal(monitor.turn, IDLE);
    assert_true(VideoPortDDCMonitorHelper(driver.extension, &control, edid, 128));
    assert_memory_equal(edid, monitor.bytes[0], 128);
    control = ddc_control(1);
    assert_true(VideoPortDDCMonitorHelper(driver.extension, &control, edid, 128));
    assert_memory_equal(edid, monitor.bytes[1], 128);
}

static void nobody_on_the_wires_is_no_monitor(void **state)
{
    (void)state;
    UCHAR edid[128];
    DDC_CONTROL control = ddc_control(0);
    memset(edid, 0xAA, sizeof edid);
    monitor.is_absent = true;
    assert_false(VideoPortDDCMonitorHelper(driver.extension, &control, edid, sizeof edid));
    assert_int_equal(edid[0] | edid[127], 0);
    monitor.is_absent = false;
    monitor.bytes[0][3] = 0x12;
    assert_false(VideoPortDDCMonitorHelper(driver.extension, &control, edid, sizeof edid));
    assert_int_equal(edid[8], 0);
    monitor.sticks = true;
    assert_false(VideoPortDDCMonitorHelper(driver.extension, &control, edid, sizeof edid));
}

static void incomplete_ddc_controls_are_refused(void **state)
{
    (void)state;
    UCHAR edid[128];
    DDC_CONTROL control = ddc_control(0);
    control.I2CCallbacks.ReadDataLine = NULL;
    assert_false(VideoPortDDCMonitorHelper(driver.extension, &control, edid, sizeof edid));
    control = ddc_control(0);
    control.Size = 4;
    assert_false(VideoPortDDCMonitorHelper(driver.extension, &control, edid, sizeof edid));
    control = ddc_control(0);
    assert_false(VideoPortDDCMonitorHelper(driver.extension, &control, edid, 0));
    assert_false(VideoPortDDCMonitorHelper(driver.extension, &control, NULL, 128));
    assert_false(VideoPortDDCMonitorHelper(driver.extension, NULL, edid, 128));
}

/* ---- the system ------------------------------------------------------------------------------ */

static VP_STATUS NTAPI never_called(PVOID extension, PVOID context, VIDEO_DEVICE_DATA_TYPE type,
                                    PVOID identifier, ULONG identifier_length, PVOID data,
                                    ULONG data_length, PVOID component, ULONG component_length)
{
    (void)extension, (void)context, (void)type, (void)identifier, (void)identifier_length;
    (void)data, (void)data_length, (void)component, (void)component_length;
    fail();
    return NO_ERROR;
}

static void system_says_what_it_is(void **state)
{
    (void)state;
    VPOSVERSIONINFO version = {.Size = sizeof version};
    assert_int_equal(sizeof version, 20);
    assert_int_equal(VideoPortGetVersion(driver.extension, &version), NO_ERROR);
    assert_int_equal(version.MajorVersion * 100 + version.MinorVersion, 501);
    version.Size--;
    assert_int_equal(VideoPortGetVersion(driver.extension, &version), ERROR_INVALID_PARAMETER);
    assert_int_equal(VideoPortGetDeviceData(driver.extension, VpControllerData, never_called, NULL),
                     ERROR_DEV_NOT_EXIST);
    VideoPortLogError(driver.extension, NULL, ERROR_IO_DEVICE, 0x1234);
    assert_logged("error=1117 id=0x1234 request=0x0");
    VIDEO_REQUEST_PACKET packet = {.IoControlCode = IOCTL_VIDEO_RESET_DEVICE};
    VideoPortLogError(driver.extension, &packet, ERROR_IO_DEVICE, 1);
    assert_logged("request=0x230410");
}

static void memory_is_compared_up_to_the_first_difference(void **state)
{
    (void)state;
    UCHAR a[] = {1, 2, 3, 4};
    UCHAR b[] = {1, 2, 9, 4};
    assert_int_equal(VideoPortCompareMemory(a, b, 4), 2);
    assert_int_equal(VideoPortCompareMemory(a, b, 2), 2);
    assert_int_equal(VideoPortCompareMemory(a, a, 4), 4);
    assert_int_equal(VideoPortCompareMemory(a, b, 0), 0);
}

int main(void)
{
#define WITH(open, test) cmocka_unit_test_setup_teardown(test, open, close_device)
    const struct CMUnitTest tests[] = {
        WITH(open_quiet_device, dpcs_are_called_in_their_order),
        WITH(open_quiet_device, dpc_that_waits_is_not_queued_twice),
        WITH(open_quiet_device, dpc_is_queued_in_an_interrupt),
        WITH(open_quiet_device, only_so_many_dpcs_wait),
        WITH(open_quiet_device, dpc_that_queues_itself_does_not_hold_the_rest_up),
        WITH(open_quiet_device, stopped_device_has_no_dpcs),
        WITH(open_quiet_device, dpc_has_nonpaged_pool_alone),
        WITH(open_timer, timer_comes_once_a_second),
        WITH(open_timer, seconds_that_were_missed_are_lost),
        WITH(open_device, timer_wants_a_routine),
        WITH(open_device, event_is_set_read_and_cleared),
        WITH(open_device, waiting_resets_a_synchronization_event_alone),
        WITH(open_device, wait_ends_after_its_time),
        WITH(open_device, wait_ends_at_a_time_of_day),
        WITH(open_device, wait_ends_when_an_interrupt_sets_the_event),
        WITH(open_device, wait_lets_dpcs_run),
        WITH(open_device, wrong_events_are_refused),
        WITH(open_interrupt, interrupt_reaches_the_driver),
        WITH(open_interrupt, line_that_nobody_answers_is_taken_away),
        WITH(open_interrupt, shared_line_stays_until_the_last_has_left),
        WITH(open_interrupt, line_of_the_host_is_refused),
        WITH(open_device, synchronized_routine_is_not_interrupted),
        cmocka_unit_test(line_comes_from_configuration_space),
        WITH(open_host, children_are_asked_for_until_there_are_no_more),
        WITH(open_device, driver_without_children_is_not_asked),
        WITH(open_monitor, edid_is_read_over_two_wires),
        WITH(open_monitor, nobody_on_the_wires_is_no_monitor),
        WITH(open_monitor, incomplete_ddc_controls_are_refused),
        WITH(open_device, system_says_what_it_is),
        WITH(open_device, memory_is_compared_up_to_the_first_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
