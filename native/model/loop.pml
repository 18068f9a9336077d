/*
 * Sleep, wake and close of the runtime thread, with no housekeeping timer: only the wake protocol
 * gets it out of bed. Each statement is atomic and seen by all at once; what memory may reorder,
 * ring_model_checks.cc looks at. native/model/check-loop.sh runs it as it is and with each BUG_.
 *
 * One producer offers events and waits for room where the ring is full; then another thread stops the
 * recorder. The loop sleeps on `async`, which uv_async_send sets.
 */
#define BOUND 2
#define EVENTS 6

#define RUNNING 0
#define STOPPING 1
#define STOPPED 2

byte tail, head;
bit wake, async, busy, command;
byte state = RUNNING;
byte accepted;
bool refused;

inline drain() {
#ifndef BUG_WAKE_NOT_RESET
  wake = 0;
#endif
  seen = tail;
  assert(seen - head <= BOUND);
  head = seen
}

active proctype Producer() {
  bit before;
  do
  :: accepted == EVENTS -> break
  :: else ->
    if
    :: state != RUNNING -> refused = true; break
    :: else
    fi;
    if
    :: tail - head >= BOUND ->
      /* Full: ask for a drain, once until one begins; then try again when there is room. */
      atomic { before = wake; wake = 1 };
      if
      :: before == 0 ->
#ifndef BUG_NO_WAKE
        async = 1
#else
        skip
#endif
      :: else
      fi;
      (tail - head < BOUND || state != RUNNING)
    :: else ->
#ifndef BUG_NO_BUSY
      busy = 1;
#endif
      if
      :: state == RUNNING -> tail++; accepted++
      :: else -> refused = true
      fi;
      busy = 0;
      if
      :: refused -> break
      :: else
      fi
    fi
  od
}

active proctype Stopper() {
  /* At any time; or only after the producer, so that no command comes to the rescue of a lost wake. */
  if
  :: true
  :: true -> accepted == EVENTS
  fi;
  state = STOPPING;
#ifndef BUG_COMMAND_WITHOUT_WAKE
  command = 1;
  async = 1
#else
  command = 1
#endif
}

active proctype Loop() {
  byte seen;
  bit take;
  do
  :: atomic { async == 1 -> async = 0 };
    take = command;
    drain();
    if
    :: take ->
#ifndef BUG_NO_WAIT
      busy == 0;
#endif
      drain();
      state = STOPPED;
      break
    :: else
    fi
  od;
  /* Nobody is inside any more: what was accepted was dispatched. */
  (busy == 0);
  assert(accepted == head)
}

/* Whoever asks for a stop gets it, and a producer that waits for room does not wait for ever. */
ltl ends { <> (state == STOPPED) }
