import { contentTypes, ExpositionFormat, negotiate } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { SCRAPERS } from "../support/scrapers.js";
import { seededRandom } from "../support/seeded-random.js";

/** The format for an Accept header; `none`: 406. */
const formatFor = (accept: string | undefined) => negotiate(accept)?.format ?? "none";
/** `gzip`, `identity` or `none`, for an Accept-Encoding header. */
const codingFor = (acceptEncoding: string | undefined) => {
  const negotiated = negotiate(undefined, acceptEncoding);
  if (negotiated === undefined) return "none";
  return negotiated.gzip ? "gzip" : "identity";
};

test.each(SCRAPERS)("$name gets $format", ({ accept, acceptEncoding, format, escaping, gzip }) => {
  const contentType = `${contentTypes[format]}${escaping ? "; escaping=underscores" : ""}`;
  expect(negotiate(accept, acceptEncoding)).toEqual({ format, contentType, gzip });
});

describe("who asks for nothing that can be read gets text, uncompressed:", () => {
  test.each<[string, string | undefined]>([
    ["no header", undefined],
    ["an empty one", ""],
    ["spaces", " \t "],
    ["commas", ",,, ,"],
    ["a word", "text"],
    ["a star alone", "*"],
    ["no subtype", "text/"],
    ["no type", "/plain"],
    ["two slashes", "text/plain/0.0.4"],
    ["a space within", "text /html"],
    ["a weight that is no number", "application/json;q=high"],
    ["a negative weight", "application/json;q=-1"],
    ["a weight above 1", "application/json;q=1.001"],
    ["a weight of 2", "application/json;q=2"],
    ["a weight of four digits", "application/json;q=0.1234"],
    ["a weight without the 0", "application/json;q=.5"],
    ["an exponent", "application/json;q=1e0"],
    ["an empty weight", "application/json;q="],
    ["a weight in quotes", 'application/json;q="1"'],
    ["two weights", "application/json;q=1;q=0.5"],
    ["spaces around =", "application/json;q = 1"],
    ["a parameter without a value", "application/json;pretty"],
    ["a parameter without a name", "application/json;=1"],
    ["a parameter twice", "application/json;indent=1;indent=2"],
    ["quotes that do not end", 'application/json;a="b'],
    ["quotes that end in a backslash", 'application/json;a="b\\'],
    ["quotes that end early", 'application/json;a="b"c'],
    ["a quote as a name", '"application/json"'],
    ["a control character", "application/json\u0000"],
    ["a control character in quotes", 'application/json;a="\u0007"'],
    ["a line feed", "application/json\n"],
    ["a no-break space", "application/json\u00a0"],
    ["what no header can have", "application/json;a=\u{1f4c8}"],
    ["the same in quotes", 'application/json;a="\u{1f4c8}"'],
    ["a lone surrogate", "\ud800"],
  ])("%s", (_, accept) => {
    const text = { format: "prometheus", contentType: contentTypes.prometheus, gzip: false };
    expect(negotiate(accept)).toEqual(text);
  });

  test("more than 8 192 characters", () => {
    const longest = `application/json${" ".repeat(8_192 - 16)}`;
    expect(formatFor(longest)).toBe("json");
    expect(formatFor(`${longest} `)).toBe("prometheus");
    expect(codingFor(`gzip${" ".repeat(8_192)}`)).toBe("identity");
  });
});

describe("an element that cannot be read leaves the others as they are:", () => {
  test.each([
    ["text/plain;q=.5, application/json", "json"],
    ["application/json, text/plain;q=x", "json"],
    ["@, ;, =, application/openmetrics-text, \u0000", "openmetrics"],
    ['application/json;a="\u0001,text/plain;q=1,", application/openmetrics-text', "openmetrics"],
    // Nobody knows what it would have accepted.
    ["application/json\u00a0, text/html", "prometheus"],
    ["\fapplication/json, text/html", "prometheus"],
    ["text/html, ???", "prometheus"],
    ["text/html, *", "prometheus"],
  ])("%j", (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });
});

