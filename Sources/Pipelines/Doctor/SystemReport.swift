import Foundation
import Kernels
import Media
import Volumes

/// The tool, the libraries it runs with, and the machine: what can be done here, and what is missing for what.
public struct SystemReport: Sendable, Encodable {
  /// A library and its version.
  public struct Library: Sendable, Encodable {
    public var name: String
    public var version: String
    public var licence: String?
  }

  public var version: String
  public var executable: String
  public var architecture: String
  /// See `Processor.instructionSet`.
  public var instructions: String
  public var libraries: [Library]
  public var codecs: [FFmpegBuild.Codec]
  /// Worker threads that a job takes if not told otherwise.
  public var threads: Int
  /// Bytes that the process may have, and bytes that are free now.
  public var memory: Int
  @OrNull public var availableMemory: Int?
  public var folders: [MachineState.Folder]
  /// A sentence for each thing that is missing, with what can't be done without it.
  public var missing: [String]

  /// - Parameter folder: where outputs would be written.
  public init(folder: String) {
    let blas = Processor.matrixLibrary
    (version, architecture, instructions) = (
      ToolVersion.current, Processor.architecture, Processor.instructionSet
    )
    executable =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    libraries =
      [Library(name: "FFmpeg", version: FFmpegBuild.version, licence: FFmpegBuild.licence)]
      + FFmpegBuild.libraries.map { Library(name: $0.name, version: $0.version, licence: nil) }
      + [Library(name: "OpenBLAS", version: "\(blas.configuration), as for \(blas.core)", licence: nil)]
    threads = ProcessInfo.processInfo.activeProcessorCount
    let (codecs, available) = (FFmpegBuild.codecs, MachineState.availableMemory)
    let folders = [
      MachineState.folder(folder, use: "outputs"),
      MachineState.folder(FileManager.default.temporaryDirectory.path, use: "temporary files"),
    ]
    memory = MemoryBound.most
    missing = Self.missing(codecs: codecs, memory: available ?? MemoryBound.most, folders: folders)
    (self.codecs, self.folders, _availableMemory) = (codecs, folders, OrNull(wrappedValue: available))
  }

  /// JSON with sorted keys.
  public func json() throws -> Data { try ReportJSON.encoder(.snakeCase).encode(self) }

  /// Memory that a film of 1080p is restored in, and a disk that its output fits on, by rule of thumb.
  private static let comfortable = 2 << 30

  static func missing(codecs: [FFmpegBuild.Codec], memory: Int, folders: [MachineState.Folder]) -> [String] {
    var sentences: [String] = []
    let hasFFV1 = codecs.contains { $0.name == "ffv1" && $0.encoder != nil }
    let hasH264 = codecs.contains { $0.name == "h264" && $0.encoder != nil }
    if !hasFFV1 { sentences.append("the encoder ffv1: no --lossless output, no masks as .mkv") }
    if !hasH264 {
      sentences.append("the encoder libx264: no H.264, which outputs of most inputs are written as")
    }
    for codec in codecs {
      if codec.decoder == nil { sentences.append("a decoder for \(codec.name): such inputs can't be read") }
      if codec.encoder == nil && !["ffv1", "h264"].contains(codec.name) {
        sentences.append(
          "an encoder for \(codec.name) (\(codec.encoders.joined(separator: " or "))): outputs of such inputs "
            + (hasH264 ? "are written as H.264 or FFV1 instead" : "are written as FFV1 instead"))
      }
    }
    if memory < comfortable {
      sentences.append(
        "memory: \(ByteCount.text(memory)) are free, and films of 1080p take about 1 GiB: --max-memory bounds what a "
          + "restoration takes")
    }
    for folder in folders {
      if !folder.isWritable {
        sentences.append("a right to write into \(folder.path): no \(folder.use) there")
      } else if let free = folder.free, free < comfortable {
        sentences.append("disk: \(ByteCount.text(free)) are free in \(folder.path) for \(folder.use)")
      }
    }
    return sentences
  }
}

extension SystemReport {
  /// - Throws: `JobError` of kind `.configuration` where the environment variable INRR_INSTRUCTIONS asks for instructions that
  ///   this processor lacks, or that nobody knows.
  public static func checkInstructions(
    _ wanted: String? = ProcessInfo.processInfo.environment["INRR_INSTRUCTIONS"]
  ) throws {
    guard let wanted, !wanted.isEmpty, !Processor.instructionSets.contains(wanted) else { return }
    throw JobError.configuration(
      "INRR_INSTRUCTIONS=\(wanted): this processor works with \(Processor.instructionSets.joined(separator: ", ")): set it to "
        + "one of these, or unset it")
  }
}
