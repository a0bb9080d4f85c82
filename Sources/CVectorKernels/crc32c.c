// CRC-32C by the processor's instruction. Not a distance, but every byte of a segment passes through it,
// and Swift has no intrinsics.
#include "engram_kernels.h"
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <nmmintrin.h>
#include <stdatomic.h>

// Asked once: in a virtual machine the question leaves it, which takes longer than the checksum of a page.
static int has_crc(void) {
  static _Atomic int known; // 0 not yet, 1 no, 2 yes; threads that race write the same
  int answer = atomic_load_explicit(&known, memory_order_relaxed);
  if (answer == 0) {
    uint32_t a, b, c, d;
    answer = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2) != 0 ? 2 : 1;
    atomic_store_explicit(&known, answer, memory_order_relaxed);
  }
  return answer == 2;
}

__attribute__((target("sse4.2"))) static uint32_t crc_of_words(uint32_t crc, const uint8_t *bytes,
                                                               size_t words) {
  uint64_t value = crc;
  for (size_t i = 0; i < words; i++) {
    uint64_t word;
    memcpy(&word, bytes + 8 * i, sizeof word);
    value = _mm_crc32_u64(value, word);
  }
  return (uint32_t)value;
}
#else
static int has_crc(void) { return 0; }
static uint32_t crc_of_words(uint32_t crc, const uint8_t *bytes, size_t words) {
  (void)bytes, (void)words;
  return crc;
}
#endif

size_t engram_crc32c_words(uint32_t *crc, const uint8_t *bytes, size_t n) {
  if (!has_crc()) return 0;
  *crc = crc_of_words(*crc, bytes, n / 8);
  return n / 8 * 8;
}
