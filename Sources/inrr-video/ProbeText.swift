import Foundation
import Media
import Pipelines

/// What a person reads about a file: what is in it, how its frames follow each other, what would become of it.
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
    return lines.map { name, text in
      name.padding(toLength: 11, withPad: " ", startingAt: 0) + text.replacing("\n", with: "\\n")
    }
    .joined(separator: "\n")
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
    text += ": \(stream.packets) packet\(stream.packets == 1 ? "" : "s")"
    if stream.corruptPackets > 0 { text += ", \(stream.corruptPackets) damaged" }
    if let fate { text += "; \(fate.isKept ? "" : "LEFT OUT: ")\(fate.reason)" }
    return text
  }

  private static func seconds(_ value: Double) -> String { String(format: "%.3f s", value) }
}