describe("who excludes everything gets nothing:", () => {
  test.each([
    "text/html",
    "text/html, image/*;q=0.5",
    "*/*;q=0",
    "*/*;q=0.000",
    "text/*;q=0, application/*;q=0.0",
    "text/plain;q=0",
    "text/plain;version=2.0.0",
    "application/openmetrics-text;version=2.0.0",
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricSet;encoding=delimited",
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text",
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=compact-text",
    "text/plain;q=0, application/openmetrics-text;q=0, application/vnd.google.protobuf;q=0, application/json;q=0, */*",
    "*/plain",
  ])("%s", (accept) => {
    expect(negotiate(accept)).toBeUndefined();
  });
});

describe("the format that is wanted most:", () => {
  test.each([
    ["text/plain;q=0.5, application/json;q=0.501", "json"],
    ["text/plain;q=0.501, application/json;q=0.5", "prometheus"],
    ["text/plain;q=0, application/json;q=0.001", "json"],
    ["text/plain;q=0.999, application/json;q=1.000", "json"],
    ["text/plain;q=0.9, application/json;q=1.", "json"],
    ["text/plain;q=0., application/json;q=0.1", "json"],
    ["text/plain;q=0.5, application/json", "json"],
    ["*/*;q=0.1, application/json;q=0.2", "json"],
    ["application/*, text/plain;q=0.9", "openmetrics"],
    ["application/*, application/openmetrics-text;q=0.5", "protobuf"],
    ["application/*;q=0.5, application/openmetrics-text;q=0, text/*;q=0.4", "protobuf"],
    ["text/*;q=0.5, application/*;q=0.4", "prometheus"],
    ["image/png, text/*;q=0.1", "prometheus"],
  ])("%s", (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });
});

describe("the closest range decides, whatever its weight and place:", () => {
  test.each([
    ["*/*, text/*;q=0, application/json", "json"],
    ["*/*;q=0.5, text/plain;q=0.4", "openmetrics"],
    ["text/plain;q=0.4, */*;q=0.5", "openmetrics"],
    ["text/*;q=0.9, text/plain;q=0.1, application/json;q=0.5", "json"],
    ["text/plain;q=0.9, text/plain;version=0.0.4;q=0.1, application/json;q=0.5", "json"],
    ["text/plain;version=0.0.4;q=0.9, text/plain;q=0.1, application/json;q=0.5", "prometheus"],
    // Of the same closeness, the one of more weight.
    ["text/plain;q=0.1, text/plain;q=0.9, application/json;q=0.5", "prometheus"],
    ["text/plain;q=0.9, text/plain;q=0.1, application/json;q=0.5", "prometheus"],
    ["text/plain;q=0, text/plain", "prometheus"],
  ])("%s", (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });
});

describe("of formats that are wanted alike:", () => {
  test.each([
    [
      "text before the others",
      "application/json, application/openmetrics-text, text/plain",
      "prometheus",
    ],
    ["also among wildcards", "application/*, text/*", "prometheus"],
    [
      "OpenMetrics before protobuf and JSON",
      "application/json, application/vnd.google.protobuf, application/openmetrics-text",
      "openmetrics",
    ],
    ["protobuf before JSON", "application/json, application/vnd.google.protobuf", "protobuf"],
    ["what is named before what a wildcard lets pass", "application/json, */*", "json"],
    ["or another wildcard", "*/*;q=0.5, application/vnd.google.protobuf;q=0.5", "protobuf"],
    [
      "a version in the name makes no difference",
      "application/openmetrics-text;version=1.0.0, text/plain",
      "prometheus",
    ],
  ])("%s", (_, accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });
});

describe("versions:", () => {
  test.each([
    ["text/plain", "prometheus"],
    ["text/plain;version=0.0.4", "prometheus"],
    ["text/plain;version=1.0.0", "prometheus"],
    ['text/plain;version="0.0.4"', "prometheus"],
    ['text/plain;version="0.0\\.4"', "prometheus"],
    ["text/plain;version=0.0.3", "none"],
    ["application/openmetrics-text", "openmetrics"],
    ["application/openmetrics-text;version=1.0.0", "openmetrics"],
    ["application/openmetrics-text;version=0.0.1", "openmetrics"],
    ["application/openmetrics-text;version=0.0.4", "none"],
    // The exact one comes first, in both directions.
    [
      "text/plain;version=1.0.0;q=0.9, text/plain;version=0.0.4;q=0.1, application/json;q=0.5",
      "json",
    ],
    [
      "text/plain;version=1.0.0;q=0.1, text/plain;version=0.0.4;q=0.9, application/json;q=0.5",
      "prometheus",
    ],
    ["text/plain;version=1.0.0, text/plain;version=0.0.4;q=0, application/json;q=0.5", "json"],
    // Who does not want OpenMetrics 0.0.1 may want 1.0.0.
    ["application/openmetrics-text;version=0.0.1;q=0, application/*;q=0.5", "openmetrics"],
    ["application/openmetrics-text;version=0.0.1;q=0, text/html", "none"],
    ["application/openmetrics-text;version=0.0.1;q=0.9, */*;q=0.1", "openmetrics"],
    ["application/vnd.google.protobuf", "protobuf"],
    ["application/vnd.google.protobuf;encoding=delimited", "protobuf"],
    ['application/vnd.google.protobuf;proto="io.prometheus.client.MetricFamily"', "protobuf"],
    ["*/*;version=1.0.0", "prometheus"],
    ["*/*;version=2.0.0", "prometheus"],
  ])("%s", (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });
});

