// How the threads of a process find each other's runtimes.
#include "runtime/shared_runtimes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/sanitizers.h"

namespace metrics_runtime::test {

namespace {

bool IsToken(const std::string& token) {
  return token.size() == 32 && token.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

TEST_CASE("shared runtimes: a token finds the runtime and what was said of it") {
  SharedRuntimes& shared = SharedRuntimes::OfProcess();
  const auto one = std::make_shared<Runtime>("one");
  const auto two = std::make_shared<Runtime>("two");
  const std::string of_one = shared.Share(one, "{\"n\": 1}");
  const std::string of_two = shared.Share(two, "");
  CHECK(shared.Find(of_one).runtime == one);
  CHECK(shared.Find(of_one).attributes == "{\"n\": 1}");
  CHECK(shared.Find(of_two).runtime == two);
  CHECK(shared.Find(of_two).attributes == "");
  CHECK(&SharedRuntimes::OfProcess() == &shared);
}

TEST_CASE("shared runtimes: every runtime has another token of 32 hexadecimal digits") {
  std::vector<std::shared_ptr<Runtime>> runtimes;
  std::set<std::string> tokens;
  for (int i = 0; i < 500; ++i) {
    runtimes.push_back(std::make_shared<Runtime>("r"));
    const std::string token = SharedRuntimes::OfProcess().Share(runtimes.back(), "");
    CHECK(IsToken(token));
    CHECK(tokens.insert(token).second);
  }
  // Each digit varies in each place: nothing of a token is fixed.
  for (size_t place = 0; place < 32; ++place) {
    std::set<char> digits;
    for (const std::string& token : tokens) digits.insert(token[place]);
    CHECK(digits.size() == 16);
  }
}

TEST_CASE("shared runtimes: a runtime has one token however often it is shared") {
  SharedRuntimes& shared = SharedRuntimes::OfProcess();
  const auto runtime = std::make_shared<Runtime>("r");
  const std::string token = shared.Share(runtime, "first");
  CHECK(shared.Share(runtime, "second") == token);
  CHECK(shared.Find(token).runtime == runtime);
  CHECK(shared.Find(token).attributes == "first");
}

TEST_CASE("shared runtimes: a token that nobody was given finds nothing") {
  SharedRuntimes& shared = SharedRuntimes::OfProcess();
  const auto runtime = std::make_shared<Runtime>("r");
  const std::string token = shared.Share(runtime, "r");
  std::string upper = token;
  std::ranges::transform(upper, upper.begin(), [](unsigned char digit) {
    return static_cast<char>(std::toupper(digit));
  });
  std::vector<std::string> others = {"", "0", token + "0", token.substr(1), std::string(32, '0')};
  if (upper != token) others.push_back(upper);
  for (const std::string& other : others) {
    CHECK(shared.Find(other).runtime == nullptr);
    CHECK(shared.Find(other).attributes == "");
  }
}

TEST_CASE("shared runtimes: sharing keeps no runtime alive and the next drops the dead ones") {
  SharedRuntimes& shared = SharedRuntimes::OfProcess();
  auto dying = std::make_shared<Runtime>("dying");
  const std::weak_ptr<Runtime> watched = dying;
  const auto living = std::make_shared<Runtime>("living");
  const std::string of_dying = shared.Share(dying, "dying");
  const std::string of_living = shared.Share(living, "living");
  dying.reset();
  CHECK(watched.expired());
  CHECK(shared.Find(of_dying).runtime == nullptr);
  const std::string next = shared.Share(living, "next");
  CHECK(shared.Find(of_dying).runtime == nullptr);
  CHECK(shared.Find(of_dying).attributes == "");  // its entry has gone
  CHECK(shared.Find(of_living).attributes == "living");
  CHECK(shared.Find(next).runtime == living);
}

TEST_CASE("shared runtimes: threads that share and find and let runtimes die see their own") {
  constexpr size_t kThreads = 4;
  const auto steps = static_cast<int>(Rounds(400));
  const auto common = std::make_shared<Runtime>("common");
  const std::string of_common = SharedRuntimes::OfProcess().Share(common, "common");
  std::vector<std::vector<std::string>> tokens(kThreads);
  std::vector<int> wrong(kThreads);
  std::vector<std::thread> threads;
  for (size_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      SharedRuntimes& shared = SharedRuntimes::OfProcess();
      for (int step = 0; step < steps; ++step) {
        auto own = std::make_shared<Runtime>("own");
        const std::string attributes = std::to_string(thread) + " " + std::to_string(step);
        tokens[thread].push_back(shared.Share(own, attributes));
        const SharedRuntimes::Entry found = shared.Find(tokens[thread].back());
        wrong[thread] += found.runtime != own || found.attributes != attributes;
        wrong[thread] += shared.Find(of_common).runtime != common;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::string> all;
  for (size_t thread = 0; thread < kThreads; ++thread) {
    CHECK(wrong[thread] == 0);
    for (const std::string& token : tokens[thread]) {
      CHECK(all.insert(token).second);
      CHECK(SharedRuntimes::OfProcess().Find(token).runtime == nullptr);
    }
  }
}

}  // namespace metrics_runtime::test
