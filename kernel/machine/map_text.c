/*
 * Reads a firmware map from text. A line is copied, without what terminals and editors add to it,
 * and then read. Only what a note is about is kept of it.
 */

#include "map_text.h"

/* ---- characters ------------------------------------------------------------------------------ */

/* Text that was saved on Windows begins with a byte order mark (Unicode 15, section 23.8). */
static void pass_byte_order_mark(struct map_text *map)
{
    static const struct {
        const char *mark;
        size_t character_bytes;
        bool is_big_endian;
    } marks[] = {{"\xEF\xBB\xBF", 1, false}, {"\xFF\xFE", 2, false}, {"\xFE\xFF", 2, true}};
    struct piece rest = {map->next, map->end};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (piece_take(&rest, marks[i].mark)) {
            map->next = rest.at;
            map->character_bytes = marks[i].character_bytes;
            map->is_big_endian = marks[i].is_big_endian;
            return;
        }
}

/* Of UTF-16, what is not ASCII is a question mark. False at the end. */
static bool take_character(struct map_text *map, char *character)
{
    if ((size_t)(map->end - map->next) < map->character_bytes)
        return false;
    *character = map->next[map->is_big_endian];
    if (map->character_bytes == 2 && map->next[!map->is_big_endian] != 0)
        *character = '?';
    map->next += map->character_bytes;
    return true;
}

/*
 * The end of the control sequence that begins there, a colour for one (ECMA-48, 5.4), or of a
 * choice of characters, as tput prints beside colours: ESC ( B (ECMA-35, 13.2.1). Else `at`.
 */
static const char *pass_control_sequence(const char *at, const char *end)
{
    if (end - at < 3 || at[0] != '\x1B')
        return at;
    bool is_control = at[1] == '[';
    const char *next = is_control ? at + 2 : at + 1;
    const char *first = next;
    char last_inner = is_control ? 0x3F : 0x2F;
    char first_final = is_control ? 0x40 : 0x30;
    while (next < end && *next >= 0x20 && *next <= last_inner)
        next++;
    bool is_whole = is_control || next > first;
    return is_whole && next < end && *next >= first_final && *next <= 0x7E ? next + 1 : at;
}

/* Takes control sequences out of a line. Returns its new end. */
static char *strip_control_sequences(char *line, const char *end)
{
    for (const char *at = line; at < end;) {
        const char *behind = pass_control_sequence(at, end);
        if (behind == at)
            *line++ = *behind++;
        at = behind;
    }
    return line;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* A carriage return ends a line unless a line feed follows, which does. */
static bool ends_line(struct map_text *map, char character)
{
    const char *behind = map->next;
    char next;
    bool is_lone_return = character == '\r' && take_character(map, &next) && next != '\n';
    map->next = behind;
    return character == '\n' || is_lone_return;
}

/* The next line; what does not fit is cut off. False at the end. */
static bool take_line(struct map_text *map, struct piece *line)
{
    size_t length = 0;
    char character;
    if (!take_character(map, &character))
        return false;
    do {
        if (ends_line(map, character) && (length > 0 || character == '\n'))
            break;
        if (length < sizeof map->text)
            map->text[length++] = character;
    } while (take_character(map, &character));
    map->line++;
    line->at = map->text;
    line->end = strip_control_sequences(map->text, map->text + length);
    *line = piece_trim(*line);
    return true;
}

static void tell(struct map_problem *problem, const struct map_line *line, size_t number)
{
    size_t length = piece_length(line->noted);
    bool is_cut = length > MAP_TEXT_VALUE_MAX;
    if (is_cut)
        length = MAP_TEXT_VALUE_MAX - 2;
    for (size_t i = 0; i < length; i++) {
        char character = line->noted.at[i];
        problem->value[i] = character >= ' ' && character <= '~' ? character : '?';
    }
    for (int dots = is_cut ? 2 : 0; dots > 0; dots--)
        problem->value[length++] = '.';
    problem->value[length] = '\0';
    problem->text = line->note;
    problem->line = number;
}

/* ---- the text -------------------------------------------------------------------------------- */

static void rewind_to(struct map_text *map, const char *text)
{
    map->next = text;
    map->line = 0;
    map->is_guests = false;
}

/* Of a hypervisor's log, only the hypervisor's own table counts: what it gave a guest is less. */
static enum map_event read_log(struct map_text *map, struct map_line *line, struct piece text)
{
    if (!map->is_hypervisors)
        return map_line_read_log(line, text, MAP_TABLES_ALL);
    if (map_line_heads_table(text, &map->is_guests) || map->is_guests)
        return MAP_END;
    return map_line_read_log(line, text, MAP_TABLES_OF_HYPERVISOR);
}

static bool has_line_of_a_log(struct map_text *map)
{
    struct piece text;
    struct map_line line;
    while (take_line(map, &text))
        if (read_log(map, &line, text) != MAP_END)
            return true;
    return false;
}

void map_text_start(struct map_text *map, const char *text, size_t size_bytes)
{
    rewind_to(map, text);
    map->end = text + size_bytes;
    map->character_bytes = 1;
    map->is_big_endian = false;
    pass_byte_order_mark(map);
    text = map->next;
    map->is_hypervisors = true;
    map->is_hypervisors = has_line_of_a_log(map);
    rewind_to(map, text);
    map->is_log = has_line_of_a_log(map);
    rewind_to(map, text);
}

enum map_event map_text_next(struct map_text *map, struct map_entry *entry,
                             struct map_problem *problem)
{
    struct piece text;
    struct map_line line;
    while (take_line(map, &text)) {
        enum map_event event =
            map->is_log ? read_log(map, &line, text) : map_line_read_plain(&line, text);
        if (event == MAP_END)
            continue;
        if (event != MAP_WRONG)
            *entry = line.entry;
        if (event != MAP_ENTRY)
            tell(problem, &line, map->line);
        return event;
    }
    return MAP_END;
}
