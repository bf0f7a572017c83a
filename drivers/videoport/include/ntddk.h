#ifndef NTDDK_H
#define NTDDK_H

/* What drivers of any class include: the kernel's functions, and NT's types for buses. */

#include "devioctl.h"
#include "miniport.h"
#include "ntdef.h"
#include "wdm.h"

#endif
