// Compares every table of kernels that a machine can run with the scalar reference: the same bits where
// the header promises them, else to within rounding. Needs nothing but a C compiler, so that it runs
// where there is no Swift: aarch64.sh runs it for AArch64 on any machine.
//
// Every input ends at a page that cannot be read: a kernel that reads too far is a crash.
#define _GNU_SOURCE
#include "engram_kernels.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t state;
static long failures, checks;

static uint64_t next(void) {
  uint64_t value = state += 0x9e3779b97f4a7c15u;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

static float unit(void) { return (float)((double)(next() >> 11) / 4503599627370496.0 - 1); }

#define CHECK(condition, ...)                          \
  do {                                                 \
    checks++;                                          \
    if (!(condition) && failures++ < 20) {             \
      printf("%s:%d: ", __FILE__, __LINE__);           \
      printf(__VA_ARGS__);                             \
      printf("\n");                                    \
    }                                                  \
  } while (0)

// Memory of the kernels under test, freed all at once after a case.
static struct { void *base; size_t bytes; } blocks[64];
static size_t block_count;

static void *guarded(size_t bytes) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t room = (bytes + page - 1) / page * page + page;
  char *base = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED || block_count == sizeof blocks / sizeof *blocks ||
      mprotect(base + room - page, page, PROT_NONE) != 0) {
    perror("guarded memory");
    exit(2);
  }
  blocks[block_count].base = base;
  blocks[block_count++].bytes = room;
  return base + room - page - bytes;
}

static void release(void) {
  while (block_count > 0) {
    block_count--;
    munmap(blocks[block_count].base, blocks[block_count].bytes);
  }
}

static float *floats(size_t n) {
  float *out = guarded(n * sizeof *out);
  for (size_t i = 0; i < n; i++) out[i] = unit();
  return out;
}

static uint8_t *bytes(size_t n) {
  uint8_t *out = guarded(n);
  for (size_t i = 0; i < n; i++) out[i] = (uint8_t)next();
  return out;
}

// What `quantize_s8` gives: never -128.
static int8_t *signed_bytes(size_t n) {
  int8_t *out = guarded(n);
  for (size_t i = 0; i < n; i++) out[i] = (int8_t)((int)(next() % 255) - 127);
  return out;
}

static int same_bits(const float *a, const float *b, size_t n) {
  return n == 0 || memcmp(a, b, n * sizeof *a) == 0;
}

#define ROWS 11
static uint32_t *row_ids(void) {
  static const uint32_t ids[] = {10, 0, 3, 3, 7, 1, 9};
  uint32_t *out = guarded(sizeof ids);
  memcpy(out, ids, sizeof ids);
  return out;
}
#define IDS 7

static void float_rows(const engram_kernel_table *t, const engram_kernel_table *s, size_t d) {
  size_t stride = d + d % 3;
  const float *q = floats(d), *base = floats((ROWS - 1) * stride + d);
  for (int named = 0; named < 2; named++) {
    const uint32_t *ids = named ? row_ids() : NULL;
    size_t n = named ? IDS : ROWS;
    float *got = floats(n), *wanted = floats(n);
    for (int euclidean = 0; euclidean < 2; euclidean++) {
      (euclidean ? t->squared_euclidean_f32 : t->dot_f32)(q, base, stride, ids, n, d, got);
      (euclidean ? s->squared_euclidean_f32 : s->dot_f32)(q, base, stride, ids, n, d, wanted);
      for (size_t i = 0; i < n; i++)
        CHECK(fabsf(got[i] - wanted[i]) <= 2e-7f * sqrtf((float)d) * (float)(d + 8),
              "%s %s d=%zu: %g for %g", t->name, euclidean ? "l2" : "dot", d, got[i], wanted[i]);
    }
  }
  release();
}

static uint8_t *code_rows(size_t stride, size_t d) {
  uint8_t *rows = bytes((ROWS - 1) * stride + 8 + d);
  for (size_t i = 0; i < ROWS; i++) {
    float ab[2] = {unit(), unit()};
    memcpy(rows + i * stride, ab, sizeof ab);
  }
  return rows;
}

