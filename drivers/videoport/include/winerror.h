/* The Win32 error numbers, as sources name their header that were not written for a driver kit. */

#include "dderror.h"
