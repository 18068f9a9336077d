export interface NodeToTry {
  readonly arch: string;
  /** The release line, "22", or a release: "20.4". */
  readonly version: string;
  /** What runs it: the program, after an emulator where it is for another machine. */
  readonly command: readonly string[];
}

export declare const NODES: readonly NodeToTry[];
export declare function isInstalled(node: NodeToTry): boolean;
