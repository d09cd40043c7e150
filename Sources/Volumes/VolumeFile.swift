import Foundation
import TIFF

/// A file of volumes: NIfTI, a TIFF stack, or a NumPy array.
///
/// Only voxels change when it is written: headers, extensions, tags, byte order and compression stay.
public struct VolumeFile: Sendable {
  public enum Format: String, Sendable {
    case nifti = "NIfTI"
    case tiff = "TIFF"
    case numpy = "NumPy"
  }

  public let path: String
  public let format: Format
  public let volume: Volume
  /// Of a TIFF file: its pages, and how they were read.
  let stack: TIFFStack?
  /// How much finer the volume's grid is than that of the file; nil where it is the file's.
  let refinement: GridRefinement?

  /// - Parameters:
  ///   - path: with the name of an array for .npz archives: `scan.npz:name`.
  ///   - pages: the order of a TIFF file's pages; nil for what its description says.
  /// - Throws: `VolumeError`.
  public init(path: String, pages: PageOrder? = nil) throws {
    guard let kind = Kind(path) else {
      try Self.checkThere(path)
      throw VolumeError(
        .unsupported,
        ForeignVolume(path: path)?.sentence(path)
          ?? "\(path) is no volume: give a .nii, .nii.gz, .tif or .npy file")
    }
    self.path = path
    refinement = nil
    if pages != nil && !Self.isStack(path) {
      throw VolumeError(.mismatch, "--stack-as says what the pages of a TIFF file are, which \(path) is not")
    }
    var stack: TIFFStack?
    switch kind {
    case .nifti: (format, volume) = (.nifti, try NIfTIFile.read(path))
    case .tiff:
      let read = try TIFFStack(path: path, order: pages)
      (format, volume, stack) = (.tiff, read.volume, read)
    case .numpy: (format, volume) = (.numpy, try NumPyFile.read(path))
    case .archive(let archive, let name):
      let file = try NumPyArchive(archive)
      guard let name else {
        let names = file.names.joined(separator: ", ")
        throw VolumeError(
          .unsupported,
          file.names.isEmpty
            ? "\(path) holds no array"
            : "\(path) holds the arrays \(names): name one, such as \(path):\(file.names[0])")
      }
      (format, volume) = (.numpy, try file.volume(named: name))
    case .pair:
      try Self.checkThere(path)
      throw VolumeError(.unsupported, HeaderPair.sentence(path))
    }
    self.stack = stack
  }

  private static func checkThere(_ path: String) throws {
    if !FileManager.default.fileExists(atPath: path) { throw VolumeError.cannotOpen(path, ENOENT) }
  }

  init(path: String, format: Format, volume: Volume, refinement: GridRefinement) {
    (self.path, self.format, self.volume, self.refinement) = (path, format, volume, refinement)
    stack = nil
  }

  /// The kind of file that a path's name says.
  private enum Kind {
    case nifti, tiff, numpy, pair
    case archive(String, name: String?)

    init?(_ path: String) {
      let lower = path.lowercased()
      func has(_ suffixes: String...) -> Bool { suffixes.contains { lower.hasSuffix($0) } }
      if has(".nii", ".nii.gz") {
        self = .nifti
      } else if HeaderPair.isNamed(path) {
        self = .pair
      } else if has(".npy") {
        self = .numpy
      } else if has(".npz") {
        self = .archive(path, name: nil)
      } else if let mark = lower.range(of: ".npz:", options: .backwards) {
        let length = lower.distance(from: lower.startIndex, to: mark.upperBound)
        self = .archive(String(path.prefix(length - 1)), name: String(path.dropFirst(length)))
      } else if has(".tif", ".tiff") {
        self = .tiff
      } else {
        return nil
      }
    }
  }

  /// Whether a path is that of a volume instead of a picture or video: by its name, and for TIFF files by their content.
  /// Volumes in formats that can't be read count too; reading them throws advice.
  public static func isVolume(_ path: String) -> Bool {
    switch Kind(path) {
    case nil: ForeignVolume(path: path) != nil
    case .tiff: TIFFStack.isForVolumesOnly(path)
    default: true
    }
  }

  /// Whether a path's name is that of a TIFF file.
  public static func isStack(_ path: String) -> Bool { if case .tiff = Kind(path) { true } else { false } }

