/* A request of the driver's own, whose number is one folder up. */

#include "../Numbers.H"

#define IOCTL_OLD_PRIVATE                                                                          \
    CTL_CODE(FILE_DEVICE_VIDEO, OLD_FUNCTION, METHOD_BUFFERED, FILE_ANY_ACCESS)
