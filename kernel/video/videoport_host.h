#ifndef KERNEL_VIDEOPORT_HOST_H
#define KERNEL_VIDEOPORT_HOST_H

/* Gives the video port what it needs of this kernel, before any driver starts. */
void videoport_host_init(void);

#endif
