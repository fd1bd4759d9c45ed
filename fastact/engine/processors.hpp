// Where a thread runs, and where it is not to.
#pragma once

#include <sched.h>
#include <sys/types.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace fastact {

// The processor that this thread runs on, or -1.
inline int processor() {
#if defined(__linux__)
  return sched_getcpu();
#else
  return -1;
#endif
}

// Keeps a thread off a processor until it is let back; for fewer than `least` processors not.
class Detour {
 public:
  void begin(pid_t thread, int processor, int least) {
#if defined(__linux__)
    if (on_ || processor < 0) return;
    if (sched_getaffinity(thread, sizeof allowed_, &allowed_) != 0) return;
    if (CPU_COUNT(&allowed_) < least) return;
    cpu_set_t others = allowed_;
    CPU_CLR(processor, &others);
    on_ = sched_setaffinity(thread, sizeof others, &others) == 0;
#else
    (void)thread, (void)processor, (void)least;
#endif
  }
  // Called by the thread itself.
  void end() {
#if defined(__linux__)
    if (on_) sched_setaffinity(0, sizeof allowed_, &allowed_);
    on_ = false;
#endif
  }

 private:
#if defined(__linux__)
  cpu_set_t allowed_;
#endif
  bool on_ = false;
};

inline pid_t thread_number() {
#if defined(__linux__)
  return static_cast<pid_t>(syscall(SYS_gettid));
#else
  return 0;
#endif
}

}  // namespace fastact
