/*
 * Reads one line of a map in any of its forms. A line is in a form if it has the form's mark, and
 * one of the form's patterns fits what stands behind the mark. Patterns are separated by |. In one,
 * a blank stands for blanks and tabs, and
 *
 *   %b %l     base and length, hexadecimal; a second one holds the lower 32 bits
 *   %z        length in KiB, decimal
 *   %e %i     end, hexadecimal; the first byte behind, or the last byte
 *   %f %g     base and end in frames, hexadecimal
 *   %t %x     E820's type, decimal or hexadecimal
 *   %w %k     a kind: a word, or all that is left
 *   %n        something that does not count
 *   %B %E %I  the same as the small letters, but of exactly 16 digits
 */

#include "map_text.h"

#include "kernel/lib/e820.h"

static const char xen[] = "(XEN)"; /* begins what the hypervisor prints */
static const char too_large[] = "does not fit into 64 bits";

static void note(struct map_line *line, const char *text, struct piece noted)
{
    line->note = text;
    line->noted = noted;
}

/* ---- kinds ----------------------------------------------------------------------------------- */

/* Letters of either case are the same. Whatever is not here is reserved, and is told of. */
static const struct {
    const char *name;
    uint32_t type;
} kinds[] = {
    /* the command `map` */
    {"usable", E820_USABLE},
    {"reserved", E820_RESERVED},
    {"acpi", E820_ACPI},
    {"nvs", E820_NVS},
    {"bad", E820_BAD},
    /* Linux, arch/x86/kernel/e820.c: e820_print_type of all generations, and e820_type_to_string */
    {"System RAM", E820_USABLE},
    {"soft reserved", E820_RESERVED},
    {"device reserved", E820_RESERVED},
    {"ACPI data", E820_ACPI},
    {"ACPI tables", E820_ACPI},
    {"ACPI NVS", E820_NVS},
    {"ACPI non-volatile storage", E820_NVS},
    {"unusable", E820_BAD},
    {"unusable memory", E820_BAD},
    {"persistent memory", E820_PERSISTENT},
    {"persistent memory (legacy)", E820_PERSISTENT_LEGACY},
};

/* What a kind's name never has, but text around it may: a comma, a tag of HTML, a byte of UTF-8. */
static bool is_foreign(char character)
{
    static const char marks[] = ",.:;<\"'";
    for (const char *mark = marks; *mark; mark++)
        if (character == *mark)
            return true;
    return (character < ' ' && character != '\t') || character > '~';
}

static struct piece before_foreign(struct piece kind)
{
    const char *at = kind.at;
    while (at < kind.end && !is_foreign(*at))
        at++;
    return piece_trim((struct piece){kind.at, at});
}

static bool find_kind(struct piece kind, uint32_t *type)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (piece_equals(kind, kinds[i].name)) {
            *type = kinds[i].type;
            return true;
        }
    return false;
}

static bool read_type(struct piece digits, unsigned radix, uint32_t *type)
{
    uint64_t value;
    if (piece_read_number(digits, radix, &value) != PARSE_OK || value > UINT32_MAX)
        return false;
    *type = (uint32_t)value;
    return true;
}

/* "type 20", "persistent (type 7)" */
static bool find_type(struct piece kind, uint32_t *type)
{
    struct piece rest;
    if (!piece_find(kind, "type ", &rest))
        return false;
    struct piece number = piece_take_word(&rest);
    if (piece_length(number) > 0 && number.end[-1] == ')')
        number.end--;
    return read_type(number, 10, type);
}

/* "639 KB", "1.9 GB": Linux has come to print the size between range and kind. */
static struct piece pass_size(struct piece kind)
{
    struct piece rest = kind;
    struct piece amount = piece_take_word(&rest);
    struct piece unit = piece_take_word(&rest);
    bool is_size = piece_length(amount) > 0 && *amount.at >= '0' && *amount.at <= '9' &&
                   piece_length(unit) > 0 && unit.end[-1] == 'B';
    return is_size ? rest : kind;
}

/* A kind that nobody knows costs no line: its memory is reserved, whatever it is. */
static void read_kind(struct map_line *line, struct piece kind, unsigned radix)
{
    struct piece whole = piece_trim(pass_size(kind));
    kind = before_foreign(whole);
    if (piece_length(kind) >= 2 && *kind.at == '(' && kind.end[-1] == ')')
        kind = (struct piece){kind.at + 1, kind.end - 1};
    if (find_kind(kind, &line->entry.type) || read_type(kind, radix, &line->entry.type) ||
        find_type(kind, &line->entry.type))
        return;
    line->entry.type = E820_RESERVED;
    note(line, "is no kind of memory that is known here: reserved", whole);
}

