/*
 * NT's events, DPCs, timers and levels, as the video port keeps them for the driver that runs. Time
 * passes when the fake host rests.
 */

#include "fake_host.h"

#include "drivers/videoport/port/device.h"

static struct {
    KEVENT event;
    KDPC dpc;
    KTIMER timer;
    unsigned dpc_count;
    void *arguments[2];
} mine;

/* Runs a routine as the driver's own. */
static bool as_driver(void (*routine)(void *), void *context)
{
    return device_call(device, routine, context);
}

static VOID NTAPI note(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    assert_ptr_equal(dpc, &mine.dpc);
    assert_ptr_equal(context, &mine);
    assert_int_equal(KeGetCurrentIrql(), DISPATCH_LEVEL);
    mine.dpc_count++;
    mine.arguments[0] = argument1;
    mine.arguments[1] = argument2;
}

static int open_objects(void **state)
{
    memset(&mine, 0, sizeof mine);
    if (open_device(state) != 0)
        return 1;
    KeInitializeEvent(&mine.event, SynchronizationEvent, FALSE);
    KeInitializeDpc(&mine.dpc, note, &mine);
    KeInitializeTimer(&mine.timer);
    return 0;
}

static void pass(uint64_t milliseconds)
{
    host.milliseconds += milliseconds;
    videoport_poll();
}

static LARGE_INTEGER after(LONGLONG milliseconds)
{
    return (LARGE_INTEGER){.QuadPart = -10000 * milliseconds};
}

/* ---- DPCs ------------------------------------------------------------------------------------ */

static void insert(void *argument)
{
    *(bool *)argument = KeInsertQueueDpc(&mine.dpc, argument, &mine);
}

static void dpc_is_called_once_with_its_arguments(void **state)
{
    (void)state;
    bool is_new;
    assert_true(as_driver(insert, &is_new));
    assert_true(is_new);
    as_driver(insert, &is_new);
    assert_false(is_new);
    assert_int_equal(mine.dpc_count, 0);
    videoport_poll();
    assert_int_equal(mine.dpc_count, 1);
    assert_ptr_equal(mine.arguments[0], &is_new);
    assert_ptr_equal(mine.arguments[1], &mine);
    videoport_poll();
    assert_int_equal(mine.dpc_count, 1);
}

static void remove_it(void *argument)
{
    *(bool *)argument = KeRemoveQueueDpc(&mine.dpc);
}

static void dpc_that_is_removed_is_not_called(void **state)
{
    (void)state;
    bool done;
    as_driver(insert, &done);
    as_driver(remove_it, &done);
    assert_true(done);
    as_driver(remove_it, &done);
    assert_false(done);
    videoport_poll();
    assert_int_equal(mine.dpc_count, 0);
}

static void fill_queue(void *argument)
{
    static KDPC many[40];
    unsigned *count = argument;
    for (*count = 0; *count < 40; ++*count) {
        KeInitializeDpc(&many[*count], note, &mine);
        if (!KeInsertQueueDpc(&many[*count], NULL, NULL))
            return;
    }
}

static void only_so_many_dpcs_wait(void **state)
{
    (void)state;
    unsigned count;
    as_driver(fill_queue, &count);
    assert_int_equal(count, 32);
    assert_string_equal(last_log(), "videoport call=KeInsertQueueDpc driver=fake refused: too many "
                                    "DPCs wait");
}

static void stopped_driver_has_no_dpcs(void **state)
{
    (void)state;
    bool unused;
    as_driver(insert, &unused);
    videoport_stop(device);
    device = NULL;
    videoport_poll();
    assert_int_equal(mine.dpc_count, 0);
}

static void what_is_no_drivers_is_refused(void **state)
{
    (void)state;
    assert_false(KeInsertQueueDpc(&mine.dpc, NULL, NULL));
    assert_logged("call=KeInsertQueueDpc driver=kernel refused: no driver is running");
    assert_false(KeSetTimer(&mine.timer, after(10), NULL));
    assert_logged("call=KeSetTimerEx driver=kernel refused: no driver is running");
    pass(100);
    assert_false(KeReadStateTimer(&mine.timer));
}

/* ---- timers ---------------------------------------------------------------------------------- */

struct timing {
    LARGE_INTEGER due;
    LONG period;
    bool was_set;
};

static void set(void *context)
{
    struct timing *timing = context;
    timing->was_set = KeSetTimerEx(&mine.timer, timing->due, timing->period, &mine.dpc);
}

