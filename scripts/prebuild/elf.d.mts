export interface ElfSymbol {
  readonly name: string;
  readonly version: string;
  readonly isWeak: boolean;
}

export declare function readElf(file: string): {
  readonly machine: string;
  readonly needed: readonly string[];
  readonly flags: readonly string[];
  readonly imports: readonly ElfSymbol[];
  readonly exports: readonly ElfSymbol[];
  readonly isStripped: boolean;
  readonly hasRelro: boolean;
  readonly hasExecutableStack: boolean;
  readonly hasStaticTls: boolean;
  readonly writesText: boolean;
  readonly searches: readonly string[];
};
