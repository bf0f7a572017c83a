/*
 * Hands display drivers the values that the command line gives them: `param=NAME.KEY=VALUE`. Of two
 * with the same name the later counts.
 */

#include "drivers.h"

#include "kernel/lib/name.h"
#include "kernel/lib/parse.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"

#define VALUES_MAX 16 /* of one driver, besides the kernel's own */
#define TEXT_MAX 63 /* characters */

static char *const *boot_words;
static size_t boot_word_count;

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

/* The text with 16 bits a character, as NT has it, and behind its end a 0. */
static void set_text(struct videoport_values *values, const char *name, const char *text)
{
    uint16_t wide[TEXT_MAX + 1];
    size_t length = strlen(text);
    for (size_t i = 0; i <= length; i++)
        wide[i] = (unsigned char)text[i];
    videoport_set_value(values, name, wide, (uint32_t)((length + 1) * sizeof wide[0]));
}

bool registry_add(struct videoport_values *values, const char *word)
{
    char name[VIDEOPORT_VALUE_NAME_MAX + 1];
    uint64_t number;
    size_t length = 0;
    while (word[length] && word[length] != '=')
        length++;
    if (length == 0 || word[length] != '=')
        return refuse(word, "it has the form KEY=VALUE");
    if (length > VIDEOPORT_VALUE_NAME_MAX || values->count == VALUES_MAX)
        return refuse(word, "names have at most 47 characters, and a driver has at most 16");
    const char *text = word + length + 1;
    memcpy(name, word, length);
    name[length] = '\0';
    if (parse_number(text, &number) == PARSE_OK)
        videoport_set_number(values, name, number);
    else if (strlen(text) > TEXT_MAX)
        return refuse(word, "texts have at most 63 characters");
    else
        set_text(values, name, text);
    return true;
}

void registry_open(struct videoport_values *values, const char *driver)
{
    size_t length = strlen(driver);
    values->count = 0;
    for (size_t i = 0; i < boot_word_count; i++)
        if (name_begins(boot_words[i], driver) && boot_words[i][length] == '.')
            registry_add(values, boot_words[i] + length + 1);
}
