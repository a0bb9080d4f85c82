#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// 1 if AVX-512 F, BW, DQ and VL can be used here: processor and operating system.
int engram_cpu_has_avx512(void);
/// 1 if AVX2 and FMA can be used here: processor and operating system.
int engram_cpu_has_avx2(void);

#ifdef __cplusplus
}
#endif
