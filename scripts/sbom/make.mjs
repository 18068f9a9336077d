// `npm run sbom`: out/sbom.cdx.json, CycloneDX 1.5. What npm knows of the package's dependencies, and
// what it does not know: the code that is compiled or linked into the addon (native-components.json).
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { npm } from "../npm.mjs";

const root = join(import.meta.dirname, "..", "..");
const file = join(root, "out", "sbom.cdx.json");

const { name } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const nativeComponents = JSON.parse(
  readFileSync(join(import.meta.dirname, "native-components.json"), "utf8"),
);

const bom = JSON.parse(npm("sbom", "--sbom-format=cyclonedx", "--package-lock-only", "--omit=dev"));
const addon = bom.metadata.component;
addon.name = name; // npm takes the folder's
bom.components.push(...nativeComponents.map(described));
const ofAddon = bom.dependencies.find(({ ref }) => ref === addon["bom-ref"]);
for (const component of nativeComponents) {
  ofAddon.dependsOn.push(referenceOf(component));
  bom.dependencies.push({ ref: referenceOf(component), dependsOn: [] });
}

mkdirSync(join(root, "out"), { recursive: true });
writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
console.log(`${relative(root, file)}: ${bom.components.map(referenceOf).join(", ")}`);

function described(component) {
  return {
    "bom-ref": referenceOf(component),
    type: "library",
    name: component.name,
    version: component.version,
    scope: "required",
    description: component.use,
    purl: component.purl,
    externalReferences: [{ type: "website", url: component.website }],
    licenses: [{ expression: component.license }],
    // Without a list it is in every prebuilt binary.
    properties: (component.prebuilds ?? []).map((file) => ({
      name: "metrics-runtime:linked-into",
      value: file,
    })),
  };
}

/** As npm refers to a package; of what the image of a build brings, nobody knows the version before. */
function referenceOf({ name, version }) {
  return version === undefined ? name : `${name}@${version}`;
}
