/// What an input has and its output has not, in sentences.
struct Losses {
  private let lost: Set<FileContents.Item>
  private let output: OutputSetup
  private var container: String { output.container.name }

  /// - Parameters:
  ///   - input: what the source has.
  ///   - kept: what the output has.
  init(of input: FileContents, in kept: FileContents, _ output: OutputSetup) {
    // Some containers have a time code for the file, others for its video.
    let saysStart = kept.items.contains {
      switch $0 {
      case .tag("timecode"), .streamTag(_, "timecode"): true
      default: false
      }
    }
    lost = input.items.subtracting(kept.items).subtracting(saysStart ? [.tag("timecode")] : [])
    self.output = output
  }

  var keepsChapters: Bool { !lost.contains(.chapters) }

  /// What players do to a picture.
  static func turn(_ degrees: Int, isMirrored: Bool) -> String {
    if isMirrored {
      return degrees == 0 ? "mirror the picture" : "mirror the picture and turn it by \(degrees) degrees"
    }
    return "turn the picture by \(degrees) degrees"
  }

  /// A sentence for each kind.
  func sentences(of source: VideoReader) -> [String] {
    var made: [String] = []
    let refusal = "the container \(container) cannot hold them"
    if lost.contains(.chapters) {
      made.append("its \(source.demuxer.context.pointee.nb_chapters) chapters were left out: \(refusal)")
    }
    if lost.contains(.streamGroups) { made.append("its groups of streams are not kept: \(refusal)") }
    for case .programs(let count) in lost {
      made.append("its \(count) programs are not kept apart: the container \(container) cannot say them")
    }
    let services = list { if case .service(let name) = $0 { "'\(name)'" } else { nil } }
    if let services {
      made.append("the service name \(services) is not kept: the container \(container) cannot say it")
    }
    let tags = list { if case .tag(let key) = $0 { key } else { nil } }
    if let tags { made.append("these tags are not kept: \(tags): \(refusal)") }
    for number in streams {
      let tags = list { if case .streamTag(number, let key) = $0 { key } else { nil } }
      if let tags { made.append("these tags of stream \(number) are not kept: \(tags): \(refusal)") }
      let marks = list { if case .disposition(number, let name) = $0 { name } else { nil } }
      if let marks {
        made.append(
          "stream \(number) is no longer marked as \(marks): the container \(container) cannot say it")
      }
      let data = list { if case .streamData(number, let content) = $0 { content.name } else { nil } }
      if let data {
        made.append("of stream \(number) this is not kept: \(data): the container \(container) cannot say it")
      }
    }
    let boxes = list { if case .box(let name) = $0 { name } else { nil } }
    if let boxes {
      made.append("these boxes of its maker's are not kept: \(boxes): FFmpeg does not read them")
    }
    let contents = lost.compactMap { if case .picture(let content) = $0 { content } else { nil } }
    if contents.contains(.orientation) {
      let turn = Self.turn(source.info.rotation, isMirrored: source.info.isMirrored)
      made.append(
        "players \(turn), which the container \(container) cannot say: the output is "
          + "shown as stored; a name ending in .mov or .mp4 keeps the turn")
    }
    made += Self.sentences(contents.filter { $0 != .orientation }, output)
    return made.map { "\(source.path): \($0)" }
  }

  /// A sentence for each kind that pictures have.
  static func sentences(_ contents: [PictureContent], _ output: OutputSetup) -> [String] {
    contents.map { content in
      let reason = content.reason(container: output.container.name, encoder: output.choice.name)
      return "\(content.name) \(content.isPlural ? "are" : "is") not kept: \(reason)"
    }.sorted()
  }

  private var streams: [Int] {
    let numbers = lost.compactMap { item -> Int? in
      switch item {
      case .streamTag(let number, _), .disposition(let number, _), .streamData(let number, _): number
      default: nil
      }
    }
    return Set(numbers).sorted()
  }

  private func list(_ name: (FileContents.Item) -> String?) -> String? {
    let names = lost.compactMap(name).sorted()
    return names.isEmpty ? nil : names.joined(separator: ", ")
  }
}

extension PictureContent {
  var isPlural: Bool {
    switch self {
    case .captions, .dolbyVision, .hdr10Plus, .hdrVivid, .lightLevels, .timecode, .groupTimecode, .userData,
      .registered, .message:
      true
    default: false
    }
  }

  /// Why an output does not keep it.
  func reason(container: String, encoder: String) -> String {
    switch self {
    case .dolbyVisionConfiguration, .spherical, .stereo, .orientation:
      "neither the encoder \(encoder) nor the container \(container) says it"
    case .dolbyVision where encoder == "libx265":
      "they are for a second layer of the picture, which cannot be written"
    case .groupTimecode, .panScan, .colourProfile, .tag, .other:
      "neither the encoder \(encoder) nor the container \(container) writes \(isPlural ? "them" : "it")"
    default: "the encoder \(encoder) does not write \(isPlural ? "them" : "it") (HEVC and H.264 keep most)"
    }
  }
}