static void byte_rows(const engram_kernel_table *t, const engram_kernel_table *s, size_t d) {
  size_t stride = (8 + d + 63) / 64 * 64;
  const uint8_t *rows = code_rows(stride, d);
  const int8_t *u = signed_bytes(d);
  int32_t sum = 0;
  for (size_t i = 0; i < d; i++) sum += u[i];
  for (int named = 0; named < 2; named++) {
    const uint32_t *ids = named ? row_ids() : NULL;
    size_t n = named ? IDS : ROWS;
    float *got = floats(n), *wanted = floats(n);
    t->code_distance(u, sum, rows, stride, ids, n, d, 0.37f, got);
    s->code_distance(u, sum, rows, stride, ids, n, d, 0.37f, wanted);
    CHECK(same_bits(got, wanted, n), "%s codes d=%zu", t->name, d);
  }
  release();
}

static void wide_rows(const engram_kernel_table *t, const engram_kernel_table *s, size_t d) {
  size_t stride = (8 + d + 63) / 64 * 64;
  const uint8_t *rows = code_rows(stride, d);
  const int8_t *low = (const int8_t *)bytes(ROWS * d);
  const float *q = floats(d);
  for (int named = 0; named < 2; named++) {
    const uint32_t *ids = named ? row_ids() : NULL;
    size_t n = named ? IDS : ROWS;
    float *got = floats(n), *wanted = floats(n);
    for (int euclidean = 0; euclidean < 2; euclidean++) {
      float factor = 1.0f / 32768;
      (euclidean ? t->squared_euclidean_wide : t->dot_wide)(q, rows, stride, low, d, ids, n, d,
                                                            factor, got);
      (euclidean ? s->squared_euclidean_wide : s->dot_wide)(q, rows, stride, low, d, ids, n, d,
                                                            factor, wanted);
      for (size_t i = 0; i < n; i++)
        CHECK(fabsf(got[i] - wanted[i]) <= 8e-7f * sqrtf((float)d) * (float)(d + 8),
              "%s wide %s d=%zu: %g for %g", t->name, euclidean ? "l2" : "dot", d, got[i],
              wanted[i]);
    }
  }
  release();
}

static void quantizing(const engram_kernel_table *t, const engram_kernel_table *s, size_t d) {
  float *x = floats(d), *center = floats(d), *weight = floats(d);
  int8_t *got = signed_bytes(d), *wanted = signed_bytes(d);
  static const float magnitudes[] = {1, 0, 1e-42f, 1e-38f, 1e16f};
  for (size_t m = 0; m < sizeof magnitudes / sizeof *magnitudes; m++) {
    for (size_t i = 0; i < d; i++) x[i] = unit() * magnitudes[m];
    for (int form = 0; form < 4; form++) {
      const float *c = form & 1 ? center : NULL, *w = form & 2 ? weight : NULL;
      float a = t->quantize_s8(x, c, w, d, got), b = s->quantize_s8(x, c, w, d, wanted);
      CHECK(same_bits(&a, &b, 1) && memcmp(got, wanted, d) == 0, "%s quantize d=%zu of %g, form %d",
            t->name, d, magnitudes[m], form);
    }
  }
  release();
}

static void products(const engram_kernel_table *t, const engram_kernel_table *s, size_t d) {
  size_t columns = (d + 3) / 4 * 4;
  for (size_t out_blocks = 1; out_blocks <= 5; out_blocks += 2) {
    const int8_t *matrix = signed_bytes(out_blocks * 16 * columns);
    const uint8_t *x = bytes(columns);
    int32_t *got = guarded(out_blocks * 64), *wanted = guarded(out_blocks * 64);
    t->multiply_s8(matrix, x, out_blocks, columns, got);
    s->multiply_s8(matrix, x, out_blocks, columns, wanted);
    CHECK(memcmp(got, wanted, out_blocks * 64) == 0, "%s multiply d=%zu, %zu blocks", t->name,
          columns, out_blocks);
  }
  release();
}

