export declare function sysroot(machine: "x86_64" | "aarch64"): string;
