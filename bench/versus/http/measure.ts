/**
 * A small HTTP service at a fixed rate of requests, open model: without metrics, and with those of each library. The
 * service and the load generator are each a process of its own, new for each run.
 */
import type { Peer } from "../operations.js";
import { manifestOf } from "../peers/load.js";
import { Child } from "./child.js";
import { figuresOf, type HttpRun } from "./figures.js";
import type {
  GeneratorMessage,
  LoadOrder,
  ServiceMessage,
  ServiceOrder,
  Usage,
} from "./messages.js";
import {
  GENERATOR,
  HTTP_ROUNDS,
  httpSubjects,
  inRotation,
  OUR_WAYS,
  REQUESTS_PER_SECOND,
  WARM_UP_SECONDS,
  WINDOW_SECONDS,
} from "./plan.js";
import type { HttpReport } from "./report.js";
import { openSink } from "./sink.js";
import { verdictsOn } from "./verdict.js";

const LOAD = {
  requestsPerSecond: REQUESTS_PER_SECOND,
  warmUpSeconds: WARM_UP_SECONDS,
  windowSeconds: WINDOW_SECONDS,
};

/** @param peers that load here */
export async function measureHttp(peers: readonly Peer[]): Promise<HttpReport> {
  const subjects = httpSubjects(peers);
  const runs: HttpRun[] = [];
  const sink = await openSink();
  try {
    for (let round = 0; round < HTTP_ROUNDS; round++) {
      for (const subject of inRotation(subjects, round)) {
        runs.push(await runOnce({ subject, sinkPort: sink.port }));
      }
    }
  } finally {
    sink.close();
  }
  const figures = figuresOf(subjects, runs);
  const generator = `${GENERATOR} ${manifestOf(GENERATOR).version}`;
  return { generator, ...LOAD, figures, verdicts: verdictsOn(OUR_WAYS, figures), runs };
}

async function runOnce(order: ServiceOrder): Promise<HttpRun> {
  const service = new Child<ServiceMessage>("service-program.js", order);
  try {
    const { port } = await service.receive("listening");
    const { load, before, after } = await loadService(service, { port, ...LOAD });
    service.send("close");
    const { served, tally } = await service.receive("closed");
    await service.finish();
    return {
      subject: order.subject,
      load,
      cpuUsPerRequest: (after.cpuUs - before.cpuUs) / (after.answered - before.answered),
      served,
      ...(tally === undefined ? {} : { tally }),
    };
  } finally {
    await service.end();
  }
}

async function loadService(service: Child<ServiceMessage>, order: LoadOrder) {
  const generator = new Child<GeneratorMessage>("generator-program.js", order);
  try {
    await generator.receive("measuring");
    const before = await usageOf(service);
    const { reading } = await generator.receive("done");
    const after = await usageOf(service);
    await generator.finish();
    return { load: reading, before, after };
  } finally {
    await generator.end();
  }
}

async function usageOf(service: Child<ServiceMessage>): Promise<Usage> {
  service.send("usage");
  return await service.receive("usage");
}
