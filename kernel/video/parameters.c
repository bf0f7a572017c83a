/*
 * Hands display drivers the parameters that the command line gives them: `param=NAME.KEY=VALUE`. Of
 * two with the same name the later counts, because the video port sets them in their order.
 */

#include "drivers.h"

#include "kernel/lib/name.h"
#include "kernel/lib/parse.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"

#define VALUES_MAX 16 /* of one driver, besides the kernel's own */
#define TEXTS_MAX 4
#define TEXT_MAX 63 /* characters */

static char *const *boot_words;
static size_t boot_word_count;

static struct videoport_parameter values[VIDEOPORT_VALUE_COUNT_MAX];
static size_t value_count;
static uint64_t numbers[VALUES_MAX];
static char names[VALUES_MAX][VIDEOPORT_VALUE_NAME_MAX + 1];
static uint16_t texts[TEXTS_MAX][TEXT_MAX + 1]; /* as NT has them */
static size_t text_count;

void registry_init(char *const *words, size_t count)
{
    boot_words = words;
    boot_word_count = count;
}

static bool refuse(const char *word, const char *why)
{
    console_error("parameter \"%s\": %s", word, why);
    return false;
}

void registry_add_data(const char *name, const void *data, size_t size_bytes)
{
    values[value_count++] = (struct videoport_parameter){name, data, (uint32_t)size_bytes};
}

/* The text with 16 bits a character, behind its end a 0. */
static void add_text(const char *name, const char *text)
{
    uint16_t *wide = texts[text_count++];
    size_t length = strlen(text);
    for (size_t i = 0; i <= length; i++)
        wide[i] = (unsigned char)text[i];
    registry_add_data(name, wide, (length + 1) * sizeof wide[0]);
}

bool registry_add(const char *word)
{
    size_t length = 0;
    while (word[length] && word[length] != '=')
        length++;
    if (length == 0 || word[length] != '=')
        return refuse(word, "it has the form KEY=VALUE");
    if (length > VIDEOPORT_VALUE_NAME_MAX || value_count == VALUES_MAX)
        return refuse(word, "names have at most 47 characters, and a driver has at most 16");
    char *name = names[value_count];
    uint64_t *number = &numbers[value_count];
    const char *text = word + length + 1;
    memcpy(name, word, length);
    name[length] = '\0';
    if (parse_number(text, number) == PARSE_OK)
        registry_add_data(name, number, videoport_number_bytes(*number));
    else if (strlen(text) > TEXT_MAX || text_count == TEXTS_MAX)
        return refuse(word, "texts have at most 63 characters, and a driver has at most 4");
    else
        add_text(name, text);
    return true;
}

void registry_open(const char *driver)
{
    size_t length = strlen(driver);
    value_count = 0;
    text_count = 0;
    for (size_t i = 0; i < boot_word_count; i++)
        if (name_begins(boot_words[i], driver) && boot_words[i][length] == '.')
            registry_add(boot_words[i] + length + 1);
}

struct videoport_device *registry_start(const char *driver, videoport_entry_t entry,
                                        const char **why)
{
    return videoport_start(driver, entry, values, value_count, why);
}
