/* The commands that choose how memory is shown, and of which machine. */

#include "commands.h"

#include "kernel/lib/parse.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/past/machine_past.h"
#include "kernel/screen/display.h"
#include "kernel/show/story.h"
#include "kernel/show/tour.h"
#include "kernel/stage/stage.h"
#include "kernel/view/view_grid.h"
#include "kernel/view/view_inspect.h"

/* ---- step ----------------------------------------------------------------------------------- */

static const char *const step_words[] = {
    [STORY_OFF] = "off", [STORY_AUTO] = "auto", [STORY_SHOW] = "show", [STORY_STEP] = "on"};

static const char *step_word(size_t index)
{
    return index < sizeof step_words / sizeof *step_words ? step_words[index] : NULL;
}

static void run_step(size_t word_count, char **words)
{
    for (size_t i = 0; word_count > 1 && step_word(i); i++) {
        if (strcmp(words[1], step_words[i]) != 0)
            continue;
        story.mode = (enum story_mode)i;
        word_count = 1;
    }
    if (word_count > 1)
        shell_refuse_word("step does not know", words[1], step_word,
                          "it takes on, show, auto or off");
    else
        console_print("step %s\n", step_words[story.mode]);
    if (word_count == 1 && story.mode == STORY_STEP && story.has_dialogue)
        console_write("At each step: Enter, space, right: next; left, b: back; q, Esc: no more.\n");
}

/* ---- textbook ------------------------------------------------------------------------------- */

static const char *const textbook_words[] = {"off", "on"};

static const char *textbook_word(size_t index)
{
    return index < sizeof textbook_words / sizeof *textbook_words ? textbook_words[index] : NULL;
}

static void run_textbook(size_t word_count, char **words)
{
    struct stage *stage = stage_of_machine();
    bool is_on = word_count > 1 && strcmp(words[1], "on") == 0;
    if (!stage) {
        console_error("textbook needs a machine of at most %u frames: machine tiny opens one",
                      STAGE_FRAMES_MAX);
        return;
    }
    if (word_count > 1 && !is_on && strcmp(words[1], "off") != 0) {
        shell_refuse_word("textbook does not know", words[1], textbook_word, "it takes on or off");
        return;
    }
    if (word_count > 1)
        stage->shows_textbook = is_on;
    const struct textbook *book = &stage->textbook;
    console_print("textbook shown=%s lost=%u free=%u largest=%u refused=%u\n",
                  stage->shows_textbook ? "yes" : "no", textbook_lost(book), book->free_count,
                  textbook_largest(book), book->refused);
    display_draw_stage();
}

/* ---- zoom ----------------------------------------------------------------------------------- */

/* Without a size, so much as is shown one frame a cell: 2 MiB is about that, on any screen. */
#define ZOOM_SIZE (2 * MIB)

static bool read_zoom(size_t word_count, char **words, struct frame_range *range)
{
    uint64_t address;
    uint64_t size_bytes = ZOOM_SIZE;
    if (!commands_read_address("the address", words[1], &address) ||
        (word_count > 2 && !shell_read_number("the size", words[2], &size_bytes)))
        return false;
    if (size_bytes == 0 || address >= PHYS_LIMIT || size_bytes > PHYS_LIMIT - address) {
        console_error("there are no such addresses: %llu bytes from 0x%llx on",
                      (number_t)size_bytes, (number_t)address);
        return false;
    }
    *range = view_frames_between(address, address + size_bytes);
    return true;
}

static void print_zoom(void)
{
    struct frame_range range;
    pfn_t cell_frames;
    if (!display_get_zoom(&range, &cell_frames))
        console_error("there is no map of frames on the screen");
    else
        console_print("zoom base=0x%llx end=0x%llx cell=%llu\n", view_bytes(range.first),
                      view_bytes(range.end), view_bytes(cell_frames));
}

static void run_zoom(size_t word_count, char **words)
{
    struct frame_range range = {0};
    const char *why;
    if (word_count > 1) {
        if (strcmp(words[1], "out") != 0 && !read_zoom(word_count, words, &range))
            return;
        if (!display_zoom(range, &why)) {
            console_error("%s: [0x%llx, 0x%llx)", why, view_bytes(range.first),
                          view_bytes(range.end));
            return;
        }
    }
    print_zoom();
}

/* ---- at ------------------------------------------------------------------------------------- */

