import Foundation
import Frames
import Media

/// What a `--mask` path stands for.
enum MaskFileKind: Equatable {
  /// One image for all frames.
  case still(String)
  /// An image for each frame, in order.
  case images([String])
  /// A video, or a printf pattern that is read like one.
  case video(String)

  /// Extensions of files that hold one picture.
  static let imageExtensions: Set<String> = [
    "png", "jpg", "jpeg", "bmp", "tif", "tiff", "pbm", "pgm", "ppm", "pnm", "webp", "tga", "jp2", "exr",
  ]

  /// - Parameter joinsNumbers: whether images of a folder whose names differ in a number only are read as a sequence, in
  ///   which skipped numbers are missing frames.
  /// - Throws: `MaskError` of kind `.unreadable` for a path that is not there or a folder without images.
  init(path: String, joinsNumbers: Bool = false) throws {
    var isFolder: ObjCBool = false
    if path == StandardStream.path {
      self = .video(path)
    } else if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue {
        let images = try Self.images(inFolder: path)
        if joinsNumbers, let pattern = Self.numbering(of: images)?.name {
          self = .video("\(path)/\(pattern)")
        } else {
          self = .images(images)
        }
      } else {
        self = Self.isImage(path) ? .still(path) : .video(path)
      }
    } else if ImageSequence.isPattern(path) {
      self = .video(path)
    } else {
      throw MaskError(.unreadable, "the mask \(path) does not exist: check the name and its folder")
    }
  }

  private static func isImage(_ path: String) -> Bool {
    imageExtensions.contains(URL(fileURLWithPath: path).pathExtension.lowercased())
  }

  private static func numbering(of images: [String]) -> (name: String, skipped: String?)? {
    ImageSequence.pattern(ofNames: images.map { URL(fileURLWithPath: $0).lastPathComponent })
  }

  /// A hint for error messages: the numbers that a folder's images skip; empty where they skip none.
  static func skippedHint(_ path: String) -> String {
    guard case .images(let images)? = try? Self(path: path), let skipped = numbering(of: images)?.skipped
    else {
      return ""
    }
    return " (the numbers of its images skip \(skipped))"
  }

  private static func images(inFolder path: String) throws -> [String] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw MaskError(.unreadable, "the folder of masks \(path) can't be listed")
    }
    let images = names.filter { !$0.hasPrefix(".") && isImage($0) }.sorted(by: naturallyPrecedes)
    if images.isEmpty {
      throw MaskError(.unreadable, "the folder of masks \(path) holds no images")
    }
    return images.map { "\(path)/\($0)" }
  }
}

/// Whether a file name comes before another in natural order, which takes numbers by value: `frame9` before `frame10`.
func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
  var a = Substring(left)
  var b = Substring(right)
  while let x = a.first, let y = b.first {
    if isDigit(x) && isDigit(y) {
      let m = takeNumber(&a)
      let n = takeNumber(&b)
      if m.count != n.count { return m.count < n.count }
      if m != n { return m < n }
    } else {
      if x != y { return x < y }
      a.removeFirst()
      b.removeFirst()
    }
  }
  if a.isEmpty != b.isEmpty { return a.isEmpty }
  // They differ in leading zeros only: any fixed order will do.
  return left < right
}

private func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

/// Removes a number from the start of a text.
///
/// - Returns: its digits without leading zeros, so that of two numbers the one with more digits is larger.
private func takeNumber(_ text: inout Substring) -> Substring {
  let digits = text.prefix(while: isDigit)
  text = text.dropFirst(digits.count)
  return digits.drop { $0 == "0" }
}
