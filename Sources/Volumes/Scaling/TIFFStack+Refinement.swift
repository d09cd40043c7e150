import Foundation
import TIFF

/// Stacks on a finer grid, which are written anew.
extension TIFFStack {
  /// Classic files count bytes in 32 bits: tags and tables of pages need some of them.
  private static let mostOfClassic = 3_900_000_000

  /// Writes a stack in the byte order, kind and compression of another, with the tags of its first page that this
  /// program knows, and with a description that counts the new slices.
  ///
  /// - Parameters:
  ///   - target: where it is written; `output` is the name that it gets.
  /// - Throws: `VolumeError`.
  static func write(
    _ volume: Volume, like source: String, to target: String, output: String, refinement: GridRefinement
  ) throws {
    do {
      try writeAnew(volume, like: source, to: target, output: output, refinement: refinement)
    } catch let error as TIFFError {
      throw VolumeError(error)
    }
  }

  private static func writeAnew(
    _ volume: Volume, like source: String, to target: String, output: String, refinement: GridRefinement
  ) throws {
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
  }
}

extension TIFFMetadata {
  /// A first page's description for a finer grid: ImageJ's and OME's counts and distances are brought up to date, and
  /// what OME says of single pages is left out; all other text stays.
  static func refined(_ description: String, to shape: VolumeShape, by refinement: GridRefinement) -> String {
    if description.hasPrefix("ImageJ=") {
      var lines = description.split(separator: "\n", omittingEmptySubsequences: false)
      // Where a person had pages read as slices, the description's channels and time points are none.
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
    // The shape that the library tifffile notes would contradict the pages.
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
    // Without further words pages follow the order of the dimensions.
    text = text.replacingOccurrences(
      of: "<TiffData[^>]*/>|<TiffData.*?</TiffData>|<Plane [^>]*/>|<Plane .*?</Plane>", with: "",
      options: .regularExpression)
    return text.replacingOccurrences(of: "</Pixels>", with: "<TiffData/></Pixels>")
  }

  /// Gives an attribute another value wherever it stands.
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
