import Foundation
import TIFF

/// Writing stacks on a finer grid, as new files.
extension TIFFStack {
  /// The most bytes of voxels in a classic TIFF file, which has 32-bit offsets; the rest is for tags and tables.
  private static let mostOfClassic = 3_900_000_000

  /// Writes a stack in the byte order, kind and compression of another. It gets the tags of that one's first page that are
  /// known here, and a description with the new sizes.
  ///
  /// - Parameters:
  ///   - target: the path to write to.
  ///   - output: the file's later name, for messages.
  /// - Throws: `VolumeError`.
  static func write(
    _ volume: Volume, like source: String, to target: String, output: String, refinement: GridRefinement
  ) throws {
    do {
      let original = try TIFFHandle(path: source)
      let directories = try TIFFDirectories(try TIFFBytes(path: source), name: source)
      let size = volume.buffer.count
      let mode =
        "w" + (directories.isBig || size > mostOfClassic ? "8" : "") + (directories.isBigEndian ? "b" : "l")
      let file = try TIFFHandle(path: target, mode: mode, name: output)
      let description = TIFFMetadata.refined(original.description, to: volume.shape, by: refinement)
      let pageSize = volume.shape.x * volume.shape.y * volume.type.size
      try volume.buffer.withUnsafeBytes { bytes in
        for page in 0..<size / pageSize {
          let samples = UnsafeRawBufferPointer(rebasing: bytes[page * pageSize..<(page + 1) * pageSize])
          guard
            file.append(
              samples, width: volume.shape.x, height: volume.shape.y, like: original,
              finer: (refinement[.x], refinement[.y]),
              description: page == 0 && !description.isEmpty ? description : nil)
          else { throw VolumeError(.cannotWrite, "\(output) can't be written") }
        }
      }
      guard file.flush() else { throw VolumeError(.cannotWrite, "\(output) can't be written") }
    } catch let error as TIFFError {
      throw VolumeError(error)
    }
  }
}

extension TIFFMetadata {
  /// The description of a first page, changed for a finer grid: ImageJ's and OME's counts and distances are updated, and
  /// OME's elements about single pages are removed. Other text stays.
  static func refined(_ description: String, to shape: VolumeShape, by refinement: GridRefinement) -> String {
    if description.hasPrefix("ImageJ=") {
      var lines = description.split(separator: "\n", omittingEmptySubsequences: false)
      // The user may have had channels or time points read as slices: then there are none of them.
      if shape.volumes == 1 {
        lines.removeAll { line in
          ["channels=", "frames=", "hyperstack=", "mode="].contains { line.hasPrefix($0) }
        }
      }
      if shape.z > 1 && !lines.contains(where: { $0.hasPrefix("slices=") }) {
        lines.insert("slices=1", at: 1)
      }
      return lines.map { line -> String in
        let parts = line.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { return String(line) }
        switch parts[0] {
        case "images": return "images=\(shape.z * shape.volumes)"
        case "slices": return "slices=\(shape.z)"
        case "spacing":
          return Double(parts[1]).map { "spacing=\($0 / Double(refinement[.z]))" } ?? String(line)
        default: return String(line)
        }
      }.joined(separator: "\n")
    }
    // The old shape, which the Python library tifffile writes, would be wrong.
    if description.hasPrefix("{\"shape\"") { return "" }
    guard description.contains("<OME") else { return description }
    var text = description
    for axis in VolumeAxis.allCases {
      let name = axis.name.uppercased()
      text = replacing("Size\(name)", in: text) { _ in "\(shape[axis])" }
      text = replacing("PhysicalSize\(name)", in: text) { value in
        Double(value).map { "\($0 / Double(refinement[axis]))" } ?? value
      }
    }
    if shape.volumes == 1 {
      for name in ["SizeC", "SizeT"] { text = replacing(name, in: text) { _ in "1" } }
    }
    // An empty element means that pages are in the order of the dimensions.
    text = text.replacingOccurrences(
      of: "<TiffData[^>]*/>|<TiffData.*?</TiffData>|<Plane [^>]*/>|<Plane .*?</Plane>", with: "",
      options: .regularExpression)
    return text.replacingOccurrences(of: "</Pixels>", with: "<TiffData/></Pixels>")
  }

  /// Changes the value of an attribute wherever it occurs.
  private static func replacing(_ name: String, in text: String, by change: (String) -> String) -> String {
    var result = ""
    var rest = text[...]
    while let found = rest.range(of: " \(name)=\""), let end = rest[found.upperBound...].firstIndex(of: "\"")
    {
      result += rest[..<found.upperBound] + change(String(rest[found.upperBound..<end]))
      rest = rest[end...]
    }
    return result + rest
  }
}
