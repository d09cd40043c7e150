internal import CFFmpeg
import Foundation

/// Boxes for the description of an MP4 or QuickTime file that FFmpeg does not write there.
struct MovieAdditions {
  /// Boxes for the sample descriptions of tracks, by the tracks' numbers.
  private var views: [Int: [UInt8]] = [:]
  var userData: [UInt8] = []

  var isEmpty: Bool { views.isEmpty && userData.isEmpty }

  /// Makes boxes of stereo 3D and spherical mapping (`Container.needsViewBoxes`), and removes the side data so that FFmpeg
  /// does not write them too.
  mutating func addViews(of streams: [StreamPointer]) {
    for stream in streams {
      let boxes = Self.stereo(of: stream) + Self.spherical(of: stream)
      if boxes.isEmpty { continue }
      views[Int(stream.pointee.index) + 1] = boxes
      inrr_stream_remove_side_data(stream, AV_PKT_DATA_STEREO3D)
      inrr_stream_remove_side_data(stream, AV_PKT_DATA_SPHERICAL)
    }
  }

  private static func stereo(of stream: StreamPointer) -> [UInt8] {
    let modes = [AV_STEREO3D_2D, AV_STEREO3D_TOPBOTTOM, AV_STEREO3D_SIDEBYSIDE]
    guard let packing = stream.sideData(AV_PKT_DATA_STEREO3D)?.load(as: AVStereo3D.self), packing.flags == 0,
      let mode = modes.firstIndex(of: packing.type)
    else { return [] }
    return box("st3d", [0, 0, 0, 0, UInt8(mode)])
  }

  private static func spherical(of stream: StreamPointer) -> [UInt8] {
    guard let mapping = stream.sideData(AV_PKT_DATA_SPHERICAL)?.load(as: AVSphericalMapping.self) else {
      return []
    }
    func numbers(_ values: [Int]) -> [UInt8] { values.flatMap { [UInt8].number($0, bytes: 4) } }
    let projection: [UInt8]
    switch mapping.projection {
    case AV_SPHERICAL_EQUIRECTANGULAR, AV_SPHERICAL_EQUIRECTANGULAR_TILE:
      let bounds = [mapping.bound_top, mapping.bound_bottom, mapping.bound_left, mapping.bound_right]
      projection = box("equi", [0, 0, 0, 0] + numbers(bounds.map { Int($0) }))
    case AV_SPHERICAL_CUBEMAP:
      projection = box("cbmp", [0, 0, 0, 0, 0, 0, 0, 0] + numbers([Int(mapping.padding)]))
    default: return []
    }
    let angles = numbers([mapping.yaw, mapping.pitch, mapping.roll].map { Int($0) })
    let header = box("svhd", [0, 0, 0, 0, 0])
    return box("sv3d", header + box("proj", box("prhd", [0, 0, 0, 0] + angles) + projection))
  }

  private static func box(_ type: String, _ contents: [UInt8]) -> [UInt8] {
    MovieBoxes.made(Array(type.utf8), contents)
  }

  /// Puts the boxes into the description of a complete file, which is at the file's end.
  func write(into file: String, path: String) throws {
    guard let (movie, place) = MovieBoxes.description(of: file),
      let moov = MovieBoxes.children(of: movie, in: 0..<movie.count).first
    else { throw MediaError(.cannotWrite, "\(path): cannot find the description that was written") }
    var contents: [UInt8] = []
    var hasUserData = false
    for part in MovieBoxes.children(of: movie, in: moov.contents) {
      let bytes = Array(movie[part.contents])
      switch part.name {
      case "trak": contents += MovieBoxes.made(part.type, track(bytes))
      case "udta" where !hasUserData:
        hasUserData = true
        contents += MovieBoxes.made(part.type, bytes + userData)
      default: contents += MovieBoxes.made(part.type, bytes)
      }
    }
    if !hasUserData && !userData.isEmpty { contents += Self.box("udta", userData) }
    let made = MovieBoxes.made(moov.type, contents)
    let failure = "\(path): cannot complete the file's description"
    guard let opened = fopen(file, "r+b") else {
      throw MediaError(code: inrr_error_from_errno(errno), .cannotWrite, failure)
    }
    defer { fclose(opened) }
    guard fseeko(opened, off_t(place), SEEK_SET) == 0, fwrite(made, 1, made.count, opened) == made.count,
      fflush(opened) == 0
    else { throw MediaError(code: inrr_error_from_errno(errno), .cannotWrite, failure) }
  }

  /// A track with the boxes for its sample description.
  private func track(_ bytes: [UInt8]) -> [UInt8] {
    guard
      let header = MovieBoxes.children(of: bytes, in: 0..<bytes.count).first(where: { $0.name == "tkhd" }),
      header.contents.count >= 24
    else { return bytes }
    let start = header.contents.lowerBound
    let place = start + (bytes[start] == 1 ? 20 : 12)
    guard let added = views[bytes[place..<place + 4].number] else { return bytes }
    return Self.appended(added, to: bytes, in: ["mdia", "minf", "stbl", "stsd"])
  }

  /// Boxes, with others added at the end of the first one that a path of names leads to.
  private static func appended(_ added: [UInt8], to bytes: [UInt8], in path: [String]) -> [UInt8] {
    guard let name = path.first else { return bytes }
    var made: [UInt8] = []
    for box in MovieBoxes.children(of: bytes, in: 0..<bytes.count) {
      let contents = Array(bytes[box.contents])
      if box.name != name {
        made += MovieBoxes.made(box.type, contents)
      } else if path.count > 1 {
        made += MovieBoxes.made(box.type, appended(added, to: contents, in: Array(path.dropFirst())))
      } else if let entry = MovieBoxes.children(of: contents, in: min(8, contents.count)..<contents.count)
        .first
      {
        // The first description of samples: 78 bytes and boxes; four empty bytes may end it.
        var own = Array(contents[entry.contents])
        let end =
          MovieBoxes.children(of: own, in: min(78, own.count)..<own.count).last?.contents.upperBound ?? 78
        if end < own.count && own[end...].allSatisfy({ $0 == 0 }) { own.removeLast(own.count - end) }
        let rest = contents[entry.contents.upperBound...]
        made += MovieBoxes.made(
          box.type, Array(contents[..<8]) + MovieBoxes.made(entry.type, own + added) + rest)
      }
    }
    return made
  }
}
