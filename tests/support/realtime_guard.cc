// SPDX-License-Identifier: Apache-2.0
#include "support/realtime_guard.h"

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

// Stands in front of the C library's allocator and mutex, so that whatever allocates or locks
// inside a RealtimeScope is seen, in our code and in libraries alike.
namespace syrinx::support {
namespace {

std::atomic<std::uint64_t> violations{0};
std::atomic<std::size_t> heap{0};
std::atomic<std::size_t> heap_peak{0};

#if !defined(SYRINX_RT_GUARD_OFF)
void note([[maybe_unused]] const char* what) noexcept {
  if (!in_realtime_scope()) return;
  violations.fetch_add(1, std::memory_order_relaxed);
#if defined(SYRINX_RT_GUARD_ABORT)
  constexpr char kLead[] = "not real-time safe: ";
  (void)!write(STDERR_FILENO, kLead, sizeof kLead - 1);
  (void)!write(STDERR_FILENO, what, std::strlen(what));
  (void)!write(STDERR_FILENO, "\n", 1);
  std::abort();
#endif
}

void* counted(void* block) noexcept {
  if (block == nullptr) return block;
  const std::size_t size = malloc_usable_size(block);
  const std::size_t now = heap.fetch_add(size, std::memory_order_relaxed) + size;
  std::size_t most = heap_peak.load(std::memory_order_relaxed);
  while (now > most && !heap_peak.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
  }
  return block;
}
void uncount(void* block) noexcept {
  if (block != nullptr) heap.fetch_sub(malloc_usable_size(block), std::memory_order_relaxed);
}
#endif

}  // namespace

std::uint64_t realtime_violations() noexcept { return violations.load(std::memory_order_relaxed); }

bool guard_counts() noexcept {
#if defined(SYRINX_RT_GUARD_COUNT)
  return true;
#else
  return false;
#endif
}

bool heap_is_counted() noexcept {
#if defined(SYRINX_RT_GUARD_OFF)
  return false;
#else
  return true;
#endif
}
std::size_t heap_bytes() noexcept { return heap.load(std::memory_order_relaxed); }
std::size_t heap_peak_bytes() noexcept { return heap_peak.load(std::memory_order_relaxed); }
void reset_heap_peak() noexcept { heap_peak.store(heap_bytes(), std::memory_order_relaxed); }

}  // namespace syrinx::support

#if !defined(SYRINX_RT_GUARD_OFF)

namespace {
using MutexLock = int (*)(pthread_mutex_t*);
std::atomic<MutexLock> real_mutex_lock{nullptr};
}  // namespace

// glibc's own entry points, which need no look-up and so no bootstrapping.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the names are glibc's.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* block);
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

void* malloc(std::size_t size) noexcept {
  syrinx::support::note("malloc");
  return syrinx::support::counted(__libc_malloc(size));
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  syrinx::support::note("calloc");
  return syrinx::support::counted(__libc_calloc(count, size));
}
void* realloc(void* block, std::size_t size) noexcept {
  syrinx::support::note("realloc");
  syrinx::support::uncount(block);
  void* const moved = __libc_realloc(block, size);
  // Where it failed the old block is still there; of size 0 it was freed.
  syrinx::support::counted(moved == nullptr && size > 0 ? block : moved);
  return moved;
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  syrinx::support::note("aligned_alloc");
  return syrinx::support::counted(__libc_memalign(alignment, size));
}
int posix_memalign(void** out, std::size_t alignment, std::size_t size) noexcept {
  syrinx::support::note("posix_memalign");
  *out = syrinx::support::counted(__libc_memalign(alignment, size));
  return *out == nullptr ? 12 : 0;  // ENOMEM
}
void free(void* block) noexcept {
  if (block != nullptr) syrinx::support::note("free");
  syrinx::support::uncount(block);
  __libc_free(block);
}
int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  syrinx::support::note("pthread_mutex_lock");
  // Not a guarded static: its initialisation could lock, and come back here.
  MutexLock lock = real_mutex_lock.load(std::memory_order_acquire);
  if (lock == nullptr) {
    lock = reinterpret_cast<MutexLock>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
    real_mutex_lock.store(lock, std::memory_order_release);
  }
  return lock(mutex);
}
}

#endif
