// Random jobs on the pool, with pauses and forks between them: every chunk runs exactly once.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "pool.hpp"

struct Job {
  std::vector<long> runs;
  long work;
};

static long unguarded = 0;  // of a planted race, which changes nothing else

static void chunk(void* context, long i) {
  Job& job = *static_cast<Job*>(context);
  volatile double x = 1;
  for (long k = 0; k < job.work; ++k) x = x * 1.0001;
#ifdef PLANTED
  unguarded += 1;
#endif
  job.runs[i] += 1;
}

static bool once(long count, int threads, long work) {
  Job job{std::vector<long>(count, 0), work};
  fastact::pool().run(count, threads, chunk, &job);
  for (long runs : job.runs)
    if (runs != 1) return false;
  return true;
}

int main(int, char** arguments) {
  unsigned seed = std::atoi(arguments[1]);
  const int jobs = std::atoi(arguments[2]), forks = std::atoi(arguments[3]);
  for (int j = 0; j < jobs; ++j) {
    const long count = 1 + rand_r(&seed) % 60, work = rand_r(&seed) % 3000;
    if (!once(count, 1 + rand_r(&seed) % 6, work)) return std::puts("not each chunk once"), 1;
    if (rand_r(&seed) % 20 == 0) usleep(rand_r(&seed) % 200);
    if (forks == 0 || j % (jobs / forks) != 0) continue;
    const pid_t child = fork();
    if (child == 0) _exit(once(40, 4, 100) ? 0 : 1);
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) return std::puts("a child failed"), 1;
  }
  std::puts("well");
}
