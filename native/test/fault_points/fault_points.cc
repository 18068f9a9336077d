#include "fault_points/fault_points.h"

#include <array>
#include <atomic>
#include <thread>

namespace metrics_runtime {

namespace {

constexpr size_t kPoints = 5;
constexpr std::chrono::milliseconds kLook{1};

struct Armed {
  std::atomic<int64_t> passes{0};
  std::atomic<int64_t> failures{0};
  std::atomic<int64_t> held_until_ns{0};
};

// Any thread reads and writes; sequentially consistent throughout, since nothing here is measured.
std::array<Armed, kPoints> armed;

Armed& At(FaultPoint point) { return armed[static_cast<size_t>(point)]; }

int64_t NowNs() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

}  // namespace

bool FailsAt(FaultPoint point) noexcept {
  Armed& here = At(point);
  if (here.failures.load() <= 0) return false;
  if (here.passes.fetch_sub(1) > 0) return false;
  return here.failures.fetch_sub(1) > 0;
}

void LingerAt(FaultPoint point) noexcept {
  while (NowNs() < At(point).held_until_ns.load()) std::this_thread::sleep_for(kLook);
}

namespace test {

void FailAt(FaultPoint point, uint32_t passes, uint32_t times) noexcept {
  At(point).failures = 0;
  At(point).passes = passes;
  At(point).failures = times;
}

void HoldAt(FaultPoint point, std::chrono::milliseconds span) noexcept {
  At(point).held_until_ns =
      span.count() == 0 ? 0 : NowNs() + std::chrono::nanoseconds(span).count();
}

}  // namespace test
}  // namespace metrics_runtime