static void timer_goes_off_once(void **state)
{
    (void)state;
    struct timing timing = {after(25), 0, true};
    as_driver(set, &timing);
    assert_false(timing.was_set);
    pass(24);
    assert_false(KeReadStateTimer(&mine.timer));
    pass(1);
    assert_true(KeReadStateTimer(&mine.timer));
    assert_int_equal(mine.dpc_count, 1);
    pass(1000);
    assert_int_equal(mine.dpc_count, 1);
}

static void part_of_a_millisecond_is_a_whole_one(void **state)
{
    (void)state;
    struct timing timing = {{.QuadPart = -1}, 0, true};
    as_driver(set, &timing);
    pass(0);
    assert_int_equal(mine.dpc_count, 0);
    pass(1);
    assert_int_equal(mine.dpc_count, 1);
}

static void timer_goes_off_at_a_time_of_day(void **state)
{
    (void)state;
    host.milliseconds = 1000;
    struct timing timing = {{.QuadPart = 10300000}, 0, true};
    as_driver(set, &timing);
    pass(29);
    assert_int_equal(mine.dpc_count, 0);
    pass(1);
    assert_int_equal(mine.dpc_count, 1);
    timing.due.QuadPart = 5; /* long ago: at once */
    as_driver(set, &timing);
    pass(0);
    assert_int_equal(mine.dpc_count, 2);
}

static void timer_with_a_period_goes_on(void **state)
{
    (void)state;
    struct timing timing = {after(10), 50, true};
    as_driver(set, &timing);
    pass(10);
    pass(49);
    assert_int_equal(mine.dpc_count, 1);
    pass(1);
    assert_int_equal(mine.dpc_count, 2);
    pass(500); /* what was missed is lost */
    assert_int_equal(mine.dpc_count, 3);
}

static void cancel(void *context)
{
    *(bool *)context = KeCancelTimer(&mine.timer);
}

static void timer_that_is_set_again_or_cancelled_forgets_the_first_time(void **state)
{
    (void)state;
    struct timing timing = {after(10), 0, false};
    bool was_set;
    as_driver(set, &timing);
    timing.due = after(100);
    as_driver(set, &timing);
    assert_true(timing.was_set);
    pass(50);
    assert_int_equal(mine.dpc_count, 0);
    as_driver(cancel, &was_set);
    assert_true(was_set);
    as_driver(cancel, &was_set);
    assert_false(was_set);
    pass(1000);
    assert_int_equal(mine.dpc_count, 0);
}

static void running_timer_ends_with_its_driver(void **state)
{
    (void)state;
    struct timing timing = {after(10), 10, false};
    as_driver(set, &timing);
    assert_int_equal(videoport_stop(device), 1);
    assert_logged("call=KeSetTimerEx driver=fake reclaimed");
    device = NULL;
    pass(1000);
    assert_int_equal(mine.dpc_count, 0);
    assert_false(KeReadStateTimer(&mine.timer));
}

static void leave_in_pool(void *context)
{
    PKTIMER timers = ExAllocatePool(NonPagedPool, 2 * sizeof *timers);
    (void)context;
    KeInitializeTimer(&timers[1]);
    KeSetTimer(&timers[1], after(10), NULL);
    KeSetTimer(&mine.timer, after(10), NULL);
    ExFreePool(timers);
    assert_logged("call=KeSetTimerEx driver=fake virtual=0x");
    assert_logged("cancelled: its memory is freed");
}

static void timer_goes_with_its_memory(void **state)
{
    (void)state;
    assert_true(as_driver(leave_in_pool, NULL));
    assert_int_equal(host.log_count, 1);
    pass(100);
    assert_true(KeReadStateTimer(&mine.timer));
}

static void set_wrongly(void *context)
{
    KTIMER not_initialized = {.Period = 0};
    *(bool *)context = KeSetTimer(&not_initialized, after(0), NULL) ||
                       KeSetTimer((PKTIMER)(void *)&mine.event, after(0), NULL) ||
                       KeSetTimer(&mine.timer, after(0), (PKDPC)(void *)&mine.event);
}

static void timer_that_is_none_is_not_set(void **state)
{
    (void)state;
    bool was_set = true;
    as_driver(set_wrongly, &was_set);
    assert_int_equal(host.log_count, 3);
    assert_logged("was not initialized");
    assert_false(was_set);
    assert_int_equal(videoport_stop(device), 0);
    device = NULL;
}

/* ---- events ---------------------------------------------------------------------------------- */

static NTSTATUS wait_for(void *object, LONGLONG milliseconds)
{
    LARGE_INTEGER timeout = after(milliseconds);
    return KeWaitForSingleObject(object, Executive, KernelMode, FALSE, &timeout);
}

