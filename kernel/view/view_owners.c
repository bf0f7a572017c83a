/*
 * Chooses what each owner looks like. A style is a colour's number and, above it, a texture's. A
 * name's hash proposes a colour; from there on the one that fewest others have is taken, with a
 * texture that tells it from those. So owners look alike only if there are more than styles.
 */

#include "view_owners.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "view_format.h"

#define COLOUR_COUNT THEME_OWNER_COUNT
#define COLOUR_OTHERS COLOUR_COUNT
#define COLOUR_BAD (COLOUR_COUNT + 1)
#define COLOUR_BITS 4
#define STYLE_BAD ((uint8_t)(CANVAS_CROSS << COLOUR_BITS | COLOUR_BAD))

static const color_t colours[COLOUR_COUNT + 2] = {THEME_OWNERS, THEME_TEXT_DIM, THEME_BAD};

/*
 * On a text screen: of its sixteen colours, those in which letters can be read on black. Brown and
 * bright blue (6 and 9) are not among them, so orange and periwinkle have others. What tells owners
 * apart is the letter.
 */
static const uint8_t inks[COLOUR_COUNT + 2] = {0xB, 0x2, 0xA, 0xE, 0xC, 0xD, 0xB, 0xF, 0x7, 0xC};

static const uint8_t block_textures[] = {CANVAS_SOLID, CANVAS_STRIPES, CANVAS_DOTS};

/* What was taken at boot is hatched, so that it is known as such without knowing its owners. */
static const uint8_t boot_textures[] = {CANVAS_HATCH, CANVAS_CROSS};

void view_owners_init(struct view_owners *owners)
{
    memset(owners, 0, sizeof *owners);
    memcpy(owners->owners[0].name, "others", sizeof "others");
    owners->owners[0].style = COLOUR_OTHERS;
    owners->owners[0].letter = VIEW_OWNER_NO_LETTER;
    owners->count = 1;
}

void view_owners_reset(struct view_owners *owners)
{
    for (size_t i = 0; i < owners->count; i++)
        owners->owners[i].held_bytes = 0;
}

void view_owners_hold(struct view_owners *owners, bool is_held)
{
    if (owners->held_count > 0) {
        owners->count = owners->held_count;
        owners->last = 0;
    }
    owners->held_count = is_held ? owners->count : 0;
}

static bool owner_is(const struct view_owner *owner, const char *name, bool at_boot)
{
    return owner->at_boot == at_boot && strncmp(owner->name, name, VIEW_OWNER_NAME_MAX) == 0;
}

/* How many owners of this kind have the colour; `all` counts those of both kinds. */
static unsigned count_colour(const struct view_owners *owners, unsigned colour, bool at_boot,
                             bool all)
{
    unsigned count = 0;
    for (size_t i = 1; i < owners->count; i++) {
        const struct view_owner *owner = &owners->owners[i];
        if (owner->style % (1u << COLOUR_BITS) == colour && (all || owner->at_boot == at_boot))
            count++;
    }
    return count;
}

static uint8_t choose_style(const struct view_owners *owners, const char *name, bool at_boot)
{
    unsigned proposed = view_hash_text(VIEW_HASH_START, name) % COLOUR_COUNT;
    unsigned colour = proposed;
    if (strcmp(name, VIEW_OWNER_BAD) == 0)
        return STYLE_BAD;
    for (unsigned i = 0; i < COLOUR_COUNT; i++) {
        unsigned candidate = (proposed + i) % COLOUR_COUNT;
        if (count_colour(owners, candidate, at_boot, true) <
            count_colour(owners, colour, at_boot, true))
            colour = candidate;
    }
    unsigned others = count_colour(owners, colour, at_boot, false);
    unsigned texture = at_boot ? boot_textures[others % sizeof boot_textures]
                               : block_textures[others % sizeof block_textures];
    return (uint8_t)(texture << COLOUR_BITS | colour);
}

static char capital_of(char character)
{
    if (character >= 'a' && character <= 'z')
        return (char)(character - 'a' + 'A');
    return character;
}

