import Foundation
import TIFF

/// A TIFF file whose pages are the slices of a volume.
struct TIFFStack {
  let volume: Volume
  /// How the file is read, and why that may not be what the user means.
  let reading: String
  let doubt: String?
  /// The number of smaller copies that the pages have.
  let smallerCopies: Int
  /// The numbers of each voxel; each makes a volume of the series.
  var samples: Int { format.samples }

  /// The order of pages that the user gave.
  let order: PageOrder?

  private let path: String
  private let pages: [(page: TIFFDirectory, smaller: [TIFFDirectory])]
  private let format: TIFFPageFormat
  /// Pages without tables of their own; nil where each page has one.
  private let hidden: HiddenPages?

  /// Whether a file is a volume instead of a single picture. Files that can't be read count as volumes.
  static func isForVolumesOnly(_ path: String) -> Bool {
    guard FileManager.default.fileExists(atPath: path) else { return false }
    do {
      let bytes = try TIFFBytes(path: path)
      let directories = try TIFFDirectories(bytes, name: path)
      let pages = directories.pictures(try directories.pages(most: 64))
      let file = try TIFFHandle(path: path)
      guard pages.count == 1, file.select(pages[0].page) else { return true }
      if !TIFFPicture.canHold(file.format) { return true }
      return metadata(of: file, pages: 1).hiddenPages > 0
    } catch {
      return true
    }
  }

  private static func metadata(of file: TIFFHandle, pages: Int) -> TIFFMetadata {
    let format = file.format
    let (places, overflow) = format.width.multipliedReportingOverflow(by: format.height)
    return TIFFMetadata(
      description: file.description, resolution: file.resolution, pages: pages, samples: format.samples,
      places: overflow ? 0 : places)
  }

  /// - Parameters:
  ///   - order: what the pages are; nil for what the description says.
  ///   - messageName: what messages call the file, where that is not its path.
  /// - Throws: `VolumeError`.
  init(path: String, order: PageOrder? = nil, messageName: String? = nil) throws {
    do {
      try self.init(reading: path, order: order, name: messageName ?? path)
    } catch let error as TIFFError {
      throw VolumeError(error)
    }
  }

  private init(reading file: String, order: PageOrder?, name path: String) throws {
    let directories = try TIFFDirectories(try TIFFBytes(path: file), name: path)
    let pages = directories.pictures(try directories.pages())
    self.path = file
    let file = try TIFFHandle(path: file, name: path)
    guard file.select(pages[0].page) else {
      throw VolumeError(.cannotRead, "\(path), page 1 is damaged or cut short")
    }
    let format = file.format
    let type = try format.check(path: path)
    let pageSize = try file.checkedSize(format, page: 1)
    guard let page = VolumeShape(x: format.width, y: format.height, z: 1) else {
      throw VolumeError(
        .cannotRead, "\(path) is damaged: it has pages of \(format.width) x \(format.height) samples")
    }
    let metadata = Self.metadata(of: file, pages: pages.count)
    var hidden: HiddenPages?
    if metadata.hiddenPages > 0 {
      hidden = try HiddenPages(
        directories, pages.map(\.page), format, pageSize: pageSize, count: metadata.hiddenPages, path: path)
    }
    let arrangement = try PageArrangement(
      page: page, samples: format.samples, isPlanar: format.isPlanar,
      pages: pages.count + metadata.hiddenPages,
      metadata, order: order, path: path)
    try MemoryBound.check(arrangement.shape, type, path: path)
    // A shape's bytes are counted without overflow.
    let size = arrangement.shape.voxels * arrangement.shape.volumes * type.size
    guard size / TIFFPageFormat.largestOfAllRatios <= directories.bytes.count else {
      throw VolumeError(
        .cannotRead,
        "\(path) is damaged: it has more pages than its \(directories.bytes.count) bytes can hold")
    }
    let buffer = VoxelBuffer(capacity: size)
    if let hidden {
      try hidden.read(from: directories.bytes, into: buffer)
    } else {
      for (number, part) in pages.enumerated() {
        guard file.select(part.page) else {
          throw VolumeError(.cannotRead, "\(path), page \(number + 1) is damaged or cut short")
        }
        guard file.format == format else {
          throw VolumeError(
            .unsupported,
            "\(path), page \(number + 1) has another size or type than the first: give a stack of equal pages"
          )
        }
        try buffer.append(room: pageSize) { target in
          try file.read(format, page: number + 1, into: target)
          return pageSize
        }
      }
    }
    var volume = Volume(
      shape: arrangement.shape, type: type, buffer: buffer, offset: 0, strides: arrangement.strides)
    volume.isBigEndian = NumPyHeader.isHostBigEndian
    volume.spacing = metadata.spacing
    self.volume = volume
    (reading, doubt) = (arrangement.text, arrangement.doubt)
    smallerCopies = pages.reduce(0) { $0 + $1.smaller.count }
    (self.pages, self.format, self.hidden, self.order) = (pages, format, hidden, order)
  }

