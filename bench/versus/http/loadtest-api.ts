/**
 * What we use of loadtest. With `requestsPerSecond` it sends by the clock, whatever the answers do: a client for each
 * request that is under way, and what a late timer left out is sent at once (its pool.js and hrtimer.js).
 */
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";

/** Each answer is told what was noted at its request. */
export type LabelledRequest<Label> = ClientRequest & { labels?: Label };

export interface RequestResult<Label> {
  readonly statusCode: number;
  readonly labels?: Label;
}

export interface LoadTestOptions<Label> {
  readonly url: string;
  readonly requestsPerSecond: number;
  readonly maxRequests: number;
  /** Of a request, in ms. */
  readonly timeout: number;
  readonly quiet: boolean;
  /** Called when a request is to be sent; loadtest ends it. */
  readonly requestGenerator: (
    options: object,
    params: RequestOptions,
    request: (
      params: RequestOptions,
      answered: (answer: IncomingMessage) => void,
    ) => LabelledRequest<Label>,
    answered: (answer: IncomingMessage) => void,
  ) => LabelledRequest<Label>;
  /** Called when an answer has come to its end, or there was none: then the result is missing. */
  readonly statusCallback: (
    error: unknown,
    result: RequestResult<Label> | null | undefined,
  ) => void;
}

export interface LoadTestModule {
  loadTest<Label>(options: LoadTestOptions<Label>): Promise<object>;
}