  /// How the file is read, for the user: size, series, and type of the numbers.
  public var reading: String { "\(stack?.reading ?? volume.shape.text), \(volume.type.rawValue)" }

  /// Why the file's description may not be what the user means; nil where there is no doubt.
  public var doubt: String? { stack?.doubt }

  /// The number of smaller copies of its pages that a TIFF file has.
  public var smallerCopies: Int { stack?.smallerCopies ?? 0 }

  /// The endings of names for output in the file's format.
  public var suffixes: [String] {
    switch format {
    case .nifti: [".nii", ".nii.gz"]
    case .tiff: [".tif", ".tiff"]
    case .numpy: [".npy"]
    }
  }

  /// The path `<stem>.restored.<suffix>` beside an input.
  public static func standardOutput(forInput path: String) -> String {
    let lower = path.lowercased()
    if let mark = lower.range(of: ".npz:", options: .backwards) {
      let length = lower.distance(from: lower.startIndex, to: mark.lowerBound)
      return "\(path.prefix(length)).\(path.dropFirst(length + 5)).restored.npy"
    }
    let length = [".nii.gz", ".nii", ".tiff", ".tif", ".npy"].first { lower.hasSuffix($0) }?.count ?? 0
    return "\(path.dropLast(length)).restored\(path.suffix(length))"
  }

  /// - Throws: `VolumeError` for a name of another format than the file's, or for one that does not fit the set of files
  ///   that a TIFF file's description names.
  public func checkOutput(_ output: String) throws {
    let lower = output.lowercased()
    if !suffixes.contains(where: { lower.hasSuffix($0) }) {
      throw VolumeError(
        .mismatch,
        "\(path) is a \(format.rawValue) file, which \(output) is not by its name: end it in "
          + suffixes.joined(separator: " or "))
    }
    if format == .tiff {
      do {
        try OMEReferences.check(source: path, output: output)
      } catch let error as TIFFError {
        throw VolumeError(error)
      }
    }
  }

  /// Passes the whole file with the volume's voxels to `put`, compressed where the output's name ends in .gz. For all
  /// formats except TIFF.
  ///
  /// - Throws: `VolumeError`, or what `put` throws.
  public func write(to output: String, _ put: (Data) throws -> Void) throws {
    precondition(format != .tiff, "a TIFF file is written by write(overCopyAt:)")
    try volume.buffer.withUnsafeBytes { bytes in
      if output.lowercased().hasSuffix(".gz") { return try GzipWriter().write(bytes, to: put) }
      for start in stride(from: 0, to: bytes.count, by: 1 << 24) {
        try put(Data(bytes[start..<min(bytes.count, start + 1 << 24)]))
      }
    }
  }
}

/// TIFF files, which libtiff writes.
extension VolumeFile {
  /// Whether `write(overCopyAt:)` changes a copy of the file; otherwise it writes a new one.
  public var isChangedInPlace: Bool { format == .tiff && refinement == nil }

  /// Writes the volume's voxels into a copy of a TIFF file, or on a finer grid into a new one, and checks the result by
  /// reading it.
  ///
  /// - Parameters:
  ///   - output: the copy's later name, for messages.
  ///   - warn: gets a sentence for what could not follow the change.
  /// - Throws: `VolumeError`.
  public func write(overCopyAt copy: String, output: String, warn: (String) -> Void = { _ in }) throws {
    precondition(format == .tiff, "only TIFF files are changed in place")
    if let refinement {
      try TIFFStack.write(volume, like: path, to: copy, output: output, refinement: refinement)
    } else {
      try stack?.write(to: copy, output: output, warn: warn)
    }
    let written: TIFFStack
    do {
      written = try TIFFStack(path: copy, order: stack?.order, messageName: output)
    } catch let error as VolumeError {
      throw VolumeError(.cannotWrite, "\(output) can't be written: read again, \(error.description)")
    }
    let isSame =
      written.volume.type == volume.type
      && volume.buffer.withUnsafeBytes { a in
        written.volume.buffer.withUnsafeBytes { b in a.elementsEqual(b) }
      }
    if !isSame {
      throw VolumeError(.cannotWrite, "\(output) can't be written: it does not read back as it should")
    }
  }
}
