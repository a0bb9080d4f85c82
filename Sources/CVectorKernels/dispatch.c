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

void engram_edge_pack(const uint8_t *codes, engram_edge_shape shape, size_t lane, uint8_t *block) {
  const uint32_t groups[3] = {shape.groups4, shape.groups2, shape.groups1};
  for (int kind = 0; kind < 3; kind++) {
    int width = 4 >> kind;
    for (uint32_t g = 0; g < groups[kind]; g++, block += 4 * ENGRAM_EDGE_LANES) {
      uint32_t packed = 0;
      for (int shift = 0; shift < 8; shift += width, codes += 4) {
        uint32_t four;
        memcpy(&four, codes, sizeof four);
        packed |= four << shift;
      }
      memcpy(block + 4 * lane, &packed, sizeof packed);
    }
  }
}

void engram_pairwise_pack(const int8_t *rows, size_t n, size_t k, uint8_t *out) {
  for (size_t j = 0; j < n; j++) {
    uint8_t *group = out + j / ENGRAM_PAIRWISE_COLUMNS * ENGRAM_PAIRWISE_COLUMNS * k +
                     j % ENGRAM_PAIRWISE_COLUMNS * 4;
    for (size_t i = 0; i < k; i += 4, group += ENGRAM_PAIRWISE_COLUMNS * 4) {
      uint32_t four;
      memcpy(&four, rows + j * k + i, sizeof four);
      four ^= 0x80808080u;
      memcpy(group, &four, sizeof four);
    }
  }
}