describe("spelling:", () => {
  test.each([
    ["TEXT/Plain;q=0.1, Application/JSON;Q=0.2", "json"],
    ["application/JSON ; q=0.9 , text/plain ; q=0.8", "json"],
    ["\tapplication/json\t;\tq=0.9\t,\ttext/plain;q=0.8", "json"],
    ["application/json;;q=0.9;, ,,text/plain;q=0.8,", "json"],
    [
      "APPLICATION/VND.GOOGLE.PROTOBUF;PROTO=IO.Prometheus.Client.MetricFamily;Encoding=Delimited",
      "protobuf",
    ],
    ['application/json;note="a, b; q=0, \\"c\\", text/plain";q=0.9, text/plain;q=0.8', "json"],
    ['application/json;note="5\\" , text/plain;q=1";q=0.2, text/plain;q=0.1', "json"],
    ["application/json;charset=utf-8;profile=x;odata=verbose", "json"],
    ["text/plain;charset=iso-8859-1", "prometheus"],
    ["text/plain;format=flowed;delsp=yes", "prometheus"],
    ["application/json;q=0.5;level=1, text/plain;q=0.4", "json"],
  ])("%s", (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });
});

describe("who names an escaping scheme is told that names need none:", () => {
  const UNDERSCORES = "; escaping=underscores";
  test.each([
    ["text/plain;escaping=allow-utf-8", UNDERSCORES],
    ["text/plain;escaping=underscores", UNDERSCORES],
    ["text/plain;escaping=dots", UNDERSCORES],
    ["text/plain;version=0.0.4;escaping=values", UNDERSCORES],
    ['text/plain;Escaping="Dots"', UNDERSCORES],
    ["application/openmetrics-text;version=1.0.0;escaping=dots", UNDERSCORES],
    ["application/vnd.google.protobuf;escaping=dots", UNDERSCORES],
    ["*/*;escaping=dots", UNDERSCORES],
    // That of the range that decides, and no other.
    ["application/openmetrics-text;version=1.0.0;q=0.6,text/plain;escaping=dots;q=0.4", ""],
    ["text/plain;version=1.0.0;escaping=dots;q=0.4,text/plain;version=0.0.4;q=0.3", ""],
    ["application/json;escaping=dots", ""],
    ["text/plain;escaping=allow-utf8", ""],
    ["text/plain;escaping=braces", ""],
    ['text/plain;escaping="underscores\\"; charset=utf-7"', ""],
    ["text/plain", ""],
  ])("%s", (accept, ending) => {
    const { format, contentType } = negotiate(accept) ?? {};
    expect(contentType).toBe(`${format && contentTypes[format]}${ending}`);
  });
});

