/*
 * Drivers whose code faults: whatever routine it happens in, nothing calls them any more, the rest
 * goes on, and all that they held is given back.
 */

#include "fake_host.h"

static unsigned timer_count;

static ULONG NTAPI faulty_entry(PVOID context1, PVOID context2)
{
    (void)context1;
    (void)context2;
    fault();
}

static VP_STATUS NTAPI faulty_find(PVOID extension, PVOID context, PWSTR argument,
                                   PVIDEO_PORT_CONFIG_INFO info, PUCHAR again)
{
    find_adapter(extension, context, argument, info, again);
    VideoPortAllocatePool(extension, VpNonPagedPool, 100, 0);
    *again = TRUE;
    fault();
}

static BOOLEAN NTAPI faulty_initialize(PVOID extension)
{
    VideoPortAllocatePool(extension, VpNonPagedPool, 100, 0);
    fault();
}

static BOOLEAN NTAPI faulty_start_io(PVOID extension, PVIDEO_REQUEST_PACKET packet)
{
    (void)extension;
    (void)packet;
    fault();
}

static BOOLEAN NTAPI faulty_reset(PVOID extension, ULONG columns, ULONG rows)
{
    (void)extension;
    (void)columns;
    (void)rows;
    fault();
}

static VOID NTAPI faulty_timer(PVOID extension)
{
    (void)extension;
    timer_count++;
    fault();
}

static BOOLEAN NTAPI faulty_interrupt(PVOID extension)
{
    (void)extension;
    timer_count++;
    fault();
}

static VP_STATUS NTAPI faulty_child(PVOID extension, PVIDEO_CHILD_ENUM_INFO info,
                                    PVIDEO_CHILD_TYPE type, PUCHAR descriptor, PULONG id,
                                    PULONG unused)
{
    (void)extension, (void)info, (void)type, (void)descriptor, (void)id, (void)unused;
    fault();
}

static VOID NTAPI faulty_dpc(PVOID extension, PVOID context)
{
    (void)extension;
    (void)context;
    fault();
}

static VOID NTAPI count_dpc(PVOID extension, PVOID context)
{
    (void)extension;
    (void)context;
    timer_count++;
}

static int open_faults(void **state)
{
    timer_count = 0;
    return open_host(state);
}

static void expect_no_start(const char *reason)
{
    const char *why;
    assert_null(videoport_start("fake", driver_entry, NULL, &why));
    assert_string_equal(why, reason);
    assert_int_equal(count_blocks("fake"), 0);
}

static void expect_broken(void)
{
    ULONG number = 5;
    assert_true(device->is_broken);
    assert_int_equal(videoport_ioctl(device, 1, &number, 4, &number, 4, NULL), ERROR_IO_DEVICE);
    assert_int_equal(VideoPortGetCurrentIrql(), PASSIVE_LEVEL);
}

static void entry_may_fault(void **state)
{
    (void)state;
    const char *why;
    assert_null(videoport_start("fake", faulty_entry, NULL, &why));
    assert_string_equal(why, "the driver faulted");
}

static void find_may_fault_and_is_not_tried_again(void **state)
{
    (void)state;
    driver.data.HwFindAdapter = faulty_find;
    expect_no_start("the driver faulted");
    assert_int_equal(driver.find_count, 1);
}

static void initialize_may_fault(void **state)
{
    (void)state;
    driver.data.HwInitialize = faulty_initialize;
    expect_no_start("the driver faulted");
}

static void requests_to_a_driver_that_faulted_fail(void **state)
{
    (void)state;
    driver.data.HwStartIO = faulty_start_io;
    device = start();
    assert_false(device->is_broken);
    VideoPortAllocatePool(driver.extension, VpNonPagedPool, 100, 0);
    assert_int_equal(videoport_ioctl(device, 1, NULL, 0, NULL, 0, NULL), ERROR_IO_DEVICE);
    expect_broken();
    assert_int_equal(videoport_stop(device), 1);
    device = NULL;
    assert_int_equal(driver.reset_count, 0);
}

static void reset_may_fault(void **state)
{
    (void)state;
    driver.data.HwResetHw = faulty_reset;
    device = start();
    VideoPortAllocatePool(driver.extension, VpNonPagedPool, 100, 0);
    assert_int_equal(videoport_stop(device), 1);
    device = NULL;
}

static void timer_that_faults_is_called_once(void **state)
{
    (void)state;
    driver.data.HwTimer = faulty_timer;
    device = start();
    VideoPortStartTimer(driver.extension);
    for (host.milliseconds = 0; host.milliseconds < 5000; host.milliseconds += 500)
        videoport_poll();
    assert_int_equal(timer_count, 1);
    expect_broken();
}

static void dpcs_behind_one_that_faults_are_not_called(void **state)
{
    (void)state;
    device = start();
    VideoPortQueueDpc(driver.extension, faulty_dpc, NULL);
    VideoPortQueueDpc(driver.extension, count_dpc, NULL);
    videoport_poll();
    assert_int_equal(timer_count, 0);
    expect_broken();
}

static void interrupt_that_faults_is_called_once(void **state)
{
    (void)state;
    driver.data.HwInterrupt = faulty_interrupt;
    driver.interrupt_line = 5;
    device = start();
    assert_false(videoport_interrupt(5));
    assert_false(videoport_interrupt(5));
    assert_int_equal(timer_count, 1);
    expect_broken();
}

static BOOLEAN NTAPI interrupted_start_io(PVOID extension, PVIDEO_REQUEST_PACKET packet)
{
    (void)extension;
    videoport_interrupt(5);
    packet->StatusBlock->Status = NO_ERROR;
    return TRUE;
}

/* The interrupt comes while another routine of the same driver runs, which returns as ever. */
static void fault_in_an_interrupt_is_not_forgotten(void **state)
{
    (void)state;
    driver.data.HwInterrupt = faulty_interrupt;
    driver.data.HwStartIO = interrupted_start_io;
    driver.interrupt_line = 5;
    device = start();
    assert_int_equal(videoport_ioctl(device, 1, NULL, 0, NULL, 0, NULL), ERROR_IO_DEVICE);
    expect_broken();
}

static void child_descriptor_may_fault(void **state)
{
    (void)state;
    driver.data.HwGetVideoChildDescriptor = faulty_child;
    device = start();
    assert_non_null(device);
    expect_broken();
}

static void other_drivers_go_on(void **state)
{
    (void)state;
    const char *why;
    ULONG number = 7;
    device = start();
    void *first = driver.extension;
    driver.data.HwStartIO = faulty_start_io;
    struct videoport_device *other = videoport_start("other", driver_entry, NULL, &why);
    assert_int_equal(videoport_ioctl(other, 1, NULL, 0, NULL, 0, NULL), ERROR_IO_DEVICE);
    driver.extension = first;
    assert_int_equal(videoport_ioctl(device, 1, &number, 4, &number, 4, NULL), NO_ERROR);
    videoport_stop(other);
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, open_faults, close_device)
    const struct CMUnitTest tests[] = {
        WITH(entry_may_fault),
        WITH(find_may_fault_and_is_not_tried_again),
        WITH(initialize_may_fault),
        WITH(requests_to_a_driver_that_faulted_fail),
        WITH(reset_may_fault),
        WITH(timer_that_faults_is_called_once),
        WITH(dpcs_behind_one_that_faults_are_not_called),
        WITH(interrupt_that_faults_is_called_once),
        WITH(fault_in_an_interrupt_is_not_forgotten),
        WITH(child_descriptor_may_fault),
        WITH(other_drivers_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
