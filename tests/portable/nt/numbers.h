/* Functions below 2048 are Microsoft's. */

#define OLD_FUNCTION 2048
