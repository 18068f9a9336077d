import { brand } from "../errors/brand.js";
import { MetricsError, withCause } from "../errors/metrics-error.js";

/** A sink, policy or payload processor threw; only under `errorHandling: "raise"`. */
export class LogContextUnableToLogError extends MetricsError {
  readonly code = "ERR_METRICS_LOG_CONTEXT_UNABLE_TO_LOG";

  constructor(cause: unknown) {
    super(withCause("unable to log event", cause), { cause });
  }
}

brand(LogContextUnableToLogError);
