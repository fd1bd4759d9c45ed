"""Which processor this is, and how many cores of it this process may use."""

import os


def usable_cores():
    """min(CPU affinity, cgroup quota, OMP_NUM_THREADS if set, physical cores)."""
    allowed = affinity()
    count = min(len(allowed), physical_cores(allowed))
    for limit in (cgroup_quota(), omp_limit()):
        if limit is not None:
            count = min(count, limit)
    return max(1, count)


def affinity():
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def physical_cores(cpus):
    """Hyperthreads of a core share its vector units: count each core once."""
    cores = set()
    for cpu in cpus:
        try:
            with open(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list") as file:
                cores.add(file.read())
        except OSError:
            return len(cpus)
    return len(cores)


def cgroup_quota():
    """The CPU time the container may use, in whole CPUs, or None."""
    try:
        with open("/sys/fs/cgroup/cpu.max") as file:
            quota, period = file.read().split()
        return None if quota == "max" else max(1, int(quota) // int(period))
    except (OSError, ValueError):
        pass
    try:
        with open("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") as file:
            quota = int(file.read())
        with open("/sys/fs/cgroup/cpu/cpu.cfs_period_us") as file:
            period = int(file.read())
        return None if quota <= 0 else max(1, quota // period)
    except (OSError, ValueError):
        return None


def omp_limit():
    """The first number of OMP_NUM_THREADS (which may list one per nesting level), or None."""
    first = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    return int(first) if first.isdecimal() and int(first) > 0 else None


def processor():
    """The processor's name, as the system tells it."""
    try:
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    import platform  # slow to import

    return platform.processor() or platform.machine()
