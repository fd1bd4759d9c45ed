// A pool of threads that runs one job at a time.
//
// Every thread has a share of a job's chunks, the same one whenever a job of this size comes: what
// it read or wrote the last time may lie in its own caches. When that is done it takes over what
// others have not begun, so that nobody waits for a thread that wakes late. (Waking a sleeping
// thread takes 25 to 100 us; handing work to a spinning one under 1 us.) Not OpenMP: libgomp hangs
// in a forked child and clashes with the copies that other packages bring.
#pragma once

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "fpenv.hpp"
#include "processors.hpp"

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
  static constexpr int64_t WAKE_NS = 70000;
  // Work that a worker should find to be worth the 2 us that waking it takes from the caller.
  static constexpr int64_t SHARE_NS = 4000;

  // Runs chunk(context, 0 .. count-1) on the caller and up to threads-1 workers. When the pool is
  // busy (another Python thread uses it) the caller runs everything alone.
  void run(long count, int threads, Chunk chunk, void* context) {
    threads = static_cast<int>(std::min<long>(count, std::min(threads, MAX_THREADS)));
    if (threads < 2 || pthread_mutex_trylock(&busy_) != 0) {
      for (long i = 0; i < count; ++i) chunk(context, i);
      return;
    }
    // Jobs that follow one another find the workers awake from the second on. After a pause the
    // first chunks tell how long the others would take, and so how many workers are worth waking.
    const int64_t begin = now_ns();
    long done = 0;
    int64_t useful = threads - 1;
    if (begin - ended_ > SPIN_NS) {
      const int64_t least = try_chunks(begin, std::min(2L, count - 1), chunk, context, &done);
      const int64_t rest = least * (count - done);
      useful = rest < WAKE_NS ? 0 : std::min(useful, rest / SHARE_NS);
    }
    if (useful > 0) {
      publish(count, done, grow(threads), chunk, context);
      useful = std::min<int64_t>(useful, members_ - 1);
      for (int rank = 1; rank <= useful; ++rank) wake(rank);
      work(0, generation_.load(std::memory_order_relaxed), nullptr);
      // Chunks still running were begun by a worker; the wait is at most one chunk long.
      for (int spins = 0; left_.load(std::memory_order_acquire) != 0; ++spins) {
        relax();
        if (spins > 4096) sched_yield();
      }
    } else {
      while (done < count) chunk(context, done++);
    }
    ended_ = now_ns();
    pthread_mutex_unlock(&busy_);
  }

  // fork(): a child has no workers to miss if there are none when it is made.
  void before_fork() {
    pthread_mutex_lock(&busy_);
    stop_.store(true);
    for (int rank = 1; rank < members_; ++rank) wake(rank);
    for (int rank = 1; rank < members_; ++rank) pthread_join(team_[rank]->thread, nullptr);
    members_ = 0;
    stop_.store(false);
  }

  void after_fork() { pthread_mutex_unlock(&busy_); }

 private:
  // One of the threads that run a job; the first is whoever has it run.
  struct alignas(64) Member {
    // generation << 32 | chunks left of this one's share. The generation makes a late worker's
    // claim of an old job fail; once a claim succeeds the job cannot end before that chunk has run,
    // so the fields that describe it are stable.
    std::atomic<uint64_t> ticket{0};
    std::atomic<bool> asleep{false};
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t woken = PTHREAD_COND_INITIALIZER;
    pthread_t thread;
    pid_t number = 0;
    // Under the lock: has it been told to wake up, and where not?
    bool called = false;
    Detour detour;
  };

  // Runs the first chunks and returns how long the faster one took: the very first finds cold
  // caches.
  static int64_t try_chunks(int64_t begin, long count, Chunk chunk, void* context, long* done) {
    int64_t least = INT64_MAX;
    while (*done < count) {
      chunk(context, (*done)++);
      const int64_t end = now_ns();
      least = std::min(least, end - begin);
      begin = end;
    }
    return least;
  }

  // The first chunk behind the share of this rank.
  long end_of(int rank, int shares) const { return count_ * (rank + 1) / shares; }

  void publish(long count, long done, int shares, Chunk chunk, void* context) {
    chunk_ = chunk;
    context_ = context;
    count_ = count;
    fp_ = fp_state();
    processor_.store(processor(), std::memory_order_relaxed);
    left_.store(count - done, std::memory_order_relaxed);
    const uint32_t generation = generation_.load(std::memory_order_relaxed) + 1;
    for (int rank = 0; rank < shares; ++rank) {
      const long end = end_of(rank, shares);
      const long first = std::min(end, std::max(done, rank == 0 ? 0 : end_of(rank - 1, shares)));
      team_[rank]->ticket.store(uint64_t(generation) << 32 | (end - first),
                                std::memory_order_release);
    }
    shares_.store(shares, std::memory_order_release);
    generation_.store(generation, std::memory_order_seq_cst);
  }

  bool claim(int rank, int shares, uint32_t generation, long* index) {
    std::atomic<uint64_t>& place = team_[rank]->ticket;
    uint64_t ticket = place.load(std::memory_order_acquire);
    while (ticket >> 32 == generation && static_cast<uint32_t>(ticket) != 0) {
      if (place.compare_exchange_weak(ticket, ticket - 1, std::memory_order_acq_rel,
                                      std::memory_order_acquire)) {
        *index = end_of(rank, shares) - static_cast<long>(static_cast<uint32_t>(ticket));
        return true;
      }
    }
    return false;
  }

  // One's own share, then the others'. A worker claims under the caller's floating point control
  // bits and restores its own.
  void work(int rank, uint32_t generation, const FpState* fp) {
    const int shares = shares_.load(std::memory_order_acquire);
    long index;
    for (int i = 0; i < shares; ++i)
      for (const int whose = (rank + i) % shares; claim(whose, shares, generation, &index);) {
        if (fp == nullptr) {
          chunk_(context_, index);
        } else {
          FpGuard guard(*fp);
          chunk_(context_, index);
        }
        left_.fetch_sub(1, std::memory_order_release);
      }
  }

  // Is there a job after the one that was seen last, and for so many?
  bool pending(int rank, uint32_t seen) const {
    return generation_.load(std::memory_order_seq_cst) != seen &&
           rank < shares_.load(std::memory_order_acquire);
  }

  void loop(int rank, uint32_t seen) {
    Member& me = *team_[rank];
    me.number = thread_number();
    int64_t idle_since = now_ns();
    for (;;) {
      if (stop_.load(std::memory_order_relaxed)) return;
      if (pending(rank, seen)) {
        seen = generation_.load(std::memory_order_acquire);
        // Linux may wake a worker where the caller runs, and each time: the two then share one
        // processor while another is idle. (On two of a virtual machine, calls took twice the time
        // of one thread.)
        if (processor() == processor_.load(std::memory_order_relaxed) && processor() >= 0)
          crowded_.store(true, std::memory_order_relaxed);
        work(rank, seen, &fp_);
        idle_since = now_ns();
      }
      for (int i = 0; i < 32 && !pending(rank, seen); ++i) relax();
      if (pending(rank, seen) || now_ns() - idle_since < SPIN_NS) continue;
      pthread_mutex_lock(&me.lock);
      me.asleep.store(true, std::memory_order_seq_cst);
      while (!pending(rank, seen) && !stop_.load()) {
        me.called = false;  // it may have been called for a job that has ended since
        me.detour.end();
        pthread_cond_wait(&me.woken, &me.lock);
      }
      me.asleep.store(false, std::memory_order_seq_cst);
      me.detour.end();
      pthread_mutex_unlock(&me.lock);
    }
  }

  // Between its look at the job and its sleep a worker holds the lock: afterwards it is asleep, or
  // has seen the job.
  void wake(int rank) {
    Member& member = *team_[rank];
    if (!member.asleep.load(std::memory_order_seq_cst)) return;
    pthread_mutex_lock(&member.lock);
    const bool call = !member.called;
    if (call && crowded_.load(std::memory_order_relaxed))
      member.detour.begin(member.number, processor(), rank + 1);
    member.called = true;
    pthread_mutex_unlock(&member.lock);
    if (call) pthread_cond_signal(&member.woken);
  }

  struct Start {
    Pool* pool;
    int rank;
    uint32_t seen;
  };

  static void* entry(void* argument) {
    Start start = *static_cast<Start*>(argument);
    delete static_cast<Start*>(argument);
    start.pool->loop(start.rank, start.seen);
    return nullptr;
  }

  // Sees to it that there are so many, and returns how many there are of them. Workers block all
  // signals but faults: Python wants its handlers on the main thread.
  int grow(int wanted) {
    if (members_ >= wanted) return wanted;
    sigset_t blocked, before;
    sigfillset(&blocked);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigdelset(&blocked, fault);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 1 << 20);  // musl would give 128 KiB
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    while (members_ < wanted) {
      if (team_[members_] == nullptr) team_[members_] = new Member;
      Member& member = *team_[members_];
      if (members_ > 0) {
        Start* start = new Start{this, members_, generation_.load(std::memory_order_relaxed)};
        if (pthread_create(&member.thread, &attributes, entry, start) != 0) {
          delete start;  // no more threads to be had: those there are do the work
          break;
        }
      }
      ++members_;
    }
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return members_;
  }

  pthread_mutex_t busy_ = PTHREAD_MUTEX_INITIALIZER;
  Member* team_[MAX_THREADS] = {};
  int members_ = 0;
  std::atomic<bool> stop_{false};
  Chunk chunk_ = nullptr;
  void* context_ = nullptr;
  long count_ = 0;
  int64_t ended_ = 0;  // when the last job did
  FpState fp_{};
  alignas(64) std::atomic<uint32_t> generation_{0};
  std::atomic<int> shares_{0}, processor_{-1};  // the caller's
  std::atomic<bool> crowded_{false};            // must a worker be told to wake elsewhere?
  alignas(64) std::atomic<long> left_{0};
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