static void selecting(const engram_kernel_table *t, const engram_kernel_table *s, size_t n) {
  float *x = floats(n);
  if (n > 3) x[n / 2] = NAN, x[n / 3] = INFINITY;
  uint32_t *places = guarded((n + 1) * 4), *expected = guarded((n + 1) * 4);
  float *values = floats(n + 1), *wanted = floats(n + 1);
  static const float thresholds[] = {0.3f, -2, 2, INFINITY};
  for (size_t k = 0; k < sizeof thresholds / sizeof *thresholds; k++) {
    size_t got = t->select_below(x, n, thresholds[k], places, values);
    size_t count = s->select_below(x, n, thresholds[k], expected, wanted);
    CHECK(got == count && memcmp(places, expected, count * 4) == 0 &&
              same_bits(values, wanted, count),
          "%s select of %zu below %g", t->name, n, thresholds[k]);
  }
  release();
}

#define SAME_PLACE(a, b) ((a) == (b) || ((a) >= count && (b) >= count))

// Keys of few different values, so that some come again, into a list that fills up and has marks set.
static void key_lists(const engram_kernel_table *t, const engram_kernel_table *s, size_t capacity) {
  size_t room = ENGRAM_KEY_LIST_ROOM(capacity) * 8;
  uint64_t *got = guarded(room), *wanted = guarded(room), *added = guarded(40 * 8);
  engram_key_list list = {0, 0, 0}, expected = list;
  uint64_t values = capacity * (1 + next() % 8);
  for (int round = 0; round < 60; round++) {
    size_t n = next() % (round % 7 == 0 ? 40 : 6);
    for (size_t i = 0; i < n; i++) added[i] = (next() % values + (next() % 50 == 0)) << 1;
    t->insert_keys(got, &list, capacity, added, n);
    s->insert_keys(wanted, &expected, capacity, added, n);
    size_t count = expected.count;
    CHECK(list.count == count && memcmp(got, wanted, count * 8) == 0, "%s keys into %zu, round %d",
          t->name, capacity, round);
    size_t first = 0;
    while (first < count && wanted[first] & 1) first++;
    size_t second = first + 1;
    while (second < count && wanted[second] & 1) second++;
    // Places past the end stand for none.
    CHECK(SAME_PLACE(list.first, first) && SAME_PLACE(list.second, second) &&
              SAME_PLACE(expected.first, first) && SAME_PLACE(expected.second, second),
          "%s places of the even in %zu, round %d", t->name, capacity, round);
    for (size_t i = 1; i < count; i++)
      CHECK((wanted[i - 1] | 1) < (wanted[i] | 1), "%s order in %zu", t->name, capacity);
    // The walk takes the first, and now and then another.
    if (first < count) got[first] |= 1, wanted[first] |= 1;
    if (count > 0 && round % 5 == 0) {
      size_t place = next() % count;
      got[place] |= 1, wanted[place] |= 1;
    }
  }
  release();
}

// Half-precision bits of a normal number of magnitude 2^-4 to 2^3, of either sign.
static uint16_t half_bits(void) {
  uint64_t r = next();
  return (uint16_t)((r & 0x8000) | (11 + (r >> 16) % 8) << 10 | (r & 0x3ff));
}

