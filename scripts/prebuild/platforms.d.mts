export declare const prebuilds: readonly string[];
export declare const glibcFloor: string;
