// The native view of a thread that reads its own ring a second time.
#include "core/thread_reader.h"

#include <doctest/doctest.h>

#include "support/read_words.h"

namespace metrics_runtime::test {

TEST_CASE("thread reader: holds what was published since it began and is not handled") {
  ReadWords read;
  read.Publish(3);
  read.reader.Open();
  CHECK(read.native.Held() == 0);
  read.Publish(5);
  CHECK(read.native.Held() == 5);
  REQUIRE(read.reader.Take());
  REQUIRE(read.reader.Take());
  CHECK(read.native.Held() == 5);  // taken, and not handled yet
  read.reader.Release();
  CHECK(read.native.Held() == 3);
  CHECK(read.reader.Handle() == 3);
  CHECK(read.native.Held() == 0);
  CHECK(read.native.undelivered() == 0);
}

TEST_CASE("thread reader: where nobody reads nothing is held and nothing retired") {
  ReadWords read;
  read.Publish(5);
  CHECK(read.native.Held() == 0);
  read.native.Retire();
  CHECK(read.taken_word() == 0);
  read.reader.Open();
  read.Publish(3);
  REQUIRE(read.reader.Take());
  read.reader.Close();
  CHECK(read.native.Held() == 0);
  read.native.Retire();
  CHECK(read.taken_word() == 6);
  CHECK(read.native.undelivered() == 0);
}

TEST_CASE("thread reader: retired it counts what was not taken once and takes nothing more") {
  ReadWords read;
  read.reader.Open();
  read.Publish(7);
  CHECK(read.reader.Handle(2) == 2);
  REQUIRE(read.reader.Take());  // and not handled: no less taken for that
  CHECK_FALSE(read.reader.retired());
  read.native.Retire();
  CHECK(read.native.undelivered() == 4);
  CHECK(read.native.Held() == 0);
  CHECK(read.reader.retired());
  CHECK_FALSE(read.reader.Take());
  read.Publish(1);
  read.reader.Release();
  read.native.Retire();
  CHECK(read.native.undelivered() == 4);
  CHECK(read.native.Held() == 0);
  CHECK_FALSE(read.reader.Take());
}

TEST_CASE("thread reader: retired with everything taken it has nothing undelivered") {
  ReadWords read;
  read.reader.Open();
  read.native.Retire();
  CHECK(read.reader.retired());
  CHECK(read.native.undelivered() == 0);
  read.reader.Open();
  read.Publish(2);
  REQUIRE(read.reader.Take());
  REQUIRE(read.reader.Take());
  CHECK(read.native.Held() == 2);
  read.native.Retire();
  CHECK(read.native.undelivered() == 0);
}

TEST_CASE("thread reader: opened again after it was retired it counts on") {
  ReadWords read;
  for (uint32_t round = 1; round <= 3; ++round) {
    read.reader.Open();
    CHECK_FALSE(read.reader.retired());
    read.Publish(3);
    CHECK(read.native.Held() == 3);
    CHECK(read.reader.Handle(1) == 1);
    read.native.Retire();
    CHECK(read.native.undelivered() == 2 * round);
    read.Publish(2);  // before the thread has noticed
    read.reader.Close();
  }
}

TEST_CASE("thread reader: withholds events and gives them free again") {
  ReadWords read;
  CHECK_FALSE(read.reader.withheld());
  read.native.Withhold(true);
  CHECK(read.reader.withheld());
  CHECK(read.producer.WordAt(RingLayout::kWithheldOffset) == 1);
  read.native.Withhold(false);
  CHECK_FALSE(read.reader.withheld());
}

}  // namespace metrics_runtime::test
