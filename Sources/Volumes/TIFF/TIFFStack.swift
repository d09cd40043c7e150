import Foundation

/// A TIFF file whose pages are the slices of a volume.
enum TIFFStack {
  /// A header and two tags take more: so many pages fit at most.
  private static let leastPage = 18
  /// What LZW, the strongest of the codecs but for constant pages, can make of a byte.
  private static let largestRatio = 2048

  /// Pages of a file, counted only up to `most`.
  static func pages(_ path: String, most: Int) throws -> Int {
    let file = try TIFFHandle(path: path)
    var count = 1
    while count < most && file.advance() { count += 1 }
    return count
  }

  /// Whether FFmpeg, which reads single pictures, would not read this one, be it that nobody can.
  static func isForVolumesOnly(_ path: String) -> Bool {
    guard let file = try? TIFFHandle(path: path) else { return FileManager.default.fileExists(atPath: path) }
    let format = file.format
    return file.advance() || (format.samples == 1 && (format.bits > 16 || format.kind != 1))
  }

  /// - Throws: `VolumeError`.
  static func read(_ path: String) throws -> Volume {
    let file = try TIFFHandle(path: path)
    let format = file.format
    let type = try format.check(path: path)
    let (description, resolution) = (file.description, file.resolution)
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    guard let page = VolumeShape(x: format.width, y: format.height, z: 1),
      page.voxels / largestRatio <= size / type.size
    else {
      throw VolumeError(
        .cannotRead,
        "\(path) is damaged: \(format.width) x \(format.height) samples can't be in \(size) bytes")
    }
    let buffer = VoxelBuffer()
    var pages = 0
    repeat {
      guard file.format == format else {
        throw VolumeError(
          .unsupported,
          "\(path), page \(pages + 1) has another size or type than the first: give a stack of equal pages")
      }
      let pageSize = page.voxels * type.size
      guard pages <= size / leastPage, (buffer.count + pageSize) / largestRatio <= size else {
        throw VolumeError(
          .cannotRead, "\(path) is damaged: it has more pages than its \(size) bytes can hold")
      }
      try buffer.append(room: pageSize) { target in
        try read(file, format, type, number: pages, into: target)
        return pageSize
      }
      pages += 1
    } while file.advance()
    let metadata = TIFFMetadata(description: description, resolution: resolution, pages: pages)
    var volume = try arranged(buffer, page: page, pages: pages, type: type, metadata, path: path)
    volume.isBigEndian = NumPyHeader.isHostBigEndian
    volume.spacing = metadata.spacing
    return volume
  }

  private static func read(
    _ file: TIFFHandle, _ format: TIFFPageFormat, _ type: VoxelType, number: Int,
    into target: UnsafeMutableRawBufferPointer
  ) throws {
    let blocks = file.blocks(format)
    for block in blocks {
      guard let bytes = file.read(block, bytesPerSample: type.size) else {
        throw VolumeError(.cannotRead, "\(file.path), page \(number + 1) is damaged or cut short")
      }
      for y in 0..<block.height {
        let from = y * block.storedWidth * type.size
        let to = ((block.y + y) * format.width + block.x) * type.size
        bytes.withUnsafeBytes {
          UnsafeMutableRawBufferPointer(rebasing: target[to..<to + block.width * type.size]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: $0[from..<from + block.width * type.size]))
        }
      }
    }
    if blocks.isEmpty { throw VolumeError(.cannotRead, "\(file.path), page \(number + 1) has no samples") }
  }

  /// Pages as slices, and channels or time points as a series.
  private static func arranged(
    _ buffer: VoxelBuffer, page: VolumeShape, pages: Int, type: VoxelType, _ metadata: TIFFMetadata,
    path: String
  ) throws -> Volume {
    if metadata.hiddenPages > 0 {
      throw VolumeError(
        .unsupported,
        "\(path) keeps most of its pages where only ImageJ finds them: save it as BigTIFF or as OME-TIFF")
    }
    var (slices, series, sliceStep, seriesStep) = (pages, 1, page.voxels, page.voxels)
    let (channels, frames) = (metadata.channels, metadata.frames)
    if let known = metadata.slices ?? (channels > 1 || frames > 1 ? 1 : nil),
      known.multipliedReportingOverflow(by: channels).partialValue.multipliedReportingOverflow(by: frames)
        .partialValue == pages
    {
      guard channels == 1 || frames == 1 else {
        throw VolumeError(
          .unsupported, "\(path) has \(channels) channels and \(frames) time points: split the channels first"
        )
      }
      (slices, series) = (known, channels * frames)
      let goesByTurns = channels > 1 ? !metadata.channelsAreOuter : metadata.framesAreInner
      if goesByTurns { sliceStep *= series } else { seriesStep *= known }
    }
    guard let shape = VolumeShape(x: page.x, y: page.y, z: slices, volumes: series) else {
      throw VolumeError(.unsupported, "\(path) is too large: \(page.x) x \(page.y) x \(pages) voxels")
    }
    return Volume(
      shape: shape, type: type, buffer: buffer, offset: 0, strides: [1, page.x, sliceStep, seriesStep])
  }

  /// Puts changed samples into a copy of the file that they came from: every tag stays as it is.
  ///
  /// - Parameters:
  ///   - source: the file that was read.
  ///   - copy: its copy, which is changed.
  /// - Throws: `VolumeError`.
  static func write(_ volume: Volume, from source: String, to copy: String) throws {
    let original = try TIFFHandle(path: source)
    let target = try TIFFHandle(path: copy, mode: "r+")
    let format = original.format
    let type = try format.check(path: source)
    let failed = VolumeError(.cannotWrite, "\(copy) can't be written")
    var page = 0
    repeat {
      // Selecting a page reads it anew: once, or what was written of it would be lost.
      var isSelected = false
      for block in original.blocks(format) {
        guard var bytes = original.read(block, bytesPerSample: type.size) else {
          throw VolumeError(.cannotRead, "\(source), page \(page + 1) is damaged or was changed meanwhile")
        }
        let before = bytes
        volume.buffer.withUnsafeBytes { all in
          for y in 0..<block.height {
            let from = ((page * format.height + block.y + y) * format.width + block.x) * type.size
            let to = y * block.storedWidth * type.size
            bytes.replaceSubrange(
              to..<to + block.width * type.size, with: all[from..<from + block.width * type.size])
          }
        }
        if bytes == before { continue }
        guard isSelected || target.select(page: page), target.write(block, bytes) else { throw failed }
        isSelected = true
      }
      guard !isSelected || target.flush() else { throw failed }
      page += 1
    } while original.advance()
  }
}