/* The aligned block of an order around the address. */
static void print_node(uint64_t address, const char *word)
{
    struct view_inspection frame;
    char text[VIEW_INSPECT_MAX];
    uint64_t order;
    if (!shell_read_number("the order", word, &order))
        return;
    if (order >= BUDDY_ORDER_COUNT) {
        console_error("there is no order %llu; they are 0 to %u", (number_t)order,
                      BUDDY_ORDER_COUNT - 1);
        return;
    }
    pfn_t first = address >> FRAME_SHIFT >> order << order;
    pfn_t end = first + ((pfn_t)1 << order);
    struct buddy_summary sum = buddy_sum_up(&machine_shown()->buddy, first, (unsigned)order);
    console_print("node order=%llu head=%llu longest=%llu tail=%llu base=0x%llx end=0x%llx\n",
                  (number_t)order, (number_t)sum.head, (number_t)sum.longest, (number_t)sum.tail,
                  view_bytes(first), view_bytes(end));
    view_inspect(&frame, machine_map(), machine_shown(), address >> FRAME_SHIFT);
    view_inspect_tell_block(&frame, machine_shown(), (unsigned)order, text);
    story_point(frame.pfn, (unsigned)order, text, (struct frame_range){first, end});
}

static void mark_frame(const struct view_inspection *frame)
{
    char text[VIEW_INSPECT_MAX];
    struct frame_range cell = {frame->pfn, frame->pfn + 1};
    view_inspect_tell(frame, machine_shown(), cell, text);
    story_point(frame->pfn, 0, text,
                frame->state == VIEW_NOTHING ? cell
                : frame->state == VIEW_FREE  ? frame->part
                                             : frame->range);
}

static void run_at(size_t word_count, char **words)
{
    static const char *const states[] = {"nothing", "firmware", "boot", "used", "free"};
    static const char *const holders[] = {"tree", "list", "rest", "last"};
    struct view_inspection frame;
    uint64_t address;
    if (!commands_read_address("the address", words[1], &address))
        return;
    if (address >= PHYS_LIMIT) {
        console_error("there is no such address: 0x%llx", (number_t)address);
        return;
    }
    if (word_count > 2) {
        print_node(address, words[2]);
        return;
    }
    view_inspect(&frame, machine_map(), machine_shown(), address >> FRAME_SHIFT);
    console_print("frame address=0x%llx state=%s", view_bytes(frame.pfn), states[frame.state]);
    if (frame.state == VIEW_USED)
        console_print(" block=%llu bytes=%llu owner=%s", (number_t)frame.block.id,
                      (number_t)frame.block.size_bytes, frame.block.owner);
    else if (frame.region && frame.region->owner)
        console_print(" owner=%s", frame.region->owner);
    if (frame.state != VIEW_NOTHING)
        console_print(" base=0x%llx end=0x%llx", view_bytes(frame.range.first),
                      view_bytes(frame.range.end));
    if (frame.state == VIEW_USED || frame.state == VIEW_FREE)
        console_print(" order=%u node=0x%llx buddy=0x%llx", frame.order, view_bytes(frame.node),
                      view_bytes(frame.buddy));
    if (frame.state == VIEW_FREE)
        console_print(" from=%s part=%llu", holders[frame.holder],
                      (number_t)(frame.part.end - frame.part.first));
    console_put('\n');
    mark_frame(&frame);
}

/* ---- tour ----------------------------------------------------------------------------------- */

static const char *tour_word(size_t index)
{
    static const char *const words[] = {"auto", "quick"};
    return index < sizeof words / sizeof *words ? words[index] : NULL;
}

static bool read_first_step(const char *word, size_t *first_step)
{
    uint64_t number;
    if (parse_number(word, &number) != PARSE_OK) {
        shell_refuse_word("tour does not know", word, tour_word,
                          "it takes auto, quick and a step's number");
        return false;
    }
    if (number < 1 || number > tour_script_length) {
        console_error("there is no step %s; they are 1 to %zu", word, tour_script_length);
        return false;
    }
    *first_step = (size_t)number;
    return true;
}

static void run_tour(size_t word_count, char **words)
{
    enum tour_pace pace = TOUR_BY_KEY;
    size_t first_step = 1;
    if (word_count > 1 && strcmp(words[1], "auto") == 0)
        pace = TOUR_ALONE;
    else if (word_count > 1 && strcmp(words[1], "quick") == 0)
        pace = TOUR_QUICK;
    size_t at = pace == TOUR_BY_KEY ? 1 : 2;
    if (word_count > at + 1)
        console_error("tour does not take \"%s\" behind a step's number", words[at + 1]);
    else if (word_count == at || read_first_step(words[at], &first_step))
        tour_play(first_step, pace);
}