static bool letter_is_free(const struct view_owners *owners, char letter)
{
    if (letter < 'A' || letter > 'Z')
        return false;
    for (size_t i = 1; i < owners->count; i++)
        if (owners->owners[i].letter == letter)
            return false;
    return true;
}

/* The first letter of the name that nobody has, else the first of the alphabet. */
static char choose_letter(const struct view_owners *owners, const char *name)
{
    if (strcmp(name, VIEW_OWNER_BAD) == 0)
        return VIEW_OWNER_BAD_LETTER;
    for (size_t i = 0; i < VIEW_OWNER_NAME_MAX && name[i] != '\0'; i++)
        if (letter_is_free(owners, capital_of(name[i])))
            return capital_of(name[i]);
    for (int letter = 'A'; letter <= 'Z'; letter++)
        if (letter_is_free(owners, (char)letter))
            return (char)letter;
    return VIEW_OWNER_NO_LETTER;
}

/* The entry that a new name takes: the next, or that of someone who holds nothing, or 0. */
static size_t find_room(struct view_owners *owners)
{
    if (owners->count < VIEW_OWNER_COUNT)
        return owners->count++;
    for (size_t i = 1; i < owners->count && owners->held_count == 0; i++)
        if (owners->owners[i].held_bytes == 0)
            return i;
    return 0;
}

static size_t enter_owner(struct view_owners *owners, const char *name, bool at_boot)
{
    uint8_t style = choose_style(owners, name, at_boot);
    size_t index = find_room(owners);
    struct view_owner *owner = &owners->owners[index];
    if (index == 0)
        return 0;
    memset(owner, 0, sizeof *owner);
    format_text(owner->name, sizeof owner->name, "%s", name);
    owner->style = style;
    owner->letter = choose_letter(owners, name);
    owner->at_boot = at_boot;
    return index;
}

static size_t find_owner(struct view_owners *owners, const char *name, bool at_boot)
{
    if (owners->last != 0 && owner_is(&owners->owners[owners->last], name, at_boot))
        return owners->last;
    for (size_t i = 1; i < owners->count; i++)
        if (owner_is(&owners->owners[i], name, at_boot))
            return i;
    return enter_owner(owners, name, at_boot);
}

size_t view_owners_add(struct view_owners *owners, const char *name, bool at_boot,
                       uint64_t held_bytes)
{
    owners->last = find_owner(owners, name, at_boot);
    owners->owners[owners->last].held_bytes += held_bytes;
    return owners->last;
}

size_t view_owners_rank(const struct view_owners *owners, uint8_t ranked[VIEW_OWNER_COUNT])
{
    size_t count = 0;
    for (size_t i = 0; i < owners->count; i++) {
        uint64_t held_bytes = owners->owners[i].held_bytes;
        size_t at = count;
        if (held_bytes == 0)
            continue;
        for (; at > 0 && owners->owners[ranked[at - 1]].held_bytes < held_bytes; at--)
            ranked[at] = ranked[at - 1];
        ranked[at] = (uint8_t)i;
        count++;
    }
    return count;
}

bool view_style_is_bad(uint8_t style)
{
    return style == STYLE_BAD;
}

color_t view_style_colour(uint8_t style)
{
    return colours[style % (1u << COLOUR_BITS)];
}

uint8_t view_style_ink(uint8_t style)
{
    return inks[style % (1u << COLOUR_BITS)];
}

void view_style_fill(struct canvas *canvas, struct canvas_rect rect, uint8_t style, unsigned shade)
{
    color_t paper = view_mix(view_style_colour(style), THEME_GROUND, shade);
    enum canvas_pattern pattern = (enum canvas_pattern)(style >> COLOUR_BITS);
    if (pattern == CANVAS_SOLID)
        canvas_fill(canvas, rect, paper);
    else
        canvas_fill_pattern(canvas, rect, pattern, view_mix(paper, THEME_GROUND, 128), paper);
}
