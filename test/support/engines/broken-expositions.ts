import { BROKEN_OPENMETRICS } from "./broken-openmetrics.js";
import { BROKEN_PROTOBUF } from "./broken-protobuf.js";
import { BROKEN_TEXT } from "./broken-text.js";
import type { Exposition } from "./exposition-server.js";

export type BrokenExposition = Exposition & {
  readonly what: string;
  /** The engines that object to it, in the order of the alphabet; what none sees, our own tests must. */
  readonly seenBy: string;
};

/** One fault each. */
export const BROKEN: readonly BrokenExposition[] = [
  ...BROKEN_TEXT,
  ...BROKEN_OPENMETRICS,
  ...BROKEN_PROTOBUF,
];
