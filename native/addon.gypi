{
  # The distribution build: what is published and what `npm run compile` uses. Development: CMakeLists.txt.
  "includes": ["sources.gypi"],
  "variables": {
    # For the published binaries, scripts/prebuild/: nothing of the compiler is needed where they run, and of
    # glibc no more than an old one has.
    "self_contained%": 0,
    "glibc_sysroot%": ""
  },
  "targets": [
    {
      "target_name": "metrics_runtime",
      "sources": [
        "<@(metrics_runtime_zlib_sources)",
        "<@(metrics_runtime_core_sources)",
        "<@(metrics_runtime_runtime_sources)",
        "<@(metrics_runtime_binding_sources)"
      ],
      "defines": [
        "<@(metrics_runtime_defines)",
        "<@(metrics_runtime_zlib_defines)",
        "METRICS_RUNTIME_VERSION=\"<!(node -p \"require('./package.json').version\")\""
      ],
      "include_dirs": [".", "<!(node -p \"require('node-addon-api').include_dir\")"],
      "cflags!": ["-fno-exceptions"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
      "cflags": ["-fvisibility=hidden"],
      "cflags_cc": ["-std=c++20", "-fexceptions"],
      "conditions": [
        ["OS=='linux'", {
          "ldflags": [
            "-Wl,-z,nodelete,-z,relro,-z,now",
            "-Wl,--version-script=../native/exports.map",
            "-Wl,--gc-sections"
          ]
        }],
        ["glibc_sysroot!=''", {
          "sources": ["<@(metrics_runtime_glibc_floor_sources)"],
          "ldflags": [
            "--sysroot=<(glibc_sysroot)",
            "-B<(glibc_sysroot)/usr/lib",
            "-L<(glibc_sysroot)/usr/lib",
            "-pthread"
          ]
        }],
        ["OS=='linux' and self_contained==1", { "ldflags": ["-static-libstdc++", "-static-libgcc"] }],
        ["OS=='mac'", {
          "xcode_settings": {
            "CLANG_CXX_LANGUAGE_STANDARD": "c++20",
            "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
            "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
            "MACOSX_DEPLOYMENT_TARGET": "13.3"
          }
        }],
        ["OS=='win'", {
          "msvs_settings": {
            "VCCLCompilerTool": { "ExceptionHandling": 1, "AdditionalOptions": ["/std:c++20"] }
          }
        }]
      ]
    }
  ]
}
