#include "tables.h"

const engram_kernel_table *engram_kernels_named(const char *name) {
  if (strcmp(name, "scalar") == 0) return &engram_table_scalar;
#if defined(__x86_64__)
  if (strcmp(name, "avx2") == 0 && engram_cpu_has_avx2()) return &engram_table_avx2;
  if (strcmp(name, "avx512") == 0 && engram_cpu_has_avx512()) return &engram_table_avx512;
  if (strcmp(name, "avx512vnni") == 0 && engram_cpu_has_avx512_vnni())
    return &engram_table_avx512vnni;
#endif
#if defined(__aarch64__)
  if (strcmp(name, "neon") == 0) return &engram_table_neon;
#endif
  return NULL;
}

const engram_kernel_table *engram_kernels_best(void) {
  static const char *const fastest_first[] = {"avx512vnni", "avx512", "avx2", "neon"};
  for (size_t i = 0; i < sizeof fastest_first / sizeof *fastest_first; i++) {
    const engram_kernel_table *table = engram_kernels_named(fastest_first[i]);
    if (table) return table;
  }
  return &engram_table_scalar;
}
