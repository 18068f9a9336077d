// What the statically linked libstdc++ and libgcc of the compiler ask of glibc and an old one does
// not have, so that a published binary runs on the old one. Compiled into nothing else
// (binding.gyp: `glibc_sysroot`), and hidden there: the process has its own.

#include <dlfcn.h>
#include <link.h>
#include <sys/single_threaded.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <system_error>

namespace {

struct ObjectSearch {
  uintptr_t address;
  dl_find_object* found;
};

/// One loaded object; 1 when the address is in it, which ends the search.
int LookInto(dl_phdr_info* object, size_t, void* data) {
  const auto& search = *static_cast<const ObjectSearch*>(data);
  const ElfW(Phdr)* holds = nullptr;
  const ElfW(Phdr)* frames = nullptr;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    const uintptr_t begin = object->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_GNU_EH_FRAME) frames = &segment;
    if (segment.p_type == PT_LOAD && search.address - begin < segment.p_memsz) holds = &segment;
  }
  if (holds == nullptr || frames == nullptr) return 0;
  const auto at = [object](uintptr_t offset) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader tells addresses as numbers
    return reinterpret_cast<void*>(object->dlpi_addr + offset);
  };
  *search.found = {};
  search.found->dlfo_map_start = at(holds->p_vaddr);
  search.found->dlfo_map_end = at(holds->p_vaddr + holds->p_memsz);
  search.found->dlfo_eh_frame = at(frames->p_vaddr);
  return 1;
}

}  // namespace

extern "C" {

/// glibc 2.32. Any thread reads it, nobody writes it: false, so that reference counts are always
/// atomic.
char __libc_single_threaded = 0;

/// glibc 2.35; in which loaded object an address is, and the table of its frames: what unwinding
/// starts with. Any thread.
int _dl_find_object(void* address, dl_find_object* result) noexcept {
  ObjectSearch search{reinterpret_cast<uintptr_t>(address), result};
  return dl_iterate_phdr(LookInto, &search) == 1 ? 0 : -1;
}

/// glibc 2.25. Any thread.
int getentropy(void* buffer, size_t length) {
  auto* next = static_cast<char*>(buffer);
  while (length > 0) {
    const long got = syscall(SYS_getrandom, next, length, 0);
    if (got < 0 && errno != EINTR) return -1;
    if (got <= 0) continue;
    next += got;
    length -= static_cast<size_t>(got);
  }
  return 0;
}

/// glibc 2.36, one of the sources of std::random_device. Any thread. Of its own name here: the
/// compiler's <cstdlib> may declare `arc4random`, as a function that throws nothing.
/// @throws std::system_error where the kernel refuses (before Linux 3.17, or by a filter of system
/// calls)
uint32_t RandomWord() __asm__("arc4random");
uint32_t RandomWord() {
  uint32_t word = 0;
  if (getentropy(&word, sizeof word) != 0)
    throw std::system_error(errno, std::generic_category(), "getrandom");
  return word;
}

}  // extern "C"