describe("Accept-Encoding:", () => {
  test.each<[string | undefined, string]>([
    [undefined, "identity"],
    ["", "identity"],
    ["gzip", "gzip"],
    ["x-gzip", "gzip"],
    ["GZip", "gzip"],
    ["deflate, gzip;q=0.001", "gzip"],
    ["gzip;q=0", "identity"],
    ["gzip;q=0.000, *", "identity"],
    ["x-gzip;q=0, *", "identity"],
    ["gzip;q=0, x-gzip;q=0.5", "gzip"],
    ["*", "gzip"],
    ["*;q=0.5", "gzip"],
    ["*;q=0, gzip", "gzip"],
    ["*;q=0, identity", "identity"],
    ["br", "identity"],
    ["br, zstd, deflate", "identity"],
    ["identity", "identity"],
    ["identity, gzip", "gzip"],
    ["identity;q=0.5, gzip;q=0.4", "identity"],
    ["identity;q=0.4, gzip;q=0.5", "gzip"],
    ["identity;q=0.5, *;q=0.4", "identity"],
    ["identity;q=0, gzip;q=0.1", "gzip"],
    ["identity;q=0", "none"],
    ["identity;q=0, br", "none"],
    ["*;q=0", "none"],
    ["*;q=0, br", "none"],
    ["gzip;q=0, *;q=0", "none"],
    // What cannot be read asks for nothing, and excludes nothing.
    ["gzip;q=2", "identity"],
    ["gzip;q=", "identity"],
    ["gzip deflate", "identity"],
    ["\u0000gzip", "identity"],
    ["@, gzip", "gzip"],
    ["identity;q=0, @", "identity"],
  ])("%j: %s", (acceptEncoding, coding) => {
    expect(codingFor(acceptEncoding)).toBe(coding);
  });

  test.each([
    ["gzip", false],
    ["*", false],
    ["gzip, *;q=0", undefined],
    ["identity;q=0, gzip", undefined],
    [undefined, false],
  ])("%j, where the server does not compress: %s", (acceptEncoding, gzip) => {
    expect(negotiate(undefined, acceptEncoding, { gzip: false })?.gzip).toBe(gzip);
  });
});

