import Foundation

/// A folder of its own for one test, removed when the test lets go of it.
public final class ScratchFolder {
  public let path: String

  public init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("inrr-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  public var contents: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// A binary gray image.
  @discardableResult
  public func writePGM(_ samples: [UInt8], width: Int, height: Int, to name: String) throws -> String {
    try write(Array("P5 \(width) \(height) 255\n".utf8) + samples, to: name)
  }

  /// Runs FFmpeg, which must succeed, and gives what it wrote to standard output.
  @discardableResult
  public func ffmpeg(_ arguments: String...) throws -> Data {
    try ffmpeg(arguments)
  }

  @discardableResult
  public func ffmpeg(_ arguments: [String]) throws -> Data {
    let result = try Command.run("ffmpeg", ["-v", "error", "-nostdin", "-y"] + arguments, in: path)
    guard result.status == 0 else { throw CommandFailed(arguments: arguments, message: result.errors) }
    return result.outputData
  }

  /// The samples of every frame in a raw pixel format, all planes of a frame in a row.
  public func rawFrames(of file: String, pixelFormat: String, bytesPerFrame: Int) throws -> [[UInt8]] {
    let bytes = [UInt8](
      try ffmpeg("-i", file, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", pixelFormat, "-"))
    return stride(from: 0, to: bytes.count, by: bytesPerFrame).map {
      Array(bytes[$0..<min($0 + bytesPerFrame, bytes.count)])
    }
  }
}

public struct CommandFailed: Error {
  public var arguments: [String]
  public var message: String
}
