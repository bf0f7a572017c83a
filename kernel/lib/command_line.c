/* Cuts a command line into words. Ends are found first: a word with an open quote is left as is. */

#include "command_line.h"

#include "parse.h"

/* A backslash that takes the meaning of what stands behind it. */
static bool is_escape(const char *at)
{
    return at[0] == '\\' && (at[1] == '\\' || at[1] == '\'' || at[1] == '"');
}

/* The end of what begins there, blanks included if all is wanted. False if a quote stays open. */
static bool find_end(char *at, bool takes_all, char **end)
{
    bool is_open = false;
    for (; *at && (is_open || takes_all || !parse_is_blank(*at)); at++)
        if (*at == '"')
            is_open = !is_open;
        else if (is_escape(at))
            at++;
    *end = at;
    return !is_open;
}

static void unquote(char *text, const char *end)
{
    for (const char *from = text; from < end; from++) {
        if (*from == '"')
            continue;
        if (is_escape(from))
            from++;
        *text++ = *from;
    }
    *text = '\0';
}

static bool take(char **line, bool takes_all, struct command_line_word *word)
{
    char *text = *line;
    char *end;
    while (parse_is_blank(*text))
        text++;
    if (!*text)
        return false;
    *word = (struct command_line_word){text, *text == '"', find_end(text, takes_all, &end)};
    *line = *end ? end + 1 : end;
    *end = '\0';
    if (word->is_closed)
        unquote(text, end);
    return true;
}

bool command_line_take_word(char **line, struct command_line_word *word)
{
    return take(line, false, word);
}

bool command_line_take_rest(char **line, struct command_line_word *word)
{
    return take(line, true, word);
}