static void signal_wakes_one_or_all(void **state)
{
    (void)state;
    KEVENT all;
    KeInitializeEvent(&all, NotificationEvent, TRUE);
    assert_int_equal(wait_for(&all, 0), STATUS_SUCCESS);
    assert_int_equal(wait_for(&all, 0), STATUS_SUCCESS);
    assert_int_equal(KeSetEvent(&mine.event, 0, FALSE), 0);
    assert_true(KeSetEvent(&mine.event, 0, FALSE) != 0);
    assert_int_equal(wait_for(&mine.event, 0), STATUS_SUCCESS);
    assert_int_equal(wait_for(&mine.event, 30), STATUS_TIMEOUT);
    assert_in_range(host.milliseconds, 30, 40);
}

static void timer_wakes_who_waits(void **state)
{
    (void)state;
    struct timing timing = {after(40), 0, false};
    as_driver(set, &timing);
    assert_int_equal(wait_for(&mine.timer, 1000), STATUS_SUCCESS);
    assert_int_equal(host.milliseconds, 40);
    assert_int_equal(mine.dpc_count, 1);
    assert_int_equal(wait_for(&mine.timer, 0), STATUS_SUCCESS);
}

static void wait_for_what_is_no_object_is_refused(void **state)
{
    (void)state;
    KEVENT none = {.Header.Type = 77};
    assert_int_equal(wait_for(&none, 1000), STATUS_INVALID_PARAMETER);
    assert_logged("call=KeWaitForSingleObject driver=kernel refused: ");
    assert_int_equal(wait_for(&mine.dpc, 1000), STATUS_INVALID_PARAMETER);
    assert_int_equal(host.milliseconds, 0);
    host.at_passive_level = false;
    assert_int_equal(wait_for(&mine.event, 1000), STATUS_INVALID_PARAMETER);
    assert_logged("refused: called above PASSIVE_LEVEL, in an interrupt handler");
}

static void nobody_waits_above_passive_level_but_looks(void **state)
{
    (void)state;
    KIRQL before = KeRaiseIrqlToDpcLevel();
    assert_int_equal(wait_for(&mine.event, 0), STATUS_TIMEOUT);
    assert_int_equal(wait_for(&mine.event, 1), STATUS_INVALID_PARAMETER);
    assert_logged("refused: called above PASSIVE_LEVEL, in code that raised the level");
    KeLowerIrql(before);
}

static void delay_lasts_as_long_as_it_should(void **state)
{
    (void)state;
    LARGE_INTEGER interval = after(95);
    assert_int_equal(KeDelayExecutionThread(KernelMode, FALSE, &interval), STATUS_SUCCESS);
    assert_in_range(host.milliseconds, 95, 105);
}

/* ---- levels ---------------------------------------------------------------------------------- */

