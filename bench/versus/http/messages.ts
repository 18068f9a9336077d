/** What the parent and the two processes that it starts say to each other. */
import type { LoadReading } from "./load-reading.js";
import type { Tally } from "./tally.js";

/** The argument of service-program.js, as JSON. */
export interface ServiceOrder {
  readonly subject: string;
  /** Where hot-shots sends to. */
  readonly sinkPort: number;
}

export type ServiceCommand = "usage" | "close";

/** Of all threads of the service, since it was started. */
export interface Usage {
  readonly cpuUs: number;
  readonly answered: number;
}

export type ServiceMessage =
  | { readonly kind: "listening"; readonly port: number }
  | ({ readonly kind: "usage" } & Usage)
  | { readonly kind: "closed"; readonly served: number; readonly tally?: Tally };

/** The argument of generator-program.js, as JSON. */
export interface LoadOrder {
  readonly port: number;
  readonly requestsPerSecond: number;
  readonly warmUpSeconds: number;
  readonly windowSeconds: number;
}

export type GeneratorMessage =
  | { readonly kind: "measuring" }
  | { readonly kind: "done"; readonly reading: LoadReading };
