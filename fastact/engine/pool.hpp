// A pool of threads that runs one job at a time.
//
// Chunks are claimed from one atomic ticket, the caller first: a worker that wakes late finds fewer
// chunks left and nobody waits for one that has not begun. (Waking a sleeping thread costs 25 to
// 35 us; handing work to a spinning one under 1 us.) Not OpenMP: libgomp hangs in a forked child
// and clashes with the copies that other packages bring.
#pragma once

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <time.h>

#include <atomic>
#include <cstdint>

#include "fpenv.hpp"

namespace fastact {

inline void relax() {
#if defined(__SSE2__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

inline int64_t now_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return int64_t(t.tv_sec) * 1000000000 + t.tv_nsec;
}

class Pool {
 public:
  typedef void (*Chunk)(void* context, long index);

  static constexpr int MAX_THREADS = 1024;
  // A worker spins this long after its last chunk, then sleeps at no cost.
  static constexpr int64_t SPIN_NS = 50000;
  // Work for one thread that is done as soon without a worker that must be woken for it.
  static constexpr int64_t WAKE_NS = 40000;

  // Runs chunk(context, 0 .. count-1) on the caller and up to threads-1 workers. When the pool is
  // busy (another Python thread uses it) the caller runs everything alone.
  void run(long count, int threads, Chunk chunk, void* context) {
    if (threads > MAX_THREADS) threads = MAX_THREADS;
    if (threads > count) threads = static_cast<int>(count);
    if (threads < 2 || pthread_mutex_trylock(&busy_) != 0) {
      for (long i = 0; i < count; ++i) chunk(context, i);
      return;
    }
    grow(threads - 1);
    chunk_ = chunk;
    context_ = context;
    count_ = static_cast<uint32_t>(count);
    fp_ = fp_state();
    finished_.store(0, std::memory_order_relaxed);
    limit_.store(threads - 1, std::memory_order_relaxed);
    const uint64_t generation = (ticket_.load(std::memory_order_relaxed) >> 32) + 1;
    ticket_.store(generation << 32 | count_, std::memory_order_seq_cst);
    if (asleep_.load(std::memory_order_seq_cst) > 0 && pays_to_wake()) {
      pthread_mutex_lock(&sleep_);
      pthread_cond_broadcast(&wake_);
      pthread_mutex_unlock(&sleep_);
    }
    work();
    // Chunks still running were begun by a worker; the wait is at most one chunk long.
    for (int spins = 0; finished_.load(std::memory_order_acquire) != count_; ++spins) {
      relax();
      if (spins > 4096) sched_yield();
    }
    ended_ = now_ns();
    pthread_mutex_unlock(&busy_);
  }

  // fork(): a child has no workers to miss if there are none when it is made.
  void before_fork() {
    pthread_mutex_lock(&busy_);
    pthread_mutex_lock(&sleep_);
    stop_.store(true);
    pthread_cond_broadcast(&wake_);
    pthread_mutex_unlock(&sleep_);
    for (int i = 0; i < workers_; ++i) pthread_join(threads_[i], nullptr);
    workers_ = 0;
    stop_.store(false);
  }

  void after_fork() { pthread_mutex_unlock(&busy_); }

 private:
  // ticket: generation << 32 | chunks left. The generation makes a late worker's claim of an old
  // job fail; once a claim succeeds the job cannot end before that chunk has run, so the fields
  // that describe it are stable.
  bool claim(long* index) {
    uint64_t ticket = ticket_.load(std::memory_order_acquire);
    while (static_cast<uint32_t>(ticket) != 0) {
      if (ticket_.compare_exchange_weak(ticket, ticket - 1, std::memory_order_acq_rel,
                                        std::memory_order_acquire)) {
        *index = static_cast<long>(count_ - static_cast<uint32_t>(ticket));
        return true;
      }
    }
    return false;
  }

  // Jobs that follow one another find the workers awake from the second on. After a pause the first
  // chunk tells how long the others would take.
  bool pays_to_wake() {
    const int64_t begin = now_ns();
    long index;
    if (begin - ended_ < SPIN_NS || !claim(&index)) return true;
    chunk_(context_, index);
    finished_.fetch_add(1, std::memory_order_release);
    return (now_ns() - begin) * (count_ - 1) > WAKE_NS;
  }

  void work() {
    long index;
    while (claim(&index)) {
      chunk_(context_, index);
      finished_.fetch_add(1, std::memory_order_release);
    }
  }

  bool pending(int rank) const {
    return static_cast<uint32_t>(ticket_.load(std::memory_order_seq_cst)) != 0 &&
           rank < limit_.load(std::memory_order_relaxed);
  }

  // A worker claims under the caller's floating point control bits and restores its own.
  void work_as_worker() {
    long index;
    while (claim(&index)) {
      {
        FpGuard guard(fp_);
        chunk_(context_, index);
      }
      finished_.fetch_add(1, std::memory_order_release);
    }
  }

  void loop(int rank) {
    int64_t idle_since = now_ns();
    for (;;) {
      if (stop_.load(std::memory_order_relaxed)) return;
      if (pending(rank)) {
        work_as_worker();
        idle_since = now_ns();
      }
      for (int i = 0; i < 32 && !pending(rank); ++i) relax();
      if (pending(rank) || now_ns() - idle_since < SPIN_NS) continue;
      pthread_mutex_lock(&sleep_);
      asleep_.fetch_add(1, std::memory_order_seq_cst);
      while (!pending(rank) && !stop_.load()) pthread_cond_wait(&wake_, &sleep_);
      asleep_.fetch_sub(1, std::memory_order_seq_cst);
      pthread_mutex_unlock(&sleep_);
    }
  }

  struct Start {
    Pool* pool;
    int rank;
  };

  static void* entry(void* argument) {
    Start start = *static_cast<Start*>(argument);
    delete static_cast<Start*>(argument);
    start.pool->loop(start.rank);
    return nullptr;
  }

  // Workers block all signals but faults: Python wants its handlers on the main thread.
  void grow(int wanted) {
    if (workers_ >= wanted) return;
    sigset_t blocked, before;
    sigfillset(&blocked);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigdelset(&blocked, fault);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 1 << 20);  // musl would give 128 KiB
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    while (workers_ < wanted) {
      Start* start = new Start{this, workers_};
      if (pthread_create(&threads_[workers_], &attributes, entry, start) != 0) {
        delete start;  // no more threads to be had: those there are do the work
        break;
      }
      ++workers_;
    }
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  pthread_mutex_t busy_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_t sleep_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t wake_ = PTHREAD_COND_INITIALIZER;
  pthread_t threads_[MAX_THREADS];
  int workers_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int> asleep_{0};
  std::atomic<int> limit_{0};
  alignas(64) std::atomic<uint64_t> ticket_{0};
  alignas(64) std::atomic<uint32_t> finished_{0};
  Chunk chunk_ = nullptr;
  void* context_ = nullptr;
  uint32_t count_ = 0;
  int64_t ended_ = 0;  // when the last job did
  FpState fp_{};
};

// Never destroyed: a static destructor would run while workers still sleep on its members.
inline Pool& pool() {
  static Pool* instance = [] {
    Pool* made = new Pool;
    pthread_atfork([] { pool().before_fork(); }, [] { pool().after_fork(); },
                   [] { pool().after_fork(); });
    return made;
  }();
  return *instance;
}

}  // namespace fastact
