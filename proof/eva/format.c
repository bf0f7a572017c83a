/*
 * Texts are made of any field, any number and any short format, into buffers of 0 to ROOM bytes.
 * Loops are unrolled as often as they can turn, so that Eva keeps the rounds apart.
 */

#include "kernel/lib/format.c"
#include "any.h"

#define ROOM 12
#define TEXT_BYTES 8
#define FORMAT_LENGTH 4
#define EIGHT(value) value, value, value, value, value, value, value, value

static char room[ROOM];
static char text[TEXT_BYTES];

/* Not one byte can be written behind the end of the buffer. */
static struct output any_output(size_t length)
{
    return (struct output){room + ROOM - length, length, any_up_to(SIZE_MAX)};
}

static struct field any_field(unsigned character_bytes)
{
    return (struct field){
        .left = any_up_to(1),
        .zeros = any_up_to(1),
        .alternate = any_up_to(1),
        .plus = any_int(),
        .width = any_up_to(SIZE_MAX),
        .precision = any_up_to(SIZE_MAX),
        .long_count = any_int(),
        .short_count = any_int(),
        .character_bytes = character_bytes,
    };
}

/* A text of any length, with or without an end behind it. */
static const char *any_text(size_t length, bool has_end)
{
    for (size_t i = 0; i < TEXT_BYTES; i++)
        text[i] = (char)any_int();
    if (has_end)
        text[TEXT_BYTES - 2] = text[TEXT_BYTES - 1] = '\0';
    return text + TEXT_BYTES - length;
}

static void prove_numbers(void)
{
    //@ loop unroll ROOM + 1;
    for (size_t i = 0; i <= ROOM; i++) {
        struct output output = any_output(i);
        struct field field = any_field(1);
        put_number(&output, &field, any64(), 10, (char)any_int());
        put_number(&output, &field, any64(), 16, (char)any_int());
    }
}

static void prove_strings(void)
{
    //@ loop unroll TEXT_BYTES + 1;
    for (uint16_t i = 0; i <= TEXT_BYTES; i++) {
        struct output output = any_output(ROOM);
        //@ loop unroll 2;
        for (unsigned character_bytes = 1; character_bytes <= 2; character_bytes++) {
            struct field field = any_field(character_bytes);
            bool is_whole = i >= 2 && i % character_bytes == 0;
            put_string(&output, &field, is_whole ? any_text(i, true) : NULL);
            struct counted string = {i, i, any_text(i, false)};
            put_counted(&output, &field, any_int() ? &string : NULL);
        }
    }
}

static void convert(char letter, ...)
{
    struct output output = any_output(ROOM);
    struct field field = any_field(1);
    va_list arguments;
    va_start(arguments, letter);
    put_conversion(&output, letter, &field, &arguments);
    va_end(arguments);
}

static void prove_conversions(void)
{
    struct counted string = {TEXT_BYTES, TEXT_BYTES, any_text(TEXT_BYTES, false)};
    static const char numbers[] = "diuxXpc?";
    //@ loop unroll 9;
    for (size_t i = 0; i < sizeof numbers; i++)
        convert(numbers[i], any64());
    convert('Z', &string);
    any_text(TEXT_BYTES, true);
    convert('s', any_int() ? text : NULL);
    convert('S', any_int() ? text : NULL);
}

/* What stands between % and the letter, in all orders, with arguments enough. */
static void prove_lists(void)
{
    static const char letters[] = "-0#+ .*95whlzjI64c%?";
    //@ loop unroll FORMAT_LENGTH;
    for (size_t i = 0; i < FORMAT_LENGTH; i++)
        text[i] = letters[any_up_to(sizeof letters - 1)];
    text[FORMAT_LENGTH] = '\0';
    format_text(room, any_int() ? ROOM : 1, text, EIGHT(any_int()));
    format_text(NULL, 0, text, EIGHT(any_int()));
}

static void prove_amounts(void)
{
    char amount[FORMAT_BYTES_MAX];
    format_bytes(amount, any64());
    char whole[FORMAT_SHORT_MAX];
    static char name[FORMAT_SHORT_MAX + 2];
    name[any_up_to(FORMAT_SHORT_MAX)] = 'n';
    format_short(whole, name);
}

void prove_format(void)
{
    prove_numbers();
    prove_strings();
    prove_conversions();
    prove_lists();
    prove_amounts();
}
