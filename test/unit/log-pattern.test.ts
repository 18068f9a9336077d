import { describe, expect, test } from "vitest";
import { Pattern } from "../../src/logging/pattern.js";

const matches = (pattern: string, text: string): boolean => new Pattern(pattern).matches(text);

/** What Python's fnmatchcase says of them. */
describe.each<[pattern: string, matched: string[], others: string[]]>([
  ["", [""], ["a"]],
  ["a.b", ["a.b"], ["a.bc", "xa.b", "axb", "A.b", ""]],
  ["*", ["", "a", "a\nb", "\u2028", "😀"], []],
  ["**", ["", "a"], []],
  ["a*", ["a", "ab", "a\n"], ["ba", ""]],
  ["*a", ["a", "ba", "aa"], ["ab"]],
  ["a*b*c", ["abc", "a-b-c", "abcbc"], ["acb", "abcx"]],
  ["*.stop*", ["r.stop", "r.stop_recorder", "r.st.stop"], ["r.sto"]],
  ["?", ["a", "\n", "ä", "😀", "\ud800"], ["", "ab"]],
  ["a?c", ["abc", "a😀c"], ["ac", "abbc"]],
  ["*?", ["a", "ab"], [""]],
  ["[abc]", ["a", "c"], ["d", "", "ab", "A"]],
  ["[a-c]x", ["ax", "cx"], ["dx", "-x"]],
  ["[!a-c]", ["d", "!", "😀"], ["a", "c", "", "dd"]],
  ["[a!]", ["a", "!"], ["b"]],
  ["[^a]", ["^", "a"], ["b"]],
  ["[]]", ["]"], ["", "["]],
  ["[]a]", ["]", "a"], ["b"]],
  ["[!]]", ["a", "[", "!"], ["]"]],
  ["[]", ["[]"], ["", "["]],
  ["[!]", ["[!]"], ["a"]],
  ["[abc", ["[abc"], ["a"]],
  ["a[", ["a["], ["a"]],
  ["[[]", ["["], ["]"]],
  ["[*]", ["*"], ["a"]],
  ["[?]", ["?"], ["a"]],
  ["\\*", ["\\", "\\a"], ["*"]],
  ["[\\]", ["\\"], ["]"]],
  ["[a-]", ["a", "-"], ["b"]],
  ["[-a]", ["a", "-"], ["b"]],
  ["[a-c-e]", ["b", "-", "e"], ["d"]],
  ["[--0]", ["-", ".", "0"], [",", "1"]],
  ["[c-a]", [], ["a", "b", "c", "-", ""]],
  ["[!c-a]", ["a", "-"], ["", "ab"]],
  ["[c-ax]", ["x"], ["a", "b", "c"]],
  ["[a-a]", ["a"], ["b"]],
  ["[😀-😂]", ["😀", "😁", "😂"], ["😃", "\ud83d", "\ude00"]],
  ["[!😀]", ["😁", "a"], ["😀"]],
  ["*\ude00", ["\ude00"], ["😀"]],
  ["(a|b)+.$^{1}", ["(a|b)+.$^{1}"], ["a"]],
  ["*[0-9]", ["disk-1"], ["disk-", "disk-1a"]],
  ["*a*b*", ["ab", "xaybz", "bab"], ["ba"]],
])("%j", (pattern, matched, others) => {
  test("matches what it should as a whole", () => {
    expect(matched.filter((text) => !matches(pattern, text))).toEqual([]);
  });

  test("matches nothing else", () => {
    expect(others.filter((text) => matches(pattern, text))).toEqual([]);
  });
});

test.each([
  ["a*a*a*a*a*a*a*a*b", "a".repeat(10_000), false],
  ["a*a*a*a*a*a*a*a*b", `${"a".repeat(10_000)}b`, true],
  [`${"*a".repeat(1_000)}b`, "a".repeat(10_000), false],
  [`*${"[a-z]".repeat(200)}0`, "a".repeat(10_000), false],
])("many wildcards take no time without end: %#", (pattern, text, expected) => {
  const begin = performance.now();
  expect(matches(pattern, text)).toBe(expected);
  expect(performance.now() - begin).toBeLessThan(2_000);
});

test("what an earlier text has matched changes nothing", () => {
  const pattern = new Pattern("a*b");
  expect(["axb", "a", "ab", "b", "axxb"].map((text) => pattern.matches(text))).toEqual([
    true,
    false,
    true,
    false,
    true,
  ]);
});