/* ---- machine -------------------------------------------------------------------------------- */

static void run_machine(size_t word_count, char **words)
{
    if (word_count == 1) {
        machine_list();
        return;
    }
    bool is_closed = strcmp(words[1], MACHINE_REAL) == 0;
    bool was_open = machine_simulated();
    if (is_closed)
        machine_close();
    else if (!machine_open(words[1]))
        return;
    machine_past_close();
    if (!is_closed && display_has_view())
        machine_past_open();
    if (!is_closed || was_open)
        display_change_machine();
    machine_describe();
}

const struct shell_command view_commands[] = {
    {"at", "ADDR [ORDER]", "tells what is at an address: block, owner, order, buddy",
     "  frame address=... state=used|free|boot|firmware|nothing ...: base and end are those of "
     "the\n  block, the free run or the region; node is the largest aligned power of two of frames "
     "in it\n  around the address, 2^order of them, and buddy its other half; from says what holds "
     "a free\n  frame: list (of runs by length), tree, last (freed last) or rest (set aside to be "
     "cut),\n  and part how many frames of the run.\n  With an order: node order=... head=... "
     "longest=... tail=...: how many frames are free at the\n  start of the aligned block of "
     "2^ORDER frames there, in its longest run, at its end.\n  The mouse tells the same of what it "
     "points at. The picture shows the\n  place until the next command.\n",
     2, 3, .run = run_at},
    {"zoom", "[ADDR [SIZE] | out]", "shows a part of RAM in the map of frames, or all of it",
     "  Keys: Page Up and Page Down zoom around the pointer, as the mouse's wheel does;\n"
     "  Ctrl with an arrow moves the pointer a cell.\n"
     "  zoom base=... end=... cell=...: what is shown, and the bytes of a cell\n",
     1, 3, .run = run_zoom},
    {"step", "[on | show | auto | off]", "tells what alloc and free do, step by step",
     "  on     each step is written and drawn, and waits for a key: Enter, space or right: the\n"
     "         next step; left or b: the step before; q or Esc: no more steps. In a script "
     "nothing\n"
     "         waits.\n"
     "  show   drawn at its own pace, in a second at most; a key ends it\n"
     "  auto   the same, for what is typed at this machine's keyboard; this is the default\n"
     "  off    only the outcome: window, what was looked at, place\n",
     1, 2, .run = run_step, .arguments = step_word},
    {"machine", "[NAME | real]", "opens another machine, simulated by its firmware's map",
     "  Without NAME: lists what there is, also maps that came as modules (docs/simulated.md).\n"
     "  Until machine real, these act on it: map, alloc, free, blocks, buddy, check, explain, at,\n"
     "  zoom, stress and the picture. Its memory is not there, so nothing is written to it.\n"
     "  machine name=... ram=... ranges=... open=yes|no text=\"...\"\n",
     1, 2, .run = run_machine, .arguments = machine_word},
    {"textbook", "[on | off]", "shows a textbook's buddy below a small machine's frames",
     "  It gets the same requests since the machine was opened (machine tiny, small or 256). Its\n"
     "  blocks are powers of two of frames: what is given beyond the request is lost inside.\n"
     "  textbook shown=yes|no lost=N free=N largest=N refused=N: in frames, of 4096 bytes; "
     "refused\n"
     "  counts the requests that Ashlar served, and the textbook could not\n",
     1, 2, .run = run_textbook, .arguments = textbook_word},
    {0},
};

const struct shell_command tour_commands[] = {
    {"tour", "[auto | quick] [N]", "shows what there is to see, in some seven minutes",
     "  A step is a few sentences and the commands to them; what they take is given back.\n  Keys: "
     "Enter, space, right: on; left, b: back; a: by itself, as with auto; q, Esc: the end.\n  auto "
     "  goes on by itself, as in a script at boot; any key stops it there\n  quick  waits for "
     "nothing\n  N      begins with that step\n  tour end step=N of=N free=N before=N: the last "
     "step, and free frames now and before\n",
     1, 3, .run = run_tour, .arguments = tour_word},
    {0},
};
