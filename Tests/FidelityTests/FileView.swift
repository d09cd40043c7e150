import Foundation
import Media
import TestSupport

/// What ffprobe says about a file, as a list of fields.
struct FileView {
  /// Paths such as `stream.1.codec_name`; the video's begin with `video`.
  var fields: [String: String] = [:]
  /// Index of the video that is restored.
  var video = 0
  /// Times of the video's frames in seconds, their durations, and whether they are interlaced and top field first.
  var frameTimes: [Double] = []
  var frameDurations: [Double] = []
  var frameFields: [String] = []
  /// Packets by stream.
  var packets: [Int: [Packet]] = [:]
  var kinds: [Int: String] = [:]

  struct Packet: Equatable {
    var time: Double?
    var duration: Double?
    var isKey: Bool
    var hash: String
  }

  init(_ path: String, in folder: ScratchFolder) throws {
    let entries =
      "format:format_tags:stream:stream_tags:stream_disposition:stream_side_data:chapter:chapter_tags:"
      + "packet=stream_index,pts_time,dts_time,duration_time,flags,data_hash:"
      + "frame=stream_index,best_effort_timestamp_time,pkt_duration_time,duration_time,interlaced_frame,"
      + "top_field_first"
    // Of itself ffprobe finds sequences that begin with a number below 5.
    let start = try ImageSequence(path: path).map { ["-start_number", "\($0.first)"] } ?? []
    let result = try Command.run(
      "ffprobe",
      start + [
        "-v", "error", "-of", "json", "-show_format", "-show_streams", "-show_chapters", "-show_packets",
        "-show_frames", "-show_data_hash", "md5", "-show_entries", entries, path,
      ], in: folder.path)
    let document = try Self.object(result)
    let streams = document["streams"] as? [[String: Any]] ?? []
    video = try VideoReader(path: path).info.streamIndex
    for (index, stream) in streams.enumerated() {
      kinds[index] = stream["codec_type"] as? String
      flatten(stream, index == video ? "video" : "stream.\(index)")
    }
    flatten(document["format"] ?? [:], "format")
    for (index, chapter) in (document["chapters"] as? [[String: Any]] ?? []).enumerated() {
      flatten(chapter, "chapter.\(index)")
    }
    for entry in document["packets_and_frames"] as? [[String: Any]] ?? [] { note(entry) }
  }

  private mutating func note(_ entry: [String: Any]) {
    let index = entry["stream_index"] as? Int ?? 0
    if entry["type"] as? String == "packet" {
      packets[index, default: []].append(
        Packet(
          time: Self.number(entry["pts_time"] ?? entry["dts_time"]),
          duration: Self.number(entry["duration_time"]),
          isKey: (entry["flags"] as? String)?.hasPrefix("K") ?? false,
          hash: entry["data_hash"] as? String ?? ""))
    } else if entry["type"] as? String == "frame" && index == video {
      frameTimes.append(Self.number(entry["best_effort_timestamp_time"]) ?? .nan)
      frameDurations.append(Self.number(entry["duration_time"] ?? entry["pkt_duration_time"]) ?? .nan)
      let isInterlaced = entry["interlaced_frame"] as? Int == 1
      frameFields.append(
        isInterlaced ? (entry["top_field_first"] as? Int == 1 ? "top first" : "bottom first") : "progressive")
    }
  }

  private mutating func flatten(_ value: Any, _ path: String) {
    if let object = value as? [String: Any] {
      for (key, value) in object where key != "index" && !key.hasPrefix("nb_read_") {
        // Matroska has capital letters for some tags' names.
        flatten(value, "\(path).\(path.hasSuffix("tags") ? key.lowercased() : key)")
      }
    } else if let list = value as? [Any] {
      for (index, value) in list.enumerated() {
        // Side data is known by its name, not by its place.
        let name = (value as? [String: Any])?["side_data_type"] as? String
        flatten(value, "\(path).\(name ?? String(index))")
      }
    } else {
      fields[path] = "\(value)"
    }
  }

  private static func object(_ result: Command.Result) throws -> [String: Any] {
    guard result.status == 0 else { throw ProbeFailed(message: result.errors) }
    return try JSONSerialization.jsonObject(with: result.outputData) as? [String: Any] ?? [:]
  }

  private static func number(_ value: Any?) -> Double? { (value as? String).flatMap(Double.init) }
}

/// What ffprobe said where it could not read a file.
struct ProbeFailed: Error {
  var message: String
}
