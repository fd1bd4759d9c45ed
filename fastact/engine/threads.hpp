// How many threads a job may use: process-wide, or as the calling thread's context says.
#pragma once

#include <atomic>

namespace fastact {

inline std::atomic<int> process_threads{1};
inline thread_local int context_threads = 0;  // 0: as the process says

inline int thread_count() {
  return context_threads > 0 ? context_threads : process_threads.load(std::memory_order_relaxed);
}

// By this symbol threadpoolctl tells the library from others that are called _engine.
extern "C" __attribute__((visibility("default"))) int fastact_process_threads() {
  return process_threads.load(std::memory_order_relaxed);
}

}  // namespace fastact
