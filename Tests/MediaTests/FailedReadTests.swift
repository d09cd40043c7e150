import Foundation
import Frames
import Testing

@testable import Media

/// A disk or network that fails under a file is told from damage of the file.
@Suite struct FailedReadTests {
  /// The kind of error that reading all frames ends with, and how many were read.
  private static func reading(_ path: String) throws -> (kind: MediaError.Kind?, frames: Int, damage: String?)
  {
    var frames = 0
    do {
      let reader = try VideoReader(path: path)
      while try reader.nextFrame() != nil { frames += 1 }
      return (nil, frames, reader.damage?.sentence)
    } catch let error as MediaError {
      #expect(error.description.contains("input/output error"), "\(error)")
      return (error.kind, frames, nil)
    }
  }

  /// Reads what is written to a terminal in raw mode, whose other side is then closed: the system says EIO there, where a
  /// pipe would end.
  private static func throughTerminal(_ bytes: [UInt8]) throws -> (kind: MediaError.Kind?, frames: Int) {
    var (reading, writing): (Int32, Int32) = (-1, -1)
    try #require(openpty(&reading, &writing, nil, nil, nil) == 0)
    defer { close(reading) }
    var mode = termios()
    tcgetattr(writing, &mode)
    cfmakeraw(&mode)
    tcsetattr(writing, TCSANOW, &mode)
    let other = writing
    let writer = Thread {
      var left = bytes[...]
      while !left.isEmpty {
        let count = left.withUnsafeBytes { write(other, $0.baseAddress, $0.count) }
        if count <= 0 { break }
        left = left.dropFirst(count)
      }
      // What waits is read before the error comes.
      tcdrain(other)
      close(other)
    }
    writer.start()
    let result = try Self.reading("pipe:\(reading)")
    return (result.kind, result.frames)
  }

  @Test(arguments: ["y4m", "nut", "mkv"]) func failureOnTheWay(_ ending: String) throws {
    let folder = try TemporaryFolder()
    let codec = ending == "y4m" ? "wrapped_avframe" : "ffv1"
    try ffmpeg(
      "-f lavfi -i testsrc2=s=32x24:r=25 -frames:v 8 -c:v \(codec) -pix_fmt yuv420p \(folder.path("a." + ending))"
    )
    let bytes = [UInt8](try folder.data("a.\(ending)"))
    let whole = try Self.reading(folder.path("a.\(ending)"))
    #expect(whole.kind == nil && whole.frames == 8 && whole.damage == nil)
    for part in [bytes.count, bytes.count * 3 / 4] {
      let failed = try Self.throughTerminal(Array(bytes[..<part]))
      #expect(failed.kind == .readFailed && failed.frames <= 8, "\(part) of \(bytes.count): \(failed)")
    }
    // The same bytes without the failure are a file that was cut.
    try Data(bytes[..<(bytes.count * 3 / 4)]).write(to: URL(fileURLWithPath: folder.path("cut.\(ending)")))
    #expect(try Self.reading(folder.path("cut.\(ending)")).kind == nil)
  }

  /// The first byte of the memory of a process can't be read.
  @Test func failureAtOnce() throws {
    #expect(try Self.reading("/proc/self/mem").kind == .readFailed)
  }
}
