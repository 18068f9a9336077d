/** The platform in words, as it decides which addon fits. */
export function describePlatform(): string {
  const { platform, arch, versions } = process;
  return `${platform}-${arch}${platform === "linux" ? ` ${libc()}` : ""}, Node ${versions.node}`;
}

/** glibc names its version in Node's report; musl does not. */
function libc(): string {
  const report = process.report?.getReport() as
    | { readonly header?: { readonly glibcVersionRuntime?: string } }
    | undefined;
  const version = report?.header?.glibcVersionRuntime;
  return version === undefined ? "musl" : `glibc ${version}`;
}
