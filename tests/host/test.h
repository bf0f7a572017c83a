#ifndef TESTS_HOST_TEST_H
#define TESTS_HOST_TEST_H

/* cmocka wants these headers before its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
