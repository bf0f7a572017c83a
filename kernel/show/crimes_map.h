#ifndef KERNEL_CRIMES_MAP_H
#define KERNEL_CRIMES_MAP_H

/* A firmware map that contradicts itself, and what is made of it. No firmware is asked. */

void crimes_commit_lying_map(void);

#endif