/* ---- patterns -------------------------------------------------------------------------------- */

/* What a pattern found in a line. */
struct match {
    struct map_line *line;
    uint64_t left; /* base, in bytes or in frames */
    uint64_t right; /* length or end, as `meaning` says */
    char meaning; /* the letter of what is on the right */
    struct piece range; /* from the first number's beginning to the last one's end */
    struct piece kind;
    unsigned radix; /* of a kind that is a number; 0: there is none */
};

static void read_number(struct match *match, struct piece field, unsigned radix, uint64_t *value)
{
    uint64_t number = 0;
    enum parse_status result = piece_read_number(field, radix, &number);
    if (result != PARSE_OK && !match->line->note)
        note(match->line, result == PARSE_TOO_LARGE ? too_large : "is not a hexadecimal number",
             field);
    *value = *value << 32 | number;
    if (!match->range.at)
        match->range.at = field.at;
    match->range.end = field.end;
}

static void take_field(struct match *match, char letter, struct piece field)
{
    switch (letter) {
    case 'b':
    case 'f':
        read_number(match, field, 16, &match->left);
        break;
    case 'l':
    case 'z':
    case 'e':
    case 'i':
    case 'g':
        read_number(match, field, letter == 'z' ? 10 : 16, &match->right);
        match->meaning = letter;
        break;
    case 't':
    case 'w':
    case 'k':
    case 'x':
        match->kind = field;
        match->radix = letter == 'x' ? 16 : 10;
        break;
    default:
        break;
    }
}

/* What stands before a blank, or before the character `stop`. */
static struct piece take_until(struct piece *rest, char stop)
{
    struct piece field = piece_take_word(rest);
    for (const char *at = field.at; at < field.end; at++)
        if (*at == stop)
            field.end = at;
    rest->at = field.end;
    return field;
}

static bool fit_field(struct match *match, const char *pattern, struct piece *rest)
{
    char letter = pattern[0];
    struct piece field = letter == 'k' ? *rest : take_until(rest, pattern[1]);
    if (letter < 'a' && piece_length(field) != 16)
        return false;
    take_field(match, (char)(letter | 0x20), field);
    return true;
}

static bool fit_literal(char literal, struct piece *rest)
{
    if (rest->at == rest->end || (*rest->at != literal && (literal != ' ' || *rest->at != '\t')))
        return false;
    if (literal == ' ')
        *rest = piece_trim(*rest);
    else
        rest->at++;
    return true;
}

/* True if the pattern, which ends with a | or the text, fits. Numbers that are none are noted. */
static bool fits(struct match *match, const char *pattern, struct piece rest)
{
    bool so_far = true;
    for (; so_far && *pattern && *pattern != '|'; pattern++)
        if (*pattern == '%')
            so_far = fit_field(match, ++pattern, &rest);
        else
            so_far = fit_literal(*pattern, &rest);
    return so_far;
}

/* ---- entries --------------------------------------------------------------------------------- */

static enum map_event refuse(struct map_line *line, const char *why, struct piece text)
{
    note(line, why, text);
    return MAP_WRONG;
}

/* Makes an entry of what was found: MAP_END if that was a gap. */
static enum map_event make_entry(const struct match *match)
{
    struct map_line *line = match->line;
    bool has_length = match->meaning == 'l' || match->meaning == 'z';
    unsigned shift = match->meaning == 'g' ? FRAME_SHIFT : match->meaning == 'z' ? 10 : 0;
    if (!match->meaning)
        return MAP_END;
    if (line->note)
        return MAP_WRONG;
    if (!has_length && match->right < match->left)
        return refuse(line, "ends before it begins", match->range);
    if (match->right > UINT64_MAX >> shift)
        return refuse(line, too_large, match->range);
    uint64_t length = has_length ? match->right : match->right - match->left;
    if (match->meaning == 'i' && length < UINT64_MAX)
        length++;
    line->entry = (struct map_entry){match->left, length << shift, E820_USABLE};
    if (!has_length)
        line->entry.base <<= shift;
    if (match->radix)
        read_kind(line, match->kind, match->radix);
    return line->note ? MAP_UNKNOWN : MAP_ENTRY;
}