describe("in any order and spelling,", () => {
  const random = seededRandom(20_260_723);
  const below = (most: number): number => Math.floor(random() * most);
  const oneOf = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const shuffled = <T>(values: readonly T[]): T[] =>
    values
      .map((value) => [random(), value] as const)
      .sort(([a], [b]) => a - b)
      .map(([, value]) => value);

  interface Range {
    readonly name: string;
    readonly parameters: readonly (readonly [string, string])[];
    readonly weight: number;
  }
  const TYPES = [
    "text/plain",
    "application/openmetrics-text",
    "application/vnd.google.protobuf",
    "application/json",
    "text/*",
    "application/*",
    "*/*",
    "text/html",
  ];
  const PARAMETERS: readonly (readonly [string, readonly string[]])[] = [
    ["version", ["0.0.4", "1.0.0", "0.0.1", "2.0.0"]],
    ["proto", ["io.prometheus.client.MetricFamily", "other.Message"]],
    ["encoding", ["delimited", "text"]],
    ["charset", ["utf-8", "latin1"]],
    ["note", ["plain", "a, b; q=0", 'say "hi" \\ bye', '5", 6"; 7"']],
  ];

  function anyRange(): Range {
    const parameters = PARAMETERS.filter(() => random() < 0.25).map(
      ([name, values]) => [name, oneOf(values)] as const,
    );
    return { name: oneOf(TYPES), parameters, weight: oneOf([0, 1, 5, 250, 500, 999, 1_000]) };
  }

  /** Each the same to whoever reads it. */
  function spelled(ranges: readonly Range[]): string {
    const space = () => oneOf(["", "", " ", "\t", "  "]);
    const cased = (text: string) => oneOf([text, text.toUpperCase(), text.toLowerCase()]);
    const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
    const elements = ranges.map(({ name, parameters, weight }) => {
      const texts = parameters.map(([key, value]) => {
        const bare = /^[\w.-]+$/.test(value) && random() < 0.7;
        return `${cased(key)}=${bare ? cased(value) : quoted(value)}`;
      });
      const weights =
        weight === 1_000
          ? ["q=1", "Q=1.0", "q=1.000", ""]
          : [`q=${weight / 1_000}`, `Q=${(weight / 1_000).toFixed(3)}`];
      const all = shuffled([...texts, oneOf(weights)]);
      return [cased(name), ...all].map((part) => `${space()}${part}${space()}`).join(";");
    });
    if (random() < 0.2) elements.push("");
    return elements.join(",");
  }

  const OFFERS: [ExpositionFormat, string, Readonly<Record<string, string>>, string?][] = [
    ["prometheus", "text/plain", { version: "0.0.4" }, "1.0.0"],
    ["openmetrics", "application/openmetrics-text", { version: "1.0.0" }, "0.0.1"],
    [
      "protobuf",
      "application/vnd.google.protobuf",
      { proto: "io.prometheus.client.MetricFamily", encoding: "delimited" },
    ],
    ["json", "application/json", {}],
  ];

  /** The rules once more, the plain way: `[weight, named]` of a format. */
  function wanted([, type, own, readable]: (typeof OFFERS)[number], ranges: readonly Range[]) {
    const says = ranges.flatMap(({ name, parameters, weight }) => {
      const mine = name.endsWith("/*") ? [] : parameters.filter(([key]) => key in own);
      const same = mine.filter(([key, value]) => own[key] === value).length;
      const other = mine.filter(([key, value]) => own[key] !== value);
      if (other.some(([, value]) => value !== readable)) return [];
      const levels: Record<string, number> = {
        "*/*": 0,
        [`${type.split("/")[0]}/*`]: 1,
        [type]: other.length > 0 ? 2 : 3 + same,
      };
      const level = levels[name];
      if (level === undefined || (level === 2 && weight === 0)) return [];
      return [{ level, weight }];
    });
    says.sort((a, b) => b.level - a.level || b.weight - a.weight);
    return { weight: says[0]?.weight ?? 0, named: (says[0]?.level ?? 0) >= 2 };
  }

  function expected(ranges: readonly Range[]): string {
    const choices = OFFERS.map((offer, place) => ({ offer, place, ...wanted(offer, ranges) }))
      .filter(({ weight }) => weight > 0)
      .sort(
        (a, b) => b.weight - a.weight || Number(b.named) - Number(a.named) || a.place - b.place,
      );
    return choices[0]?.offer[0] ?? "none";
  }

  test("a header means what the rules make of it", () => {
    const seen = new Map<string, number>();
    const wrong: unknown[] = [];
    for (let trial = 0; trial < 20_000; trial++) {
      const ranges = Array.from({ length: 1 + below(6) }, anyRange);
      const header = spelled(shuffled(ranges));
      const [actual, right] = [formatFor(header), expected(ranges)];
      seen.set(right, (seen.get(right) ?? 0) + 1);
      if (actual !== right) wrong.push({ header, actual, right });
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    // The trials were of all kinds.
    for (const format of [...Object.values(ExpositionFormat), "none"]) {
      expect(seen.get(format), format).toBeGreaterThan(500);
    }
  });
});

describe("of a hostile header,", () => {
  const isAnAnswer = (answer: ReturnType<typeof negotiate>) =>
    answer === undefined || answer.contentType.startsWith(contentTypes[answer.format]);

  test("whatever its characters, comes an answer and nothing is thrown", () => {
    const random = seededRandom(406);
    const pieces = [
      ...'""\\\\,,;;==//**  \t\u0000\u007f\u0080\u00ff\ud800q01.',
      "text/plain",
      "q=0.5",
      "gzip",
    ];
    const wrong: string[][] = [];
    const header = () =>
      Array.from({ length: random() * 40 }, () => pieces[Math.floor(random() * pieces.length)]);
    for (let trial = 0; trial < 20_000; trial++) {
      const headers = [header().join(""), header().join("")] as const;
      if (!isAnAnswer(negotiate(...headers))) wrong.push([...headers]);
    }
    expect(wrong).toEqual([]);
  });

  test.each([
    ["commas", ","],
    ["semicolons", ";"],
    ["quotes", '"'],
    ["backslashes", "\\"],
    ["opened quotes", ',a/b;c="'],
    ["escaped quotes", 'a/b;c="\\",'],
    ["spaces", " "],
    ["spaces between", "a/b ; c=d , "],
    ["ranges", "a/b,"],
    ["ranges that match", "*/*,"],
    ["ranges that match all but once", "text/plain;version=1.0.0;q=0.001,"],
    ["parameters", ";a=b"],
    ["weights", ";q=0.000"],
    ["digits", "q=0.0000000"],
    ["codings", "gzip,"],
    ["control characters", "\u0001"],
  ])("thousands of %s take no time", (_, piece) => {
    for (const characters of [8_192, 1_000_000]) {
      const header = piece.repeat(characters / piece.length);
      const start = performance.now();
      const answers = [header, `text/plain${header}`].map((text) => negotiate(text, text));
      // Some milliseconds: a reader that goes back and forth needs minutes.
      expect(performance.now() - start).toBeLessThan(250);
      expect(answers.every(isAnAnswer)).toBe(true);
    }
  });
});
