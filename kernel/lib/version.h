#ifndef KERNEL_VERSION_H
#define KERNEL_VERSION_H

/* The name and the version of this system, as the file VERSION has it: "ashlar" and 3 numbers. */

extern const char version_text[];

#endif
