#include "runtime/current_thread.h"

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <thread>

namespace metrics_runtime::test {

TEST_CASE("thread name: fits when it has 15 bytes or fewer") {
  for (const char* name : {"", "a", "exactly-15-byte", "äöüäöüä"}) {
    CHECK(FitThreadName(name) == name);
  }
}

TEST_CASE("thread name: is cut to 15 bytes") {
  CHECK(FitThreadName("exactly-16-bytes") == "exactly-16-byte");
  CHECK(FitThreadName(std::string(1000, 'x')) == std::string(15, 'x'));
}

TEST_CASE("thread name: is cut between characters of every length and never inside one") {
  // The character begins at byte 12, 13 or 14 and would end behind byte 15.
  CHECK(FitThreadName("12345678901234ä") == "12345678901234");
  CHECK(FitThreadName("1234567890123€") == "1234567890123");
  CHECK(FitThreadName("12345678901234€") == "12345678901234");
  CHECK(FitThreadName("123456789012😀") == "123456789012");
  CHECK(FitThreadName("1234567890123😀") == "1234567890123");
  CHECK(FitThreadName("12345678901234😀") == "12345678901234");
}

TEST_CASE("thread name: keeps a character that ends with byte 15") {
  CHECK(FitThreadName("1234567890123ä and more") == "1234567890123ä");
  CHECK(FitThreadName("123456789012€ and more") == "123456789012€");
  CHECK(FitThreadName("12345678901😀 and more") == "12345678901😀");
}

TEST_CASE("thread name: of bytes that are no UTF-8 nothing is read beyond the begin") {
  CHECK(FitThreadName(std::string(20, '\x80')).empty());
}

#if defined(__linux__)
TEST_CASE("current thread: is known to the system by its name and its number") {
  std::string name;
  std::thread([&] {
    NameCurrentThread(FitThreadName("document-storage-ä"));
    std::ifstream file("/proc/self/task/" + std::to_string(CurrentThreadId()) + "/comm");
    std::getline(file, name);
  }).join();
  CHECK(name == "document-storag");
}
#endif

TEST_CASE("current thread: each has a number of its own") {
  uint64_t other = 0;
  std::thread([&] { other = CurrentThreadId(); }).join();
  CHECK(other != 0);
  CHECK(CurrentThreadId() != 0);
  CHECK(other != CurrentThreadId());
  CHECK(CurrentThreadId() == CurrentThreadId());
}

}  // namespace metrics_runtime::test
