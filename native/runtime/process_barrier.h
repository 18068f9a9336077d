// The closer's half of the asymmetric barrier: when RunProcessBarrier returns, every thread of this
// process has passed a full memory barrier since it was called. So a thread that writes one word
// and then reads another needs no barrier of its own (only one for its compiler): either its write
// is visible to us, or its read comes after ours. See core/ring_protocol.h, closing.
//
// Thread-safe. Process-wide, because the system registers processes and not threads.
#pragma once

namespace metrics_runtime {

// Linux: membarrier, registered by the first call; Windows: FlushProcessWriteBuffers. False: the
// system has none (macOS), or refuses it (old kernels, sandboxes). The same for ever.
[[nodiscard]] bool HasProcessBarrier() noexcept;

// Where there is none, it does nothing: then no producer relies on it.
void RunProcessBarrier() noexcept;

}  // namespace metrics_runtime
