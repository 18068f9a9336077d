import { describe, expect, test } from "vitest";
import {
  OPERATION_NAMES,
  OPERATIONS,
  PEER_NAMES,
  SECTIONS,
} from "../../bench/versus/operations.js";
import { parseOptions } from "../../bench/versus/options.js";

describe("the command line of bench:versus", () => {
  test("asks for everything when nothing is said", () => {
    expect(parseOptions([])).toEqual({
      sections: SECTIONS,
      operations: OPERATION_NAMES,
      peers: PEER_NAMES,
      rounds: 11,
      json: undefined,
      plots: undefined,
    });
  });

  test("takes lists and repeated options, and keeps the order of the report", () => {
    const { sections, peers } = parseOptions([
      "--only=memory",
      "--only=cost,cpu",
      "--peers",
      "hot-shots, prom-client",
    ]);
    expect(sections).toEqual(["cost", "memory", "cpu"]);
    expect(peers).toEqual(["prom-client", "hot-shots"]);
  });

  test("chooses the rows that contain one of the texts", () => {
    const { operations } = parseOptions(["--rows", "5 labels", "--rows", "emitter"]);
    expect(operations).toEqual([OPERATIONS.counterLiteral5, OPERATIONS.emitter]);
  });

  test("takes a number of rounds, a file and a folder", () => {
    const args = ["--rounds", "3", "--json", "out/report.json", "--plots", "out/plots"];
    expect(parseOptions(args)).toMatchObject({
      rounds: 3,
      json: "out/report.json",
      plots: "out/plots",
    });
  });

  test.each([
    ["an unknown section", ["--only", "speed"], 'unknown section "speed"', SECTIONS],
    ["an unknown peer", ["--peers", "statsd"], 'unknown peer "statsd"', PEER_NAMES],
    ["an empty peer", ["--peers", "hot-shots,"], 'unknown peer ""', PEER_NAMES],
    ["a row that no name contains", ["--rows", "summary"], 'row "summary"', OPERATION_NAMES],
    [
      "an unknown option",
      ["--fast"],
      "--fast",
      ["--only", "--rows", "--peers", "--json", "--plots"],
    ],
    ["plots without a folder", ["--plots"], "--plots", ["--json", "--plots"]],
    ["what is no option", ["cost"], "'cost'", ["--only", "--rounds"]],
    ["no rounds", ["--rounds", "0"], "--rounds", ["1 … 1000", '"0"']],
    ["half a round", ["--rounds", "1.5"], "--rounds", ["1 … 1000", '"1.5"']],
  ])("refuses %s and names what is known", (_, args, said, known) => {
    expect(() => parseOptions(args)).toThrow(said);
    for (const name of known) expect(() => parseOptions(args)).toThrow(name);
  });
});
