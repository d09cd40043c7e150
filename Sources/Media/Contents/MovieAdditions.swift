internal import CFFmpeg

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Boxes for the description of an MP4 or QuickTime file that FFmpeg does not write there.
struct MovieAdditions {
  /// For the sample descriptions of tracks, by their numbers.
  private var views: [Int: [UInt8]] = [:]
  var userData: [UInt8] = []

  var isEmpty: Bool { views.isEmpty && userData.isEmpty }

  /// Takes down stereo 3D and spherical mapping, which FFmpeg 5.1 writes into MP4 alone. What is written here FFmpeg must
  /// not write another time, as 7.1 does.
  mutating func addViews(of streams: [UnsafeMutablePointer<AVStream>]) {
    for stream in streams {
      let boxes = Self.stereo(of: stream) + Self.spherical(of: stream)
      if boxes.isEmpty { continue }
      views[Int(stream.pointee.index) + 1] = boxes
      inrr_stream_remove_side_data(stream, AV_PKT_DATA_STEREO3D)
      inrr_stream_remove_side_data(stream, AV_PKT_DATA_SPHERICAL)
    }
  }

  private static func stereo(of stream: UnsafeMutablePointer<AVStream>) -> [UInt8] {
    var size = 0
    guard let data = inrr_stream_side_data(stream, AV_PKT_DATA_STEREO3D, &size),
      size >= MemoryLayout<AVStereo3D>.size
    else { return [] }
    let packing = UnsafeRawPointer(data).loadUnaligned(as: AVStereo3D.self)
    let modes = [AV_STEREO3D_2D, AV_STEREO3D_TOPBOTTOM, AV_STEREO3D_SIDEBYSIDE]
    guard packing.flags == 0, let mode = modes.firstIndex(of: packing.type) else { return [] }
    return box("st3d", [0, 0, 0, 0, UInt8(mode)])
  }

  private static func spherical(of stream: UnsafeMutablePointer<AVStream>) -> [UInt8] {
    var size = 0
    guard let data = inrr_stream_side_data(stream, AV_PKT_DATA_SPHERICAL, &size),
      size >= MemoryLayout<AVSphericalMapping>.size
    else { return [] }
    let mapping = UnsafeRawPointer(data).loadUnaligned(as: AVSphericalMapping.self)
    let projection: [UInt8]
    switch mapping.projection {
    case AV_SPHERICAL_EQUIRECTANGULAR, AV_SPHERICAL_EQUIRECTANGULAR_TILE:
      let bounds = [mapping.bound_top, mapping.bound_bottom, mapping.bound_left, mapping.bound_right]
      projection = box("equi", [0, 0, 0, 0] + bounds.flatMap { MovieBoxes.number(Int($0)) })
    case AV_SPHERICAL_CUBEMAP:
      projection = box("cbmp", [0, 0, 0, 0, 0, 0, 0, 0] + MovieBoxes.number(Int(mapping.padding)))
    default: return []
    }
    let angles = [mapping.yaw, mapping.pitch, mapping.roll].flatMap { MovieBoxes.number(Int($0)) }
    return box(
      "sv3d",
      box("svhd", [0, 0, 0, 0, 0]) + box("proj", box("prhd", [0, 0, 0, 0] + angles) + projection))
  }

  private static func box(_ type: String, _ contents: [UInt8]) -> [UInt8] {
    MovieBoxes.made(Array(type.utf8), contents)
  }

  /// Puts the boxes into the description of a complete file, at whose end it is.
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

  /// A track with what its sample description gets.
  private func track(_ bytes: [UInt8]) -> [UInt8] {
    guard
      let header = MovieBoxes.children(of: bytes, in: 0..<bytes.count).first(where: { $0.name == "tkhd" }),
      header.contents.count >= 24
    else { return bytes }
    let start = header.contents.lowerBound
    let place = start + (bytes[start] == 1 ? 20 : 12)
    guard let added = views[MovieBoxes.number(bytes[place..<place + 4])] else { return bytes }
    return Self.appended(added, to: bytes, in: ["mdia", "minf", "stbl", "stsd"])
  }

  /// Boxes with others at the end of the first one that a path of names leads to.
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
