#include "runtime/command_queue.h"

#include <doctest/doctest.h>

#include <memory>
#include <utility>
#include <vector>

namespace metrics_runtime::test {

namespace {

constexpr int kMany = 1'000'000;

std::shared_ptr<Command> Noop() {
  return std::make_shared<Command>([] {});
}

}  // namespace

TEST_CASE("command queue: gives what was pushed in that order and then nothing") {
  CommandQueue queue;
  CHECK(queue.Pop() == nullptr);
  std::vector<std::shared_ptr<Command>> commands;
  for (int i = 0; i < 5; ++i) commands.push_back(Noop());
  for (const auto& command : commands) queue.Push(command);
  for (const auto& command : commands) CHECK(queue.Pop() == command);
  CHECK(queue.Pop() == nullptr);
  CHECK(queue.Pop() == nullptr);
}

TEST_CASE("command queue: keeps the order when commands come and go in turns") {
  CommandQueue queue;
  std::vector<int> ran;
  int pushed = 0;
  const auto push = [&] {
    queue.Push(std::make_shared<Command>([&ran, number = pushed] { ran.push_back(number); }));
    ++pushed;
  };
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 3; ++i) push();
    for (int i = 0; i < 2; ++i) queue.Pop()->Run();
  }
  while (const auto command = queue.Pop()) {
    command->Run();
    if (pushed < 40) push();
  }
  REQUIRE(ran.size() == 40);
  for (int i = 0; i < 40; ++i) CHECK(ran[static_cast<size_t>(i)] == i);
}

TEST_CASE("command queue: holds a command until it is popped and no longer") {
  auto first = Noop();
  const std::weak_ptr<Command> watched = first;
  CommandQueue queue;
  queue.Push(std::move(first));
  queue.Push(Noop());
  CHECK_FALSE(watched.expired());
  (void)queue.Pop();
  CHECK(watched.expired());
}

TEST_CASE("command queue: a swap and a move take everything along") {
  CommandQueue one;
  CommandQueue other;
  const auto a = Noop();
  const auto b = Noop();
  one.Push(a);
  one.Swap(other);
  CHECK(one.Pop() == nullptr);
  other.Push(b);
  one.Push(Noop());
  CommandQueue moved(std::move(other));
  CHECK(moved.Pop() == a);
  CHECK(moved.Pop() == b);
  CHECK(moved.Pop() == nullptr);
  CHECK(one.Pop() != nullptr);
  CommandQueue empty;
  empty.Swap(one);
  empty.Push(Noop());
  CHECK(empty.Pop() != nullptr);
}

TEST_CASE("command queue: a very long one is destroyed without recursion") {
  std::weak_ptr<Command> last;
  {
    CommandQueue queue;
    for (int i = 0; i < kMany; ++i) {
      auto command = Noop();
      last = command;
      queue.Push(std::move(command));
    }
    CHECK_FALSE(last.expired());
  }
  CHECK(last.expired());
}

TEST_CASE("command queue: of a very long one the last is found after all the others") {
  CommandQueue queue;
  for (int i = 0; i < kMany; ++i) queue.Push(Noop());
  const auto last = Noop();
  queue.Push(last);
  int popped = 0;
  while (queue.Pop() != last) ++popped;
  CHECK(popped == kMany);
  CHECK(queue.Pop() == nullptr);
}

}  // namespace metrics_runtime::test