/* ---- forms ----------------------------------------------------------------------------------- */

struct form {
    const char *mark;
    const char *patterns;
    bool is_sure; /* other lines do not have the mark, so what fits no pattern is wrong */
};

#define RANGES "[gap |[mem %b-%i]%k|[%b, %i]%k|%b - %e%k|%l @ %b%k"
#define SURE_RANGES "[gap |[mem %b-%i]%k|[%B, %I]%k|%B - %E%k"

/*
 * Linux prints a table under other names, too, which it made itself: "user:", "modified:", "reserve
 * setup_data:". They are not here, so they are passed over.
 */
static const struct form forms[] = {
    {"entry base=", "%b bytes=%l type=%w", true},
    {"region base=", "%b end=%e bytes=%n kind=%w|%b end=%e kind=%w", true},
    /* Linux, arch/x86/kernel/e820.c; the last one: with what the loader's table had no room for */
    {"BIOS-e820:", RANGES, true},
    {"BIOS-e801:", RANGES, true},
    {"BIOS-88:", RANGES, true},
    {"extended:", SURE_RANGES, false},
    {"Xen:", SURE_RANGES, false}, /* Linux, arch/x86/xen/setup.c */
    {xen, SURE_RANGES, false}, /* xen/arch/x86/e820.c, maybe behind a time */
    /* FreeBSD, sys/amd64/amd64/machdep.c and stand/i386/libi386/biossmap.c */
    {"SMAP type=", "%x base=%b len=%l|%x base=%b %b len=%l %l", true},
    {"addr", "%b size %l type %x", false}, /* NetBSD, sys/arch/x86/x86/x86_machdep.c */
    /* OpenBSD, sys/arch/amd64/stand/libsa/memprobe.c */
    {"Region", "%n: type %t at %b for %zKB", false},
    {"pm", "%f - %g", false}, /* memtest86+ 6, app/main.c, with its option trace */
};

/* Numbers without marks, in a text that is no log. */
static const struct form plain = {"", RANGES "|%b %l %k", true};

static enum map_event try_patterns(const struct form *form, struct map_line *line,
                                   struct piece text)
{
    const char *pattern = form->patterns;
    while (*pattern) {
        struct match match = {.line = line};
        line->note = NULL;
        if (fits(&match, pattern, text) && (form->is_sure || !line->note))
            return make_entry(&match);
        while (*pattern && *pattern++ != '|')
            ;
    }
    return form->is_sure ? refuse(line, "is not an entry: base, length and type", text) : MAP_END;
}

/* What stands behind the mark; of a form that is not sure, behind any word there. */
static enum map_event read_form(const struct form *form, struct map_line *line, struct piece text)
{
    enum map_event event;
    do {
        text = piece_trim(text);
        event = try_patterns(form, line, text);
        piece_take_word(&text);
    } while (event == MAP_END && !form->is_sure && piece_length(text) > 0);
    return event;
}

static struct piece without_comment(struct piece text)
{
    for (const char *at = text.at; at < text.end; at++)
        if (*at == '#')
            text.end = at;
    return text;
}

/* A # before the mark is part of what others print there, if it does not begin the line. */
enum map_event map_line_read_log(struct map_line *line, struct piece text, enum map_tables tables)
{
    struct piece behind;
    enum map_event event = MAP_END;
    bool is_comment = piece_take(&text, "#");
    for (size_t i = 0; !is_comment && event == MAP_END && i < sizeof forms / sizeof *forms; i++)
        if ((forms[i].mark == xen || tables == MAP_TABLES_ALL) &&
            piece_find(text, forms[i].mark, &behind))
            event = read_form(&forms[i], line, without_comment(behind));
    return event;
}

/* xen/arch/x86/e820.c and xen/arch/x86/hvm/dom0_build.c */
bool map_line_heads_table(struct piece text, bool *is_guests)
{
    struct piece rest;
    struct piece unused;
    if (!piece_find(text, xen, &rest))
        return false;
    bool heads_guests = piece_find(rest, "Dom0 memory map:", &unused);
    if (!heads_guests && !piece_find(rest, "RAM map:", &unused))
        return false;
    *is_guests = heads_guests;
    return true;
}

enum map_event map_line_read_plain(struct map_line *line, struct piece text)
{
    text = piece_trim(without_comment(text));
    return piece_length(text) > 0 ? read_form(&plain, line, text) : MAP_END;
}
