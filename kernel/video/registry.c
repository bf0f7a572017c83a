/* A later value of the same name counts: the video port sets them in their order. */

#include "registry.h"

#include "kernel/lib/parse.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"

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

/* The text with 16 bits a character, behind its end a 0. */
static void add_text(struct registry *registry, struct videoport_parameter *value, const char *text)
{
    uint16_t *wide = registry->texts[registry->text_count++];
    size_t length = strlen(text);
    for (size_t i = 0; i <= length; i++)
        wide[i] = (unsigned char)text[i];
    value->data = wide;
    value->data_bytes = (uint32_t)((length + 1) * sizeof wide[0]);
}

bool registry_add(struct registry *registry, const char *word)
{
    size_t length = 0;
    while (word[length] && word[length] != '=')
        length++;
    if (length == 0 || word[length] != '=')
        return refuse(word, "it has the form KEY=VALUE");
    if (length > VIDEOPORT_VALUE_NAME_MAX || registry->count == VIDEOPORT_VALUE_COUNT_MAX)
        return refuse(word, "names have at most 47 characters, and a driver has at most 16");
    struct videoport_parameter *value = &registry->values[registry->count];
    char *name = registry->names[registry->count];
    const char *text = word + length + 1;
    memcpy(name, word, length);
    name[length] = '\0';
    *value = (struct videoport_parameter){.name = name};
    if (parse_number(text, &value->value) != PARSE_OK) {
        if (strlen(text) > REGISTRY_TEXT_MAX || registry->text_count == REGISTRY_TEXTS_MAX)
            return refuse(word, "texts have at most 63 characters, and a driver has at most 4");
        add_text(registry, value, text);
    }
    registry->count++;
    return true;
}

void registry_open(struct registry *registry, const char *driver)
{
    size_t length = strlen(driver);
    memset(registry, 0, sizeof *registry);
    for (size_t i = 0; i < boot_word_count; i++)
        if (strncmp(boot_words[i], driver, length) == 0 && boot_words[i][length] == '.')
            registry_add(registry, boot_words[i] + length + 1);
}
