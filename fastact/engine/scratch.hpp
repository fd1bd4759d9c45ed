// Memory for tiles, off the stack: a Python thread may have been given a small one.
#pragma once

#include <cstdlib>

namespace fastact {

// Scratch that a thread keeps: tiles are a fixed size, so it does not grow with the input.
inline void* thread_scratch(size_t bytes) {
  struct Memory {
    void* p = nullptr;
    size_t size = 0;
    ~Memory() { std::free(p); }
  };
  static thread_local Memory memory;
  if (memory.size < bytes) {
    std::free(memory.p);
    memory.size = (bytes + 63) / 64 * 64;
    memory.p = std::aligned_alloc(64, memory.size);
    if (memory.p == nullptr) memory.size = 0;
  }
  return memory.p;
}

}  // namespace fastact
