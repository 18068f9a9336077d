// The load generator's own process, so that it shares neither a thread nor a count with what it measures.
import autocannon from "autocannon";
import { planRequests } from "./load-mix.js";
import { LoadTally } from "./load-tally.js";
import { type LoadOrder, type LoadTotals, STOP_MESSAGE } from "./load-totals.js";

const ROUND_SECONDS = 0.8;
const FIRST_ROUND_REQUESTS_PER_CONNECTION = 5;
const REQUEST_TIMEOUT_SECONDS = 5;

let stopping = false;
process.on("message", (message) => {
  stopping ||= message === STOP_MESSAGE;
});
// Ctrl+C reaches the whole process group. The parent decides what it means; when the parent is gone, so are we.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit());

const totals = await generateLoad(JSON.parse(process.argv[2] ?? "{}") as LoadOrder);
process.send?.(totals, () => process.disconnect());

/**
 * Runs autocannon in rounds of a fixed number of requests until the time is used up. A run that is ended by a *duration*
 * hangs up on requests in flight, which the server may have answered already: the two sides then differ by up to one
 * per connection. A run that is ended by an *amount* ends when each of its requests has its whole response.
 */
async function generateLoad(order: LoadOrder): Promise<LoadTotals> {
  const { seconds, connections } = order;
  const tally = new LoadTally();
  const startedAt = performance.now();
  let amount = connections * FIRST_ROUND_REQUESTS_PER_CONNECTION;
  for (;;) {
    const roundStartedAt = performance.now();
    tally.addRound(await runRound(order, amount, tally));
    const now = performance.now();
    const secondsLeft = seconds - (now - startedAt) / 1_000;
    if (stopping || secondsLeft <= 0) {
      return tally.totals();
    }
    const perSecond = amount / ((now - roundStartedAt) / 1_000);
    amount = Math.max(connections, Math.floor(perSecond * Math.min(ROUND_SECONDS, secondsLeft)));
  }
}

async function runRound(
  order: LoadOrder,
  amount: number,
  tally: LoadTally,
): Promise<autocannon.Result> {
  let connection = 0;
  return await autocannon({
    url: order.url,
    connections: order.connections,
    amount,
    pipelining: 1, // with more, a connection that reaches its amount hangs up on the requests behind it
    timeout: REQUEST_TIMEOUT_SECONDS,
    sampleInt: 10, // ms; also how late the end of a round may be noticed
    setupClient: (client) => {
      const plan = planRequests(connection++, order);
      client.setRequests(
        plan.map((request) => ({
          ...request,
          onResponse: (status: number) => tally.addResponse(request, status),
        })),
      );
    },
  });
}
