// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "inrr-video", path: "..")],
  targets: [
    // What the machine can do at most, measured without the code that is judged by it.
    .target(name: "CMachine", cSettings: [.unsafeFlags(["-O3", "-ffp-contract=fast"])]),
    .executableTarget(
      name: "KernelBenchmarks",
      dependencies: ["CMachine", .product(name: "Core", package: "inrr-video")]),
  ],
  swiftLanguageModes: [.v6]
)
