/** Of this package. The file is the package's own, and a bundler takes it along. */
export const { version: VERSION } = require("../../package.json") as { readonly version: string };
