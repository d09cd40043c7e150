// swift-tools-version: 6.1
import PackageDescription

// OpenCV's headers lie in a folder of their own, and Debian's package of one module alone has no pkg-config file.
let openCVHeaders = ["/usr", "/usr/local", "/opt/homebrew"].flatMap { ["-isystem", $0 + "/include/opencv4"] }

let package = Package(
  name: "inrr-video",
  products: [
    // For Benchmarks/, a package of its own.
    .library(
      name: "Core",
      targets: [
        "Frames", "Kernels", "CVectorMath", "Representations", "Regularizers", "Spelling", "Fitting",
        "COpticalFlow", "Motion", "Overlays", "Reconstruction",
      ]),
    .executable(name: "inrr-video", targets: ["inrr-video"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    // C libraries: one target each, so that C is visible in one place.
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CFFmpeg", pkgConfig: "libavformat libavcodec libavutil libswscale",
      providers: [.apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswscale-dev"])]),
    // TIFF pages and stacks; compressed NIfTI files and NumPy archives.
    .systemLibrary(name: "CTiff", pkgConfig: "libtiff-4", providers: [.apt(["libtiff-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // The settings of the C library's allocator.
    .systemLibrary(name: "CMemory"),
    .target(
      name: "CVectorMath",
      // The kernels must be fast in debug builds too, where tests run.
      cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-ffp-contract=fast"])]),
    .target(
      name: "COpticalFlow",
      cxxSettings: [.unsafeFlags(openCVHeaders)],
      linkerSettings: [
        .linkedLibrary("opencv_video"), .linkedLibrary("opencv_imgproc"), .linkedLibrary("opencv_core"),
      ]),

    // From the bottom up; arrows point down this list only.
    .target(name: "Spelling"),
    .target(name: "Kernels", dependencies: ["CVectorMath", "COpenBLAS", "CMemory"]),
    .target(name: "Frames", dependencies: ["Kernels"]),
    .target(name: "Representations", dependencies: ["Kernels"]),
    .target(name: "Regularizers", dependencies: ["Kernels", "Representations"]),
    .target(
      name: "Fitting", dependencies: ["Spelling", "Frames", "Kernels", "Representations", "Regularizers"]),
    .target(name: "Motion", dependencies: ["Kernels", "CVectorMath", "COpticalFlow"]),
    .target(name: "Overlays", dependencies: ["Frames", "Kernels"]),
    .target(
      name: "Reconstruction",
      dependencies: ["Frames", "Kernels", "CVectorMath", "Fitting", "Motion", "Overlays"]),
    .target(name: "Detection", dependencies: ["Frames", "Kernels", "Motion"]),
    .target(name: "TIFF", dependencies: ["CTiff", "CZlib"]),
    .target(name: "Media", dependencies: ["Frames", "TIFF", "CFFmpeg", "CZlib"]),
    .target(name: "Volumes", dependencies: ["Frames", "TIFF", "CZlib"]),
    .target(name: "Masks", dependencies: ["Frames", "Detection", "Media", "Volumes"]),
    .target(
      name: "Inspection", dependencies: ["Frames", "Detection", "Media", "Masks"],
      exclude: ["Drawing/make-font.py", "Drawing/README.md"],
      // In the code: a tool of one file can be copied anywhere.
      resources: [
        .embedInCode("Drawing/labels.font"), .embedInCode("Report/Page/report.html"),
        .embedInCode("Report/Page/report.css"), .embedInCode("Report/Page/stage.js"),
        .embedInCode("Report/Page/kinds.js"),
        .embedInCode("Report/Page/plots.js"), .embedInCode("Report/Page/windows.js"),
        .embedInCode("Report/Page/volume.js"), .embedInCode("Report/Page/finds.js"),
      ]),
    .target(
      name: "Pipelines",
      dependencies: [
        "Spelling", "Frames", "Kernels", "Representations", "Fitting", "Detection", "Media", "Volumes",
        "Masks", "Overlays", "Reconstruction", "Inspection", "CFFmpeg",
        .product(name: "Yams", package: "Yams"),
      ]),
    .executableTarget(
      name: "inrr-video",
      dependencies: [
        "CMemory", "Spelling", "Frames", "Fitting", "Detection", "Media", "Volumes", "Masks",
        "Reconstruction",
        "Inspection",
        "Pipelines",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // What several test targets share: scratch folders, and programs that are run.
    .target(name: "TestSupport", dependencies: ["Kernels", "CVectorMath"], path: "Tests/TestSupport"),
    .testTarget(name: "DocumentsTests", dependencies: ["TestSupport"]),
    // Reads files that are changed at random; no part of the tool. `make fuzz`.
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "Frames", "Kernels", "Masks", "Media", "Pipelines", "Reconstruction", "Volumes", "CZlib",
        "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Tests/Fuzz"),
    .testTarget(name: "FuzzTests", dependencies: ["Fuzz", "TestSupport"]),
    .testTarget(name: "FramesTests", dependencies: ["Frames", "TestSupport"]),
    .testTarget(name: "CVectorMathTests", dependencies: ["CVectorMath", "Kernels", "TestSupport"]),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "CVectorMath"]),
    .testTarget(name: "RepresentationsTests", dependencies: ["Representations", "Kernels"]),
    .testTarget(name: "RegularizersTests", dependencies: ["Regularizers", "Representations", "Kernels"]),
    .testTarget(
      name: "FittingTests",
      dependencies: ["Fitting", "Spelling", "Regularizers", "Representations", "Kernels", "Frames"]),
    .testTarget(name: "MotionTests", dependencies: ["Motion", "Kernels"]),
    .testTarget(
      name: "ReconstructionTests",
      dependencies: [
        "Reconstruction", "Fitting", "Frames", "Kernels", "Overlays", "CVectorMath", "TestSupport",
      ]),
    .testTarget(name: "OverlaysTests", dependencies: ["Overlays", "Frames", "Kernels"]),
    .testTarget(name: "DetectionTests", dependencies: ["Detection", "Frames", "Kernels", "Motion"]),
    .testTarget(name: "TIFFTests", dependencies: ["TIFF", "TestSupport"]),
    .testTarget(name: "MediaTests", dependencies: ["Media", "Frames", "TestSupport"]),
    .testTarget(name: "VolumesTests", dependencies: ["Volumes", "Frames", "TestSupport"]),
    .testTarget(
      name: "MasksTests", dependencies: ["Masks", "Detection", "Media", "Volumes", "Frames", "TestSupport"]),
    .testTarget(
      name: "InspectionTests",
      dependencies: ["Inspection", "Detection", "Media", "Masks", "Frames", "TestSupport"]),
    .testTarget(
      name: "PipelinesTests",
      dependencies: [
        "Pipelines", "Detection", "Media", "Volumes", "Masks", "Reconstruction", "Inspection", "Fitting",
        "Representations", "Kernels", "Frames", "TestSupport",
      ]),
    .testTarget(
      name: "FidelityTests",
      dependencies: ["Pipelines", "Media", "Masks", "Reconstruction", "Frames", "TestSupport"]),
    .testTarget(
      name: "CommandLineTests", dependencies: ["inrr-video", "Media", "Volumes", "Frames", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
