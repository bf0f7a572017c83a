/* A line is found first, then its form, then its values; the text is never copied but for a problem. */

#include "map_text.h"

#include "string.h"

/* Some characters of the text: [at, end). */
struct piece {
    const char *at;
    const char *end;
};

#define TYPE_USABLE 1
#define TYPE_RESERVED 2
#define TYPE_ACPI 3
#define TYPE_NVS 4
#define TYPE_BAD 5

static const char no_number[] = "is not a hexadecimal number";
static const char too_large[] = "does not fit into 64 bits";
static const char no_type[] = "is not a type of memory";
static const char no_entry[] = "is not an entry: base, length and type";

/* ---- pieces ------------------------------------------------------------------------------------ */

static size_t length_of(struct piece piece)
{
    return (size_t)(piece.end - piece.at);
}

static bool is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\r';
}

static struct piece trim(struct piece piece)
{
    while (piece.at < piece.end && is_blank(*piece.at))
        piece.at++;
    while (piece.at < piece.end && is_blank(piece.end[-1]))
        piece.end--;
    return piece;
}

/* Takes the first word off the rest. Empty if there is none. */
static struct piece take_word(struct piece *rest)
{
    *rest = trim(*rest);
    struct piece word = {rest->at, rest->at};
    while (word.end < rest->end && !is_blank(*word.end))
        word.end++;
    rest->at = word.end;
    return word;
}

static bool begins_with(struct piece piece, const char *text)
{
    size_t length = strlen(text);
    return length_of(piece) >= length && memcmp(piece.at, text, length) == 0;
}

/* Takes off what begins the rest. False, and nothing is taken, if something else does. */
static bool take_text(struct piece *rest, const char *text)
{
    if (!begins_with(*rest, text))
        return false;
    rest->at += strlen(text);
    return true;
}

/* What follows the first place where the text stands. False if it stands nowhere. */
static bool find_text(struct piece piece, const char *text, struct piece *behind)
{
    for (; piece.at < piece.end; piece.at++) {
        *behind = piece;
        if (take_text(behind, text))
            return true;
    }
    return false;
}

/* ---- problems ---------------------------------------------------------------------------------- */

/* What is wrong in a line: NULL, nothing yet. */
struct reader {
    struct map_entry entry;
    const char *wrong;
    struct piece value;
};

static bool fail(struct reader *reader, const char *wrong, struct piece value)
{
    reader->wrong = wrong;
    reader->value = value;
    return false;
}

static void tell(struct map_problem *problem, const struct reader *reader, size_t line)
{
    size_t length = length_of(reader->value);
    bool is_cut = length > MAP_TEXT_VALUE_MAX;
    if (is_cut)
        length = MAP_TEXT_VALUE_MAX - 2;
    for (size_t i = 0; i < length; i++) {
        char character = reader->value.at[i];
        problem->value[i] = character >= ' ' && character <= '~' ? character : '?';
    }
    for (int dots = is_cut ? 2 : 0; dots > 0; dots--)
        problem->value[length++] = '.';
    problem->value[length] = '\0';
    problem->text = reader->wrong;
    problem->line = line;
}

/* ---- values ------------------------------------------------------------------------------------ */

static int digit_of(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    if (character >= 'A' && character <= 'F')
        return character - 'A' + 10;
    return -1;
}

/* Hexadecimal with 0x, and without it in the radix given; *wrong stays NULL if all of it is one. */
static uint64_t number_of(struct piece digits, int radix, const char **wrong)
{
    uint64_t value = 0;
    if (take_text(&digits, "0x"))
        radix = 16;
    *wrong = length_of(digits) == 0 ? no_number : NULL;
    for (; digits.at < digits.end; digits.at++) {
        int digit = digit_of(*digits.at);
        if (digit < 0 || digit >= radix)
            *wrong = no_number;
        else if (!*wrong && value >> 60 != 0)
            *wrong = too_large;
        value = value * (unsigned)radix + (unsigned)digit;
    }
    return value;
}

static bool read_hexadecimal(struct reader *reader, struct piece word, uint64_t *value)
{
    const char *wrong;
    *value = number_of(word, 16, &wrong);
    return !wrong || fail(reader, wrong, word);
}

