#include "runtime/operation.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace metrics_runtime::test {

namespace {

constexpr uint64_t kLongNs = 20'000'000'000;

}  // namespace

TEST_CASE("operation: a wait of nothing polls") {
  Operation operation(Operation::Name::kStart);
  CHECK(operation.name() == Operation::Name::kStart);
  CHECK_FALSE(operation.Wait(0));
  operation.Settle(std::nullopt);
  CHECK(operation.Wait(0));
  CHECK_FALSE(operation.failure().has_value());
}

TEST_CASE("operation: a wait ends with its limit and no earlier") {
  Operation operation(Operation::Name::kStop);
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(operation.Wait(20'000'000));
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(20));
}

TEST_CASE("operation: the first result stays") {
  Operation operation(Operation::Name::kStop);
  operation.Settle(Failure{.kind = Failure::Kind::kNotFound});
  operation.Settle(std::nullopt);
  REQUIRE(operation.Wait(0));
  REQUIRE(operation.failure().has_value());
  CHECK(operation.failure()->kind == Failure::Kind::kNotFound);
}

TEST_CASE("operation: all who wait get its result") {
  Operation operation(Operation::Name::kStop);
  std::atomic<int> told{0};
  std::vector<std::thread> waiters;
  for (int i = 0; i < 4; ++i) {
    waiters.emplace_back([&] {
      told += operation.Wait(kLongNs) && operation.failure()->kind == Failure::Kind::kNotFound;
    });
  }
  operation.Settle(Failure{.kind = Failure::Kind::kNotFound});
  for (auto& waiter : waiters) waiter.join();
  CHECK(told == 4);
}

}  // namespace metrics_runtime::test
