import Foundation
import Media
import Pipelines

/// The text about a file: its streams, the timing of its frames, and what an output would keep.
enum ProbeText {
  static func text(_ outcome: ProbeJob.Outcome) -> String {
    let file = outcome.input
    var lines = [("file", summary(file))]
    if let video = file.video {
      lines += [("video", picture(video)), ("frames", frames(video)), ("timing", timing(video.timing))]
      lines += [("colour", colour(video)), ("shown", shown(video))]
    }
    for stream in file.streams {
      let fate = outcome.output?.streams.first { $0.stream == stream.index }
      lines.append(("stream \(stream.index)", self.stream(stream, fate)))
    }
    let videos = file.streams.filter { $0.kind == "video" && !$0.dispositions.contains("attached_pic") }
    if let video = file.video, videos.count > 1 {
      let others = videos.map(\.index).filter { $0 != video.stream }.map { "--stream \($0)" }
      lines.append(
        ("choice", "stream \(video.stream) would be restored; \(others.joined(separator: ", ")) for another"))
    }
    if file.chapters > 0 {
      let isLost = outcome.output.map { !$0.keepsChapters } ?? false
      lines.append(("chapters", "\(file.chapters)\(isLost ? ", LEFT OUT" : ", kept")"))
    }
    if let plan = outcome.output {
      let target = [plan.container, plan.encoder, plan.pixelFormat].compactMap { $0 }.joined(separator: ", ")
      lines.append(("output", "\(plan.path) (\(target))"))
      if let problem = plan.problem { lines.append(("problem", problem)) }
      lines += plan.warnings.map { ("NOT KEPT", $0) }
    }
    return Figures.table(lines.map { ($0, $1.replacing("\n", with: "\\n")) }, indent: 11)
  }

  private static func summary(_ file: FileReport) -> String {
    var parts = [file.container]
    if let duration = file.durationSeconds { parts.append(seconds(duration)) }
    if let start = file.startSeconds, start != 0 { parts.append("from \(seconds(start)) on") }
    if let bytes = file.bytes { parts.append("\(bytes) bytes") }
    return "\(file.path): \(parts.joined(separator: ", "))"
  }

  private static func picture(_ video: VideoReport) -> String {
    let fields =
      video.isInterlaced
      ? "interlaced\(video.fieldOrder == "unknown" ? "" : ", \(video.fieldOrder)")" : "progressive"
    return
      "\(video.codec), \(video.width)x\(video.height), \(video.pixelFormat) (\(video.bitDepth) bits), \(fields)"
  }

  private static func frames(_ video: VideoReport) -> String {
    var text = "\(video.frames), of them \(video.keyFrames) key frames"
    if video.hiddenPackets > 0 { text += "; \(video.hiddenPackets) more are cut away by an edit list" }
    if let announced = video.announcedFrames, announced != video.frames {
      text += "; the header suggests \(announced)"
    }
    return text
  }

  private static func timing(_ timing: TimingReport) -> String {
    var parts: [String] = []
    if let rate = timing.framesPerSecond { parts.append(String(format: "%.4g frames/s", rate)) }
    switch timing.isRegular {
    case true: parts.append("regular")
    case false:
      let steps = [timing.shortestStepSeconds, timing.longestStepSeconds].compactMap { $0 }.map(seconds)
      parts.append("irregular (steps of \(steps.joined(separator: " to ")))")
    default: break
    }
    if timing.missing > 0 { parts.append("\(timing.missing) frames without a time") }
    if timing.repeated > 0 { parts.append("\(timing.repeated) times given twice") }
    parts.append("time base \(timing.timeBase)")
    return parts.joined(separator: ", ")
  }

  private static func colour(_ video: VideoReport) -> String {
    let known = [
      ("range", video.colorRange), ("primaries", video.colorPrimaries), ("transfer", video.colorTransfer),
      ("matrix", video.colorMatrix), ("chroma", video.chromaLocation),
    ].compactMap { name, value in value.map { "\(name) \($0)" } }
    return known.isEmpty ? "nothing said" : known.joined(separator: ", ")
  }

  private static func shown(_ video: VideoReport) -> String {
    var text = "\(video.displayedWidth)x\(video.displayedHeight)"
    if let ratio = video.sampleAspectRatio, ratio != "1:1" { text += ", samples \(ratio)" }
    if video.isMirrored { text += ", mirrored" }
    if video.rotation != 0 { text += ", turned clockwise by \(video.rotation) degrees" }
    return text
  }

  private static func stream(_ stream: StreamReport, _ fate: OutputPlan.Fate?) -> String {
    var text = "\(stream.kind) \(stream.codec)"
    if let width = stream.width, let height = stream.height { text += ", \(width)x\(height)" }
    for word in [stream.language, stream.title].compactMap({ $0 }) { text += ", \(word)" }
    for word in stream.dispositions { text += ", \(word)" }
    for word in stream.sideData { text += ", \(word.lowercased())" }
    text += ": \(Figures.count(stream.packets, "packet"))"
    if stream.corruptPackets > 0 { text += ", \(stream.corruptPackets) damaged" }
    if let fate { text += "; \(fate.isKept ? "" : "LEFT OUT: ")\(fate.reason)" }
    return text
  }

  private static func seconds(_ value: Double) -> String { String(format: "%.3f s", value) }
}

/// The text about a volume.
extension ProbeText {
  static func text(_ outcome: VolumeProbeJob.Outcome) -> String {
    var lines = [("file", "\(outcome.path): \(outcome.format)"), ("read as", outcome.reading)]
    if let doubt = outcome.doubt { lines.append(("but", doubt)) }
    lines.append(("spacing", numbers(outcome.spacing, between: " x ")))
    if let affine = outcome.affine {
      let rows = stride(from: 0, to: 12, by: 4).map { numbers(Array(affine[$0..<$0 + 4]), between: " ") }
      lines.append(("affine", rows.joined(separator: "; ")))
    }
    if outcome.slope != 1 || outcome.intercept != 0 {
      let slope = numbers([outcome.slope], between: "")
      lines.append(("scale", "\(slope) x stored + \(numbers([outcome.intercept], between: ""))"))
    }
    if let range = outcome.range { lines.append(("numbers", numbers(range, between: " to "))) }
    if outcome.notNumbers > 0 { lines.append(("missing", "\(outcome.notNumbers) voxels are no numbers")) }
    if outcome.smallerCopies > 0 {
      lines.append(("copies", "\(outcome.smallerCopies) smaller ones, which follow a restoration"))
    }
    return Figures.table(lines, indent: 11)
  }

  private static func numbers(_ values: [Double], between separator: String) -> String {
    values.map { String(format: "%.6g", $0) }.joined(separator: separator)
  }
}
