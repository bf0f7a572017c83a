/* The texts of refusals. */

#include "any.h"
#include "mm/status.c"

/* Every status, also one that does not exist, has a text that is not empty. */
void prove_text(void)
{
    const char *text = mm_status_text((enum mm_status)any32());
    claim(text);
    claim(text[0] != '\0');
    REACHED();
}
