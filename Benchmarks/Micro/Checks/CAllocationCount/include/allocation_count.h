// Counts what a thread allocates. Linked into a program it takes the place of the C library's
// allocator and passes every call on to it.
#pragma once
#include <stdint.h>

/// How often the calling thread has asked for memory so far, or -1 where calls cannot be counted: under a
/// sanitizer, which takes the same place, and on systems without glibc.
int64_t allocation_count(void);
