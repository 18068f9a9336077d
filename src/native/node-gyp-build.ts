/** What is used of the package of that name. */
export interface NodeGypBuild {
  (folder: string): unknown;
  /** The file that would be loaded; throws when there is none. */
  path(folder: string): string;
}
