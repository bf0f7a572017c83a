/* The annotations, as later kits name their header. */

#include "sal.h"
