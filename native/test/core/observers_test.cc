#include "core/observers.h"

#include <doctest/doctest.h>

#include <vector>

namespace metrics_runtime::test {

namespace {

using Round = Observers::Round;
using Threads = std::vector<const void*>;

// Two threads that observe, and how often each was asked; one that looks.
struct TwoObservers {
  TwoObservers() {
    observers.Add(&one, [this] { ++asked_one; });
    observers.Add(&other, [this] { ++asked_other; });
  }
  Round Request() {
    return observers.Request([this] { ++changed; });
  }

  Observers observers;
  const int one = 1;
  const int other = 2;
  int asked_one = 0;
  int asked_other = 0;
  int changed = 0;
};

}  // namespace

TEST_CASE("observers: a round is pending until every one has answered it") {
  TwoObservers two;
  CHECK(two.observers.Asked(&two.one) == Observers::kNone);
  const Round round = two.Request();
  CHECK(two.asked_one == 1);
  CHECK(two.asked_other == 1);
  CHECK(two.observers.Asked(&two.one) == round);
  CHECK(two.observers.Pending(round));
  two.observers.Answer(&two.one, round);
  CHECK(two.observers.Asked(&two.one) == Observers::kNone);
  CHECK(two.observers.Pending(round));
  CHECK(two.changed == 0);
  two.observers.Answer(&two.other, round);
  CHECK_FALSE(two.observers.Pending(round));
  CHECK(two.changed == 1);
  CHECK(two.observers.LeaveOut(round).empty());
  CHECK(two.observers.failures() == 0);
}

TEST_CASE("observers: where there are none nobody is pending and nobody is told") {
  Observers observers;
  int changed = 0;
  const Round round = observers.Request([&] { ++changed; });
  CHECK_FALSE(observers.Pending(round));
  CHECK(observers.LeaveOut(round).empty());
  observers.Close();
  CHECK(changed == 0);
}

TEST_CASE("observers: an answer is for the round that it was begun for and those before") {
  TwoObservers two;
  const Round first = two.Request();
  const Round begun = two.observers.Asked(&two.one);
  const Round second = two.Request();
  two.observers.Answer(&two.one, begun);
  two.observers.Answer(&two.other, second);
  CHECK_FALSE(two.observers.Pending(first));
  CHECK(two.observers.Pending(second));
  CHECK(two.observers.Asked(&two.one) == second);
  two.observers.Answer(&two.one, second);
  CHECK_FALSE(two.observers.Pending(second));
  CHECK(two.changed == 2);
  two.observers.Answer(&two.one, first);  // an old one takes nothing back
  CHECK_FALSE(two.observers.Pending(second));
}

TEST_CASE("observers: who has not come is left out and counted and owes that round no more") {
  TwoObservers two;
  const Round round = two.Request();
  two.observers.Answer(&two.one, round);
  CHECK(two.observers.LeaveOut(round) == Threads{&two.other});
  CHECK(two.observers.failures() == 1);
  CHECK(two.observers.Asked(&two.other) == Observers::kNone);
  two.observers.Answer(&two.other, round);
  CHECK(two.changed == 0);
  const Round next = two.Request();
  CHECK(two.observers.Asked(&two.other) == next);
  CHECK(two.observers.LeaveOut(next) == Threads{&two.one, &two.other});
  CHECK(two.observers.failures() == 3);
}

TEST_CASE(
    "observers: who is inside has answered what was asked before and is not asked meanwhile") {
  TwoObservers two;
  const Round before = two.Request();
  two.observers.Answer(&two.other, before);
  two.observers.Enter(&two.one);
  CHECK_FALSE(two.observers.Pending(before));
  CHECK(two.changed == 1);
  const Round meanwhile = two.Request();
  CHECK(two.asked_one == 1);
  CHECK(two.observers.Asked(&two.one) == Observers::kNone);
  CHECK(two.observers.LeaveOut(meanwhile) == Threads{&two.other});
  two.observers.Leave(&two.one);
  const Round afterwards = two.Request();
  CHECK(two.asked_one == 2);
  CHECK(two.observers.Asked(&two.one) == afterwards);
}

TEST_CASE("observers: two that look at once do not wait for each other") {
  TwoObservers two;
  two.observers.Enter(&two.one);
  const Round ones = two.Request();
  two.observers.Enter(&two.other);
  const Round others = two.Request();
  CHECK_FALSE(two.observers.Pending(ones));
  CHECK_FALSE(two.observers.Pending(others));
}

TEST_CASE("observers: one that ends is waited for no more and one that comes later not yet") {
  TwoObservers two;
  const Round round = two.Request();
  const int late = 3;
  int asked_late = 0;
  two.observers.Add(&late, [&] { ++asked_late; });
  CHECK(asked_late == 0);
  CHECK(two.observers.Asked(&late) == Observers::kNone);
  two.observers.Answer(&two.one, round);
  CHECK(two.changed == 0);
  two.observers.Remove(&two.other);
  CHECK(two.changed == 1);
  CHECK(two.observers.LeaveOut(round).empty());
  CHECK(two.observers.failures() == 0);
  (void)two.Request();
  CHECK(two.asked_other == 1);
  CHECK(asked_late == 1);
}

TEST_CASE("observers: one that is added again is there once") {
  TwoObservers two;
  two.observers.Add(&two.one, [&] { two.asked_one += 100; });
  const Round round = two.Request();
  CHECK(two.asked_one == 1);
  CHECK(two.observers.LeaveOut(round).size() == 2);
}

TEST_CASE("observers: the end tells each of them and who waits and then nobody is asked") {
  TwoObservers two;
  const Round round = two.Request();
  two.observers.Close();
  CHECK(two.asked_one == 2);
  CHECK(two.asked_other == 2);
  CHECK(two.changed == 1);
  CHECK(two.observers.LeaveOut(round).empty());
  two.observers.Add(&two.one, [&] { ++two.asked_one; });
  CHECK_FALSE(two.observers.Pending(two.Request()));
  CHECK(two.asked_one == 2);
}

}  // namespace metrics_runtime::test
