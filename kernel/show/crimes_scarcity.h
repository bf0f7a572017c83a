#ifndef KERNEL_CRIMES_SCARCITY_H
#define KERNEL_CRIMES_SCARCITY_H

/* Two ways to be refused memory: when it is gone, and when it is there in pieces. */

void crimes_commit_exhaustion(void);
void crimes_commit_fragmentation(void);

#endif
