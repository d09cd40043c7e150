import Foundation
import Frames
import Media
import TestSupport
import Testing

/// A folder of its own for each test, removed with it.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("inrr-media-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Names of all files, hidden ones too.
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }

  func data(_ name: String) throws -> Data { try Data(contentsOf: url.appendingPathComponent(name)) }
}

struct CommandFailed: Error { var text: String }

/// Runs a command and returns what it writes to standard output.
@discardableResult
func run(_ command: String, _ arguments: [String]) throws -> Data {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [command] + arguments
  let output = Pipe()
  let errors = FileManager.default.temporaryDirectory.appendingPathComponent("inrr-err-\(UUID().uuidString)")
  _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
  defer { try? FileManager.default.removeItem(at: errors) }
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = output
  process.standardError = try FileHandle(forWritingTo: errors)
  try process.run()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  if process.terminationStatus != 0 {
    throw CommandFailed(text: (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
  }
  return data
}

/// Runs ffmpeg; arguments are separated by spaces.
@discardableResult
func ffmpeg(_ arguments: String) throws -> Data {
  try run("ffmpeg", ["-v", "error", "-nostdin", "-y"] + arguments.split(separator: " ").map(String.init))
}

/// Lines that ffprobe prints for some entries, without their names.
func probe(_ path: String, _ arguments: String) throws -> [String] {
  let words = ["-v", "error"] + arguments.split(separator: " ").map(String.init)
  let data = try run("ffprobe", words + ["-of", "csv=p=0", path])
  return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map {
    $0.trimmingCharacters(in: CharacterSet(charactersIn: ", "))
  }.filter { !$0.isEmpty }
}

func allFrames(_ path: String, threads: Int = 1) throws -> [Frame] {
  let reader = try VideoReader(path: path, threads: threads)
  var frames: [Frame] = []
  while let frame = try reader.nextFrame() { frames.append(frame) }
  return frames
}

/// Copies a video through reader and writer. Returns both, finished.
@discardableResult
func transcode(
  _ input: String, _ output: String, _ settings: EncodeSettings = EncodeSettings(), overwrite: Bool = false,
  threads: Int = 1
) throws -> (writer: VideoWriter, reader: VideoReader) {
  let reader = try VideoReader(path: input, threads: threads)
  let writer = try VideoWriter(path: output, source: reader, settings: settings, overwrite: overwrite)
  while let frame = try reader.nextFrame() { try writer.write(frame) }
  try writer.finish()
  return (writer, reader)
}

extension ScratchFolder {
  /// Fifty frames, all of them different, coded with options of ffmpeg; returns the file's path.
  func noisyClip(_ name: String, _ encoder: [String]) throws -> String {
    try ffmpeg(
      ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=25,noise=alls=20:all_seed=1", "-frames:v", "50"] + encoder
        + [file(name)])
    return file(name)
  }
}

extension Frame {
  /// Time stamp in the stream's time base.
  var pts: Int64? { (attachment as? DecodedPicture)?.pts }
}

let lossless = EncodeSettings(lossless: true)