static bool read_type_number(struct reader *reader, struct piece word)
{
    const char *wrong;
    uint64_t value = number_of(word, 10, &wrong);
    if (wrong || value > UINT32_MAX)
        return fail(reader, no_type, word);
    reader->entry.type = (uint32_t)value;
    return true;
}

/* [base, end) of an entry, or with an end that belongs to it. */
static bool set_range(struct reader *reader, phys_t base, phys_t end, bool is_inclusive,
                      struct piece text)
{
    if (end < base)
        return fail(reader, "ends before it begins", text);
    reader->entry.base = base;
    reader->entry.length_bytes = end - base;
    if (is_inclusive && end - base < UINT64_MAX)
        reader->entry.length_bytes++;
    return true;
}

/* ---- forms ------------------------------------------------------------------------------------- */

static bool read_plain(struct reader *reader, struct piece line)
{
    struct piece rest = line;
    struct piece base = take_word(&rest);
    struct piece length = take_word(&rest);
    struct piece type = take_word(&rest);
    if (length_of(type) == 0)
        return fail(reader, no_entry, line);
    if (!read_hexadecimal(reader, base, &reader->entry.base) ||
        !read_hexadecimal(reader, length, &reader->entry.length_bytes) ||
        !read_type_number(reader, type))
        return false;
    rest = trim(rest);
    return length_of(rest) == 0 || fail(reader, "is more than base, length and type", rest);
}

/* The value of KEY=VALUE among the words. */
static bool find_field(struct reader *reader, struct piece words, const char *key,
                       struct piece *value)
{
    for (struct piece rest = words; length_of(*value = take_word(&rest)) > 0;)
        if (take_text(value, key) && take_text(value, "="))
            return true;
    return fail(reader, no_entry, words);
}

static bool read_report(struct reader *reader, struct piece line)
{
    struct piece base, length, type;
    return find_field(reader, line, "base", &base) && find_field(reader, line, "bytes", &length) &&
           find_field(reader, line, "type", &type) &&
           read_hexadecimal(reader, base, &reader->entry.base) &&
           read_hexadecimal(reader, length, &reader->entry.length_bytes) &&
           read_type_number(reader, type);
}

/* As the commands of this kernel name kinds, and as Linux does (arch/x86/kernel/e820.c). */
static bool read_kind(struct reader *reader, struct piece kind)
{
    static const struct {
        const char *name;
        uint32_t type;
    } kinds[] = {{"usable", TYPE_USABLE},
                 {"reserved", TYPE_RESERVED},
                 {"acpi", TYPE_ACPI},
                 {"ACPI data", TYPE_ACPI},
                 {"nvs", TYPE_NVS},
                 {"ACPI NVS", TYPE_NVS},
                 {"bad", TYPE_BAD},
                 {"unusable", TYPE_BAD},
                 {"soft reserved", TYPE_RESERVED},
                 {"device reserved", TYPE_RESERVED}};
    struct piece number;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (length_of(kind) == strlen(kinds[i].name) && begins_with(kind, kinds[i].name)) {
            reader->entry.type = kinds[i].type;
            return true;
        }
    if (!find_text(kind, "type ", &number))
        return fail(reader, no_type, kind);
    if (length_of(number) > 0 && number.end[-1] == ')')
        number.end--; /* "persistent (type 7)" */
    return read_type_number(reader, number);
}

static bool read_region(struct reader *reader, struct piece line)
{
    struct piece base_text, end_text, kind;
    uint64_t base, end;
    return find_field(reader, line, "base", &base_text) &&
           find_field(reader, line, "end", &end_text) && find_field(reader, line, "kind", &kind) &&
           read_hexadecimal(reader, base_text, &base) && read_hexadecimal(reader, end_text, &end) &&
           set_range(reader, base, end, false, line) && read_kind(reader, kind);
}

/* [mem 0x0-0x9fbff] usable */
static bool read_new_linux(struct reader *reader, struct piece line, struct piece rest)
{
    struct piece range = {rest.at, rest.at};
    while (range.end < rest.end && *range.end != ']')
        range.end++;
    struct piece base_text = {range.at, range.at};
    while (base_text.end < range.end && *base_text.end != '-')
        base_text.end++;
    if (range.end == rest.end || base_text.end == range.end)
        return fail(reader, no_entry, line);
    uint64_t base, end;
    rest.at = range.end + 1;
    return read_hexadecimal(reader, base_text, &base) &&
           read_hexadecimal(reader, (struct piece){base_text.end + 1, range.end}, &end) &&
           set_range(reader, base, end, true, range) && read_kind(reader, trim(rest));
}