  /// Writes changed samples into a copy of the file that they came from. All tags stay as they are.
  ///
  /// - Parameters:
  ///   - copy: the copy, which is changed.
  ///   - output: the name that the copy gets, for messages.
  ///   - warn: gets a sentence for what could not follow the change.
  /// - Throws: `VolumeError`.
  func write(to copy: String, output: String, warn: (String) -> Void) throws {
    do {
      try OMEReferences.update(copy: copy, source: path, output: output)
      if let hidden { return try hidden.write(volume.buffer, to: copy, output: output) }
      let original = try TIFFHandle(path: path)
      let target = try TIFFHandle(path: copy, mode: "r+", name: output)
      let pageSize = format.bytes ?? 0
      for (number, part) in pages.enumerated() {
        guard original.select(part.page) else {
          throw VolumeError(.cannotRead, "\(path), page \(number + 1) was changed meanwhile")
        }
        try volume.buffer.withUnsafeBytes { all in
          let bytes = UnsafeRawBufferPointer(rebasing: all[number * pageSize..<(number + 1) * pageSize])
          let smaller = SmallerCopies(original, part.smaller, of: part.page, format, number: number + 1)
          try original.replace(part.page, format, number: number + 1, in: target, by: bytes, output: output)
          try smaller.follow(bytes, in: target, output: output, warn: warn)
        }
      }
    } catch let error as TIFFError {
      throw VolumeError(error)
    }
  }
}

extension TIFFPageFormat {
  /// The largest number of bytes that any codec makes of one.
  static let largestOfAllRatios = 16384

  var type: VoxelType? {
    switch (bits, kind) {
    case (8, 1): .uint8
    case (8, 2): .int8
    case (16, 1): .uint16
    case (16, 2): .int16
    case (32, 1): .uint32
    case (32, 2): .int32
    case (32, 3): .float32
    case (64, 1): .uint64
    case (64, 2): .int64
    case (64, 3): .float64
    default: nil
    }
  }

  /// - Throws: `VolumeError` for pages that can't be slices of a volume.
  func check(path: String) throws -> VoxelType {
    guard isLossless else {
      throw VolumeError(
        .unsupported,
        "\(path) is compressed with \(compressionName), which is not without loss or not read here, so that known "
          + "voxels could not be kept: save it without compression, or with LZW or Deflate")
    }
    guard photometric != 3, !isSubsampled else {
      throw VolumeError(
        .unsupported,
        "\(path) holds \(photometric == 3 ? "indices into a palette of colours" : "subsampled colours"): give a stack "
          + "of gray, or of red, green and blue")
    }
    guard let type else {
      throw VolumeError(
        .unsupported,
        kind == 5 || kind == 6
          ? "\(path) holds complex numbers: save their parts as files of their own"
          : kind == 3
            ? "\(path) holds floating-point numbers of \(bits) bits: convert it to 32 or 64 bits"
            : "\(path) holds samples of \(bits) bits: convert it to 8, 16, 32 or 64 bits")
    }
    return type
  }
}

extension VolumeError {
  init(_ error: TIFFError) {
    switch error.kind {
    case .cannotRead: self.init(.cannotRead, error.description)
    case .unsupported: self.init(.unsupported, error.description)
    case .cannotWrite: self.init(.cannotWrite, error.description)
    }
  }
}
