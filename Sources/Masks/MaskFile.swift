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

  /// Names that stand for one still picture each.
  static let imageExtensions: Set<String> = [
    "png", "jpg", "jpeg", "bmp", "tif", "tiff", "pbm", "pgm", "ppm", "pnm", "webp", "tga", "jp2", "exr",
  ]

  /// - Parameter joinsNumbers: whether a folder's images that differ by their numbers alone are read as a sequence, whose
  ///   gaps are frames.
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

  /// What numbers a folder's images skip, for whoever wonders why there are too few; nothing where they skip none.
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