/* 0000000000000000 - 000000000009fc00 (usable), or SIZE @ BASE (usable) */
static bool read_old_linux(struct reader *reader, struct piece line, struct piece rest)
{
    struct piece first = take_word(&rest);
    struct piece between = take_word(&rest);
    struct piece second = take_word(&rest);
    bool has_size = length_of(between) == 1 && *between.at == '@';
    uint64_t left, right;
    rest = trim(rest);
    if (length_of(rest) < 2 || *rest.at != '(' || rest.end[-1] != ')' ||
        (!has_size && !(length_of(between) == 1 && *between.at == '-')))
        return fail(reader, no_entry, line);
    if (!read_hexadecimal(reader, first, &left) || !read_hexadecimal(reader, second, &right))
        return false;
    if (has_size)
        reader->entry = (struct map_entry){right, left, 0};
    else if (!set_range(reader, left, right, false, (struct piece){first.at, second.end}))
        return false;
    return read_kind(reader, (struct piece){rest.at + 1, rest.end - 1});
}

static bool read_linux(struct reader *reader, struct piece line)
{
    struct piece rest = trim(line);
    return take_text(&rest, "[mem ") ? read_new_linux(reader, line, rest)
                                     : read_old_linux(reader, line, rest);
}

/* What marks a line of a log, and who reads what stands behind the mark's first `skipped` characters. */
static const struct {
    const char *mark;
    size_t skipped;
    bool (*read)(struct reader *reader, struct piece line);
} forms[] = {{"entry base=", 6, read_report},
             {"region base=", 7, read_region},
             {"BIOS-e820:", 10, read_linux}};

#define FORM_COUNT (sizeof forms / sizeof *forms)

/* FORM_COUNT if the line has none of the marks. */
static size_t find_form(struct piece line, struct piece *behind)
{
    for (size_t form = 0; form < FORM_COUNT; form++) {
        if (!find_text(line, forms[form].mark, behind))
            continue;
        behind->at -= strlen(forms[form].mark) - forms[form].skipped;
        *behind = trim(*behind);
        return form;
    }
    return FORM_COUNT;
}

/* ---- lines ------------------------------------------------------------------------------------- */

/* The next line without its comment. False at the end. */
static bool take_line(struct map_text *map, struct piece *line)
{
    if (map->next == map->end)
        return false;
    *line = (struct piece){map->next, map->next};
    while (map->next < map->end && *map->next != '\n')
        map->next++;
    while (line->end < map->next && *line->end != '#')
        line->end++;
    if (map->next < map->end)
        map->next++;
    map->line++;
    *line = trim(*line);
    return true;
}

void map_text_start(struct map_text *map, const char *text, size_t size_bytes)
{
    const struct map_text start = {text, text + size_bytes, 0, false};
    struct piece line, unused;
    bool is_log = false;
    *map = start;
    while (!is_log && take_line(map, &line))
        is_log = find_form(line, &unused) < FORM_COUNT;
    *map = start;
    map->is_log = is_log;
}

/* False if the line is wrong, which reader->wrong tells, or none. */
static bool read_line(struct reader *reader, struct piece line, bool is_log)
{
    struct piece behind;
    if (!is_log)
        return length_of(line) > 0 && read_plain(reader, line);
    size_t form = find_form(line, &behind);
    return form < FORM_COUNT && forms[form].read(reader, behind);
}

enum map_event map_text_next(struct map_text *map, struct map_entry *entry,
                             struct map_problem *problem)
{
    struct piece line;
    while (take_line(map, &line)) {
        struct reader reader = {.wrong = NULL};
        if (read_line(&reader, line, map->is_log)) {
            *entry = reader.entry;
            return MAP_ENTRY;
        }
        if (reader.wrong) {
            tell(problem, &reader, map->line);
            return MAP_WRONG;
        }
    }
    return MAP_END;
}
