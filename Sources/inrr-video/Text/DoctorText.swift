import Media
import Pipelines

/// The text about the tool and its machine.
enum DoctorText {
  static func text(_ report: SystemReport) -> String {
    var lines = [
      ("tool", "\(Console.name) \(report.version), \(report.executable)"),
      ("processor", "\(Figures.count(report.threads, "thread")), instructions \(report.instructions)"),
    ]
    for library in report.libraries {
      let licence = library.licence.map { " (\($0))" } ?? ""
      lines.append(("library", "\(library.name) \(library.version)\(licence)"))
    }
    for codec in report.codecs { lines.append(("codec", self.codec(codec))) }
    let free = report.availableMemory.map { ", \(ByteCount.text($0)) of it free" } ?? ""
    lines.append(("memory", ByteCount.text(report.memory) + free))
    for folder in report.folders {
      let size = folder.free.map { "\(ByteCount.text($0)) free" } ?? "not there"
      lines.append(
        ("disk", "\(folder.path): \(size)\(folder.isWritable ? "" : ", NOT WRITABLE"), for \(folder.use)"))
    }
    lines += report.missing.isEmpty ? [("missing", "nothing")] : report.missing.map { ("MISSING", $0) }
    return Figures.table(lines, indent: 11)
  }

  private static func codec(_ codec: FFmpegBuild.Codec) -> String {
    let read = codec.decoder.map { "read by \($0)" } ?? "NOT READ"
    let write = codec.encoder.map { "written by \($0)" } ?? "NOT WRITTEN"
    return "\(codec.name): \(read), \(write)"
  }
}