static void edges(const engram_kernel_table *t, const engram_kernel_table *s,
                  engram_edge_shape shape, size_t blocks) {
  size_t lanes = blocks * ENGRAM_EDGE_LANES;
  size_t axes = 8 * shape.groups4 + 16 * shape.groups2 + 32 * shape.groups1;
  size_t block_bytes = 64 * (size_t)(shape.groups4 + shape.groups2 + shape.groups1);
  const uint8_t *codes = bytes(blocks * block_bytes);
  uint16_t *a = guarded(lanes * 2), *b = guarded(lanes * 2);
  for (size_t i = 0; i < lanes; i++) a[i] = half_bits(), b[i] = half_bits();
  // An empty slot, and a number below the normal ones.
  a[lanes - 1] = 0x7c00;
  b[lanes / 2] = 0x0003;
  engram_edge_query q = {signed_bytes(axes), unit(), 0.8f, 0.01f, 17.5f};
  uint32_t *places = guarded(lanes * 4), *expected = guarded(lanes * 4);
  float *got = floats(lanes), *wanted = floats(lanes);
  float threshold = INFINITY;
  // What is ahead is asked for and never read: here that would be the end of the program.
  const uint8_t *ahead = (const uint8_t *)guarded(64) + 64;
  for (int round = 0; round < 3; round++) {
    size_t count = s->score_edges(&q, shape, codes, a, b, blocks, threshold, ahead, expected, wanted);
    size_t found = t->score_edges(&q, shape, codes, a, b, blocks, threshold, ahead, places, got);
    CHECK(found == count && memcmp(places, expected, count * 4) == 0 &&
              same_bits(got, wanted, count),
          "%s edges %u/%u/%u, %zu blocks below %g: %zu for %zu", t->name, shape.groups4,
          shape.groups2, shape.groups1, blocks, threshold, found, count);
    if (count > 0) threshold = wanted[count / 2];
  }
  release();
}

static void encoding(const engram_kernel_table *t, const engram_kernel_table *s, size_t n) {
  float *inverse_deviation = floats(n), *weight = floats(n), *inverse_weight = floats(n);
  float *offset = floats(n), *level_max = floats(n);
  for (size_t i = 0; i < n; i++) {
    level_max[i] = i < n / 3 ? 15 : i < n / 2 ? 3 : 1;
    offset[i] = level_max[i] / 2;
    weight[i] = 0.2f + 0.1f * fabsf(weight[i]);
    inverse_weight[i] = 1 / weight[i];
    inverse_deviation[i] = 1 / (0.7f + 0.2f * fabsf(inverse_deviation[i]));
  }
  engram_edge_axes axes = {inverse_deviation, weight, inverse_weight, offset, level_max, n};
  const float *target = floats(n), *source = floats(n);
  for (int same = 0; same < 2; same++) {
    if (same) target = source;
    uint8_t *got = bytes(n), *wanted = bytes(n);
    engram_edge_sums a, b;
    t->encode_edge(target, source, &axes, got, &a);
    s->encode_edge(target, source, &axes, wanted, &b);
    size_t different = 0;
    for (size_t i = 0; i < n; i++) {
      CHECK(got[i] <= (uint8_t)level_max[i] && abs(got[i] - wanted[i]) <= 1, "%s code of axis %zu",
            t->name, i);
      different += got[i] != wanted[i];
    }
    // Sums are taken in another order, which may tip a value that lies between two levels.
    CHECK(different <= 1 + n / 100, "%s encode n=%zu: %zu codes differ", t->name, n, different);
    float room = 1e-5f * (float)(n + 8) + 0.5f * (float)different;
    CHECK(fabsf(a.scale - b.scale) <= 1e-5f && fabsf(a.r_dot_decoded - b.r_dot_decoded) <= room &&
              fabsf(a.source_dot_decoded - b.source_dot_decoded) <= room,
          "%s encode n=%zu: sums %g %g %g for %g %g %g", t->name, n, a.scale, a.r_dot_decoded,
          a.source_dot_decoded, b.scale, b.r_dot_decoded, b.source_dot_decoded);
  }
  release();
}