static void no_interrupt_comes_above_dispatch_level(void **state)
{
    (void)state;
    KIRQL before = KfRaiseIrql(DISPATCH_LEVEL);
    assert_false(host.interrupts_stopped);
    KfRaiseIrql(HIGH_LEVEL);
    assert_true(host.interrupts_stopped);
    KfRaiseIrql(HIGH_LEVEL);
    assert_null(ExAllocatePool(NonPagedPool, 8));
    KfLowerIrql(20);
    assert_true(host.interrupts_stopped);
    KfLowerIrql(DISPATCH_LEVEL);
    assert_false(host.interrupts_stopped);
    KfLowerIrql(before);
    assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void level_goes_the_right_way_alone(void **state)
{
    (void)state;
    KfRaiseIrql(DISPATCH_LEVEL);
    assert_int_equal(KfRaiseIrql(APC_LEVEL), DISPATCH_LEVEL);
    assert_string_equal(last_log(),
                        "videoport call=KfRaiseIrql driver=kernel irql=1 refused: the level is 2");
    assert_int_equal(KfRaiseIrql(32), DISPATCH_LEVEL);
    KfLowerIrql(5);
    assert_string_equal(last_log(),
                        "videoport call=KfLowerIrql driver=kernel irql=5 refused: the level is 2");
    assert_int_equal(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KfLowerIrql(PASSIVE_LEVEL);
}

static void raise_it(void *context)
{
    KfRaiseIrql(HIGH_LEVEL);
    if (context)
        fault();
}

static void level_is_lowered_when_a_routine_ends(void **state)
{
    (void)state;
    assert_true(as_driver(raise_it, NULL));
    assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
    assert_false(host.interrupts_stopped);
    assert_false(as_driver(raise_it, state)); /* also by a fault */
    assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
    assert_false(host.interrupts_stopped);
}

static void dpcs_wait_until_the_level_is_low(void **state)
{
    (void)state;
    bool unused;
    as_driver(insert, &unused);
    KIRQL before = KeRaiseIrqlToDpcLevel();
    videoport_poll();
    assert_int_equal(mine.dpc_count, 0);
    KeLowerIrql(before);
    videoport_poll();
    assert_int_equal(mine.dpc_count, 1);
}

/* In an interrupt handler, the level is above DISPATCH_LEVEL already. */
static void check_interrupt_level(void *context)
{
    (void)context;
    assert_int_equal(KeGetCurrentIrql(), DISPATCH_LEVEL + 1);
    KIRQL before = KfRaiseIrql(HIGH_LEVEL);
    KfLowerIrql(before);
    assert_int_equal(KeGetCurrentIrql(), DISPATCH_LEVEL + 1);
    assert_int_equal(KeRaiseIrqlToDpcLevel(), DISPATCH_LEVEL + 1); /* refused */
    assert_logged("call=KfRaiseIrql driver=fake irql=2 refused: the level is 3");
    assert_null(ExAllocatePool(NonPagedPool, 8));
}

static void interrupt_handlers_have_a_level_of_their_own(void **state)
{
    (void)state;
    host.at_passive_level = false;
    assert_true(as_driver(check_interrupt_level, NULL));
    host.at_passive_level = true;
    assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
    assert_false(host.interrupts_stopped);
}

static void spin_lock_that_is_left_is_reclaimed(void **state)
{
    (void)state;
    PSPIN_LOCK lock;
    UCHAR before = 99;
    assert_int_equal(VideoPortCreateSpinLock(driver.extension, &lock), NO_ERROR);
    VideoPortAcquireSpinLock(driver.extension, lock, &before);
    assert_int_equal(before, PASSIVE_LEVEL);
    VideoPortReleaseSpinLock(driver.extension, lock, before);
    assert_int_equal(VideoPortGetCurrentIrql(), PASSIVE_LEVEL);
    assert_int_equal(videoport_stop(device), 1);
    device = NULL;
}

/* ---- pool, mappings, time -------------------------------------------------------------------- */

static void allocate_pool(void *context)
{
    void **blocks = context;
    blocks[0] = ExAllocatePoolWithTag(NonPagedPool, 100, 0x31676154);
    blocks[1] = ExAllocatePool(PagedPool, 200);
}

static void pool_belongs_to_the_running_driver(void **state)
{
    (void)state;
    void *blocks[2];
    as_driver(allocate_pool, blocks);
    assert_int_equal(count_blocks("fake"), 2 + 1); /* its extension */
    ExFreePool(blocks[1]);
    assert_logged("call=ExFreePoolWithTag driver=kernel");
    assert_logged("refused: the block belongs to another driver");
    assert_int_equal(videoport_stop(device), 2);
    assert_int_equal(count_blocks("fake"), 0);
    device = NULL;
}

static void free_wrongly(void *context)
{
    char *block = *(void **)context;
    ExFreePoolWithTag(block, 0x32676154);
    assert_logged("refused: its tag is another one");
    ExFreePoolWithTag(block + 1, 0x31676154);
    assert_logged("refused: no such block is there to be freed by this call");
    MmFreeContiguousMemory(block);
    assert_logged("refused: no such block is there to be freed by this call");
    assert_int_equal(count_blocks("fake"), 3);
    ExFreePoolWithTag(block, 0x31676154);
    assert_int_equal(count_blocks("fake"), 2);
    ExFreePool(block);
    assert_logged("refused: no such block is there to be freed by this call");
}

static void pool_is_freed_by_its_address_and_tag_alone(void **state)
{
    (void)state;
    void *blocks[2];
    as_driver(allocate_pool, blocks);
    assert_true(as_driver(free_wrongly, blocks));
}

static void map_device(void *context)
{
    void **address = context;
    *address = MmMapIoSpace((PHYSICAL_ADDRESS){.QuadPart = 0xE0000000}, 0x3000, MmWriteCombined);
    MmUnmapIoSpace(*address, 0x2000);
    assert_logged("call=MmUnmapIoSpace driver=fake");
    MmUnmapIoSpace((char *)*address + 1, 0x3000);
    assert_int_equal(count_mappings(), 1);
    MmUnmapIoSpace(*address, 0x3000);
    assert_int_equal(count_mappings(), 0);
    *address = MmMapIoSpace((PHYSICAL_ADDRESS){.QuadPart = 0xE0000000}, 0x3000, MmCached);
}

static void device_memory_is_unmapped_as_it_was_mapped(void **state)
{
    (void)state;
    void *address;
    assert_true(as_driver(map_device, &address));
    assert_int_equal(mapping_at(address)->cache, MM_UNCACHED);
    assert_int_equal(videoport_stop(device), 1);
    device = NULL;
    assert_int_equal(count_mappings(), 0);
}

static void bank_is_mapped_where_there_is_one(void **state)
{
    (void)state;
    ULONG length = 0x10000, flags = 0;
    PVOID mapped = NULL;
    assert_int_equal(VideoPortMapBankedMemory(driver.extension, address(0xA0000), &length, &flags,
                                              &mapped, 0xFFFF, FALSE, NULL, NULL),
                     ERROR_INVALID_PARAMETER);
    assert_string_equal(last_log(), "videoport call=VideoPortMapBankedMemory driver=fake "
                                    "bytes=65536 refused: a bank has 65535, and nobody switches "
                                    "banks here");
    assert_null(mapped);
    assert_int_equal(VideoPortMapBankedMemory(driver.extension, address(0xA0000), &length, &flags,
                                              &mapped, 0x10000, FALSE, NULL, NULL),
                     NO_ERROR);
    assert_int_equal(VideoPortUnmapMemory(driver.extension, mapped, NULL), NO_ERROR);
}

static void time_is_counted_in_its_units(void **state)
{
    (void)state;
    LARGE_INTEGER time, frequency;
    host.milliseconds = 12;
    KeQuerySystemTime(&time);
    assert_int_equal(time.QuadPart, 120000);
    assert_int_equal(KeQueryPerformanceCounter(&frequency).QuadPart, 36000000);
    assert_int_equal(frequency.QuadPart, 3000000000);
    assert_int_equal(VideoPortQueryPerformanceCounter(driver.extension, NULL), 36000000);
    KeQueryTickCount(&time);
    assert_int_equal(time.QuadPart, 7);
    assert_int_equal(KeTickCount.LowPart, 7);
    assert_int_equal(KeQueryTimeIncrement(), 100000);
}

static void vga_is_told_by_its_class_and_command(void **state)
{
    (void)state;
    ULONG status = 99;
    assert_int_equal(VideoPortGetVgaStatus(driver.extension, &status), ERROR_INVALID_FUNCTION);
    device->has_function = true;
    device->function.class_code = 0x030000;
    host.config[4] = 2;
    assert_int_equal(VideoPortGetVgaStatus(driver.extension, &status), NO_ERROR);
    assert_int_equal(status, 0);
    host.config[4] = 3;
    VideoPortGetVgaStatus(driver.extension, &status);
    assert_int_equal(status, DEVICE_VGA_ENABLED);
    device->function.class_code = 0x038000;
    VideoPortGetVgaStatus(driver.extension, &status);
    assert_int_equal(status, 0);
    device->has_function = false;
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, open_objects, close_device)
    const struct CMUnitTest tests[] = {
        WITH(dpc_is_called_once_with_its_arguments),
        WITH(dpc_that_is_removed_is_not_called),
        WITH(only_so_many_dpcs_wait),
        WITH(stopped_driver_has_no_dpcs),
        WITH(what_is_no_drivers_is_refused),
        WITH(timer_goes_off_once),
        WITH(part_of_a_millisecond_is_a_whole_one),
        WITH(timer_goes_off_at_a_time_of_day),
        WITH(timer_with_a_period_goes_on),
        WITH(timer_that_is_set_again_or_cancelled_forgets_the_first_time),
        WITH(running_timer_ends_with_its_driver),
        WITH(timer_goes_with_its_memory),
        WITH(timer_that_is_none_is_not_set),
        WITH(signal_wakes_one_or_all),
        WITH(timer_wakes_who_waits),
        WITH(wait_for_what_is_no_object_is_refused),
        WITH(nobody_waits_above_passive_level_but_looks),
        WITH(delay_lasts_as_long_as_it_should),
        WITH(no_interrupt_comes_above_dispatch_level),
        WITH(level_goes_the_right_way_alone),
        WITH(level_is_lowered_when_a_routine_ends),
        WITH(dpcs_wait_until_the_level_is_low),
        WITH(interrupt_handlers_have_a_level_of_their_own),
        WITH(spin_lock_that_is_left_is_reclaimed),
        WITH(pool_belongs_to_the_running_driver),
        WITH(pool_is_freed_by_its_address_and_tag_alone),
        WITH(device_memory_is_unmapped_as_it_was_mapped),
        WITH(bank_is_mapped_where_there_is_one),
        WITH(time_is_counted_in_its_units),
        WITH(vga_is_told_by_its_class_and_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
