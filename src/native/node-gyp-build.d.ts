declare module "node-gyp-build" {
  interface NodeGypBuild {
    (packageRoot: string): unknown;
    /** The file that would be loaded; throws when there is none. */
    path(packageRoot: string): string;
  }
  const nodeGypBuild: NodeGypBuild;
  export default nodeGypBuild;
}
