#include "engram_kernels.h"

#if defined(__x86_64__)
#include <cpuid.h>

// The operating system must save the wider registers (XCR0), or a context switch would lose them.
static uint64_t enabled_state(void) {
  uint32_t eax, edx, a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) return 0;
  __asm__ volatile("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
  return ((uint64_t)edx << 32) | eax;
}

int engram_cpu_has_avx2(void) {
  uint32_t a, b, c, d;
  if ((enabled_state() & 0x6) != 0x6) return 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_FMA)) return 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  return (b & bit_AVX2) != 0;
}

int engram_cpu_has_avx512(void) {
  uint32_t a, b, c, d;
  if (!engram_cpu_has_avx2() || (enabled_state() & 0xe6) != 0xe6) return 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  const uint32_t needed = bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL;
  return (b & needed) == needed;
}

int engram_cpu_has_avx512_vnni(void) {
  uint32_t a, b, c, d;
  if (!engram_cpu_has_avx512()) return 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  return (c & bit_AVX512VNNI) != 0;
}
#else
int engram_cpu_has_avx512_vnni(void) { return 0; }
int engram_cpu_has_avx2(void) { return 0; }
int engram_cpu_has_avx512(void) { return 0; }
#endif