// Against plain arithmetic: the scalar table has none.
static void all_pairs(const engram_kernel_table *t, size_t n, size_t k) {
  if (!t->pairwise) return;
  size_t rows = (n + ENGRAM_PAIRWISE_ROWS - 1) / ENGRAM_PAIRWISE_ROWS * ENGRAM_PAIRWISE_ROWS;
  size_t columns =
      (n + ENGRAM_PAIRWISE_COLUMNS - 1) / ENGRAM_PAIRWISE_COLUMNS * ENGRAM_PAIRWISE_COLUMNS;
  size_t room = rows > columns ? rows : columns;
  int8_t *codes = signed_bytes(rows * k);
  float *scale = floats(room), *norm = floats(room);
  int32_t *sum = guarded(room * 4);
  for (size_t i = 0; i < n; i++) {
    int32_t square = 0;
    sum[i] = 0;
    for (size_t j = 0; j < k; j++) {
      sum[i] += codes[i * k + j];
      square += codes[i * k + j] * codes[i * k + j];
    }
    norm[i] = scale[i] * scale[i] * (float)square;
  }
  uint8_t *packed = bytes(columns * k);
  engram_pairwise_pack(codes, n, k, packed);
  float *out = floats(rows * columns);
  engram_byte_rows all = {scale, norm, sum};
  t->pairwise(codes, all, n, packed, all, n, k, out, columns);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      int32_t dot = 0;
      for (size_t c = 0; c < k; c++) dot += codes[i * k + c] * codes[j * k + c];
      double expected = (double)norm[i] + norm[j] - 2.0 * scale[i] * scale[j] * dot;
      double got = out[i * columns + j];
      CHECK(got >= 0 && fabs(got - (expected > 0 ? expected : 0)) <=
                            1e-5 * ((double)norm[i] + norm[j]),
            "%s pairwise %zu x %zu: %g for %g", t->name, n, k, got, expected);
    }
  release();
}

static void checksums(void) {
  for (size_t n = 0; n <= 200; n++) {
    const uint8_t *data = bytes(n);
    uint32_t crc = ~0u, expected = ~0u;
    size_t done = engram_crc32c_words(&crc, data, n);
    CHECK(done == 0 || done == n / 8 * 8, "crc of %zu bytes did %zu", n, done);
    for (size_t i = 0; i < done; i++) {
      expected ^= data[i];
      for (int bit = 0; bit < 8; bit++)
        expected = expected & 1 ? expected >> 1 ^ 0x82f63b78u : expected >> 1;
    }
    CHECK(crc == expected, "crc of %zu bytes", n);
    release();
  }
}

static void compare(const engram_kernel_table *t, const engram_kernel_table *s) {
  static const size_t dimensions[] = {1,  2,  3,  4,  5,   7,   8,   9,   11,  15,  16,  17,
                                      19, 31, 32, 33, 47,  63,  64,  65,  100, 127, 128, 129,
                                      191, 255, 383, 384, 385, 767, 768, 1535, 1536, 1537};
  for (size_t i = 0; i < sizeof dimensions / sizeof *dimensions; i++) {
    size_t d = dimensions[i];
    float_rows(t, s, d);
    byte_rows(t, s, d);
    wide_rows(t, s, d);
    quantizing(t, s, d);
    products(t, s, d);
    selecting(t, s, d);
    encoding(t, s, d);
    all_pairs(t, d < 80 ? d : 80, (d + 3) / 4 * 4);
  }
  selecting(t, s, 0);
  for (size_t capacity = 1; capacity <= 200; capacity += 1 + capacity / 40)
    key_lists(t, s, capacity);
  static const engram_edge_shape shapes[] = {{0, 0, 1}, {2, 0, 0}, {0, 1, 0},  {2, 1, 1},
                                             {0, 3, 5}, {8, 0, 3}, {4, 12, 2}, {6, 7, 0}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    for (size_t blocks = 1; blocks <= 4; blocks++) edges(t, s, shapes[i], blocks);
}

int main(int argc, char **argv) {
  uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
  const engram_kernel_table *scalar = engram_kernels_named("scalar");
  static const char *const names[] = {"avx512vnni", "avx512", "avx2", "neon"};
  int compared = 0;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const engram_kernel_table *table = engram_kernels_named(names[i]);
    if (!table) continue;
    state = seed;
    long before = failures, checked = checks;
    compare(table, scalar);
    printf("%s against scalar, seed %llu: %ld checks, %ld failed\n", names[i],
           (unsigned long long)seed, checks - checked, failures - before);
    compared++;
  }
  checksums();
  printf("the best table here is %s; %d compared, %ld checks, %ld failed\n",
         engram_kernels_best()->name, compared, checks, failures);
  return failures > 0 || compared == 0;
}
