// The shape of the memory that a JavaScript thread and the runtime thread share: one ring for each
// (recorder, JavaScript thread). src/native/ring-layout.ts repeats these numbers; a test compares
// the two through the addon's `ringLayout`.
//
//   byte    word             written by        read by           order
//   0       tail      u32    producer (JS)     runtime thread    release / acquire: publishes
//   4       busy      u32    producer (JS)     runtime thread    closing, see ring_protocol.h
//   8       dropped   f64    producer (JS)     any thread        relaxed: a count on its own
//   16      invalid   f64    producer (JS)     any thread        relaxed: a count on its own
//   24      taken     u32    both (RMW)        both              see thread_reader.h
//   28      handled   u32    producer (JS)     any thread        release / acquire: frees space
//   32      reading   u32    producer's thread any thread        see thread_reader.h
//   64      head      u32    runtime thread    producer (JS)     release / acquire: frees space
//   68      state     u32    native            producer (JS)     closing, see ring_protocol.h
//   72      withheld  u32    native            producer (JS)     see thread_reader.h
//   76      shared    u32    native            producer (JS)     release / acquire: 1, and then for
//                                                                ever, once the recorder has had
//                                                                a second ring
//   128     wake      u32    both (RMW)        both              sequentially consistent
//   192     records          producer (JS)     runtime thread    ordered by tail and head
//
// `tail` and `head` count events, modulo 2^32; their difference is the number of events accepted
// and not yet dispatched, and never exceeds the queue's maximum size. The place of a record is not
// shared: both sides walk the record area with a cursor of their own and wrap by the same rule, so
// there is nothing to get out of step. Each group of words has a cache line for itself, so that
// the two writers do not take lines from each other.
//
// A thread with metrics of its own reads what it has written, behind its own back as it were, with
// a third cursor: then a place is free when both readers have passed it. See thread_reader.h.
//
// `state` repeats the recorder's state for the producer. Any thread may change it, under the
// recorder's lock, also while the producer is about to publish: hence `busy`, which is 1 from
// before the producer reads the state until its event is published or given up. It calls nothing
// meanwhile. The runtime thread waits for 0, with a limit, before the last drain of a recorder that
// stops.
#pragma once

#include <cstddef>
#include <cstdint>

namespace metrics_runtime {

struct RingLayout {
  static constexpr size_t kTailOffset = 0;
  static constexpr size_t kBusyOffset = 4;
  static constexpr size_t kDroppedOffset = 8;
  static constexpr size_t kInvalidOffset = 16;
  static constexpr size_t kTakenOffset = 24;
  static constexpr size_t kHandledOffset = 28;
  static constexpr size_t kReadingOffset = 32;
  static constexpr size_t kHeadOffset = 64;
  static constexpr size_t kStateOffset = 68;
  static constexpr size_t kWithheldOffset = 72;
  static constexpr size_t kSharedOffset = 76;
  static constexpr size_t kWakeOffset = 128;
  static constexpr size_t kRecordsOffset = 192;

  // A record is a u32 header (the event class's id) and at most 15 fields of at most 8 bytes,
  // rounded up to 8-byte words.
  static constexpr size_t kMaxFields = 15;
  static constexpr size_t kWordBytes = 8;
  static constexpr size_t kMaxRecordWords = 1 + kMaxFields;

  // Two records more than the bound: one for what the wrap leaves unused at the end, one for the
  // record that the producer writes before it knows whether it may publish it.
  static constexpr size_t RecordWords(size_t queue_max_size) {
    return (queue_max_size + 2) * kMaxRecordWords;
  }
  static constexpr size_t Bytes(size_t queue_max_size) {
    return kRecordsOffset + RecordWords(queue_max_size) * kWordBytes;
  }

  static constexpr uint32_t kQueueMaxSizeLimit = 1u << 24;
};

}  // namespace metrics_runtime
