import type { Labels } from "./labels.js";

/** The arguments of a verb: of an instrument without labels, or with them and so the labels too. */
export type Verb<
  LabelName extends string,
  Bare extends readonly unknown[],
  Labelled extends readonly unknown[],
> = [LabelName] extends [never] ? Bare : [...Labelled, labels: Labels<LabelName>];
