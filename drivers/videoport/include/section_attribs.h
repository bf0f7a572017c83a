#ifndef SECTION_ATTRIBS_H
#define SECTION_ATTRIBS_H

/* Which section a function or a variable goes to: CODE_SEG("PAGE") before its definition. */

#define CODE_SEG(name) __attribute__((section(name), noinline))
#define DATA_SEG(name) __attribute__((section(name)))

#define INIT_FUNCTION CODE_SEG("INIT")

#endif
