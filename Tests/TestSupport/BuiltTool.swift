import Foundation

/// The executable that the package builds: the one beside the tests, or where `INRR_VIDEO` says another lies, such as the
/// release build, which is faster.
public enum BuiltTool {
  public static var path: String {
    if let path = ProcessInfo.processInfo.environment["INRR_VIDEO"] { return path }
    let runner =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundlePath
      ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: runner).deletingLastPathComponent().appendingPathComponent("inrr-video").path
  }

  /// Runs the tool to its end, in a folder.
  public static func run(_ arguments: String..., in folder: ScratchFolder) throws -> Command.Result {
    try Command.run(path, arguments, in: folder.path)
  }
}
