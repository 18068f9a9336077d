// CHANGELOG.md in the form of Keep a Changelog: a section for each version, entries as list items.

/** What stands below the heading of a version, or of "Unreleased"; "" when there is no such heading. */
export function sectionOf(changelog, version) {
  const lines = changelog.split("\n");
  const begin = lines.findIndex((line) => line.startsWith(`## [${version}]`));
  if (begin === -1) return "";
  const below = lines.slice(begin + 1);
  const end = below.findIndex((line) => line.startsWith("## "));
  return below
    .slice(0, end === -1 ? below.length : end)
    .join("\n")
    .trim();
}

/** Whether a section says anything; headings alone do not. */
export function hasEntries(section) {
  return /^[-*] \S/m.test(section);
}

/** With what was unreleased under the version, and nothing unreleased. */
export function released(changelog, version, date) {
  const heading = "## [Unreleased]";
  return changelog.replace(heading, `${heading}\n\n## [${version}] - ${date}`);
}
