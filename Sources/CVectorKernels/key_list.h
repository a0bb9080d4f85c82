#pragma once
#include "engram_key_list.h"

/// The insertion that runs everywhere.
void engram_insert_keys(uint64_t *keys, engram_key_list *list, size_t capacity,
                        const uint64_t *added, size_t n);
/// With AVX-512 F.
void engram_insert_keys_avx512(uint64_t *keys, engram_key_list *list, size_t capacity,
                               const uint64_t *added, size_t n);
