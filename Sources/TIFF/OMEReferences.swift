import Foundation

/// File names in a description in OME's XML: of the files of a set that are one image together, or the file's own.
public enum OMEReferences {
  private static let attributes = [" FileName=\"", " MetadataFile=\""]

  /// Checks before the work whether an output can get the input's description.
  ///
  /// - Throws: `TIFFError` where the output would still point to the files of the input's set.
  public static func check(source: String, output: String) throws {
    let directories = try TIFFDirectories(try TIFFBytes(path: source), name: source)
    _ = try changed(directories, source: source, output: output)
  }

  /// Changes the file's own name in a copy's description to the copy's name.
  ///
  /// - Throws: `TIFFError`.
  public static func update(copy: String, source: String, output: String) throws {
    let directories = try TIFFDirectories(try TIFFBytes(path: copy), name: output)
    for patch in try changed(directories, source: source, output: output) {
      guard let file = FileHandle(forUpdatingAtPath: copy) else {
        throw TIFFError(.cannotWrite, "\(output) can't be written")
      }
      defer { try? file.close() }
      do {
        try file.seek(toOffset: UInt64(patch.offset))
        try file.write(contentsOf: Data(patch.bytes))
      } catch {
        throw TIFFError(.cannotWrite, "\(output) can't be written: \(error.localizedDescription)")
      }
    }
  }

  /// The same for a file in memory.
  static func updated(_ file: [UInt8], _ directories: TIFFDirectories, source: String, output: String) throws
    -> [UInt8]
  {
    var result = file
    for patch in try changed(directories, source: source, output: output) { patch.apply(to: &result) }
    return result
  }

  private static func changed(_ directories: TIFFDirectories, source: String, output: String) throws
    -> [TIFFPatch]
  {
    guard let first = try directories.pages(most: 1).first, let entry = first.entry(270),
      let text = directories.text(270, of: first), text.contains("<OME")
    else { return [] }
    let (own, new) = (name(of: source), name(of: output))
    let others = Set(names(in: text)).subtracting([own, new])
    if own == new { return [] }
    if !others.isEmpty {
      let some = others.sorted().prefix(3).joined(separator: ", ")
      throw TIFFError(
        .unsupported,
        "\(source) is one of a set of files that its OME description names (\(some)), and \(output) would still point to "
          + "the others as they were: restore all files of the set under their own names into another folder, or save "
          + "the set as one file first")
    }
    guard names(in: text).contains(own) else { return [] }
    var changed = text
    for attribute in attributes {
      changed = changed.replacingOccurrences(
        of: attribute + escaped(own) + "\"", with: attribute + escaped(new) + "\"")
    }
    guard let patches = directories.replacing(entry, byText: changed) else {
      throw TIFFError(.cannotWrite, "\(output) can't be written: its description would lie beyond 4 GiB")
    }
    return patches
  }

  private static func names(in text: String) -> [String] {
    attributes.flatMap { attribute in
      text.components(separatedBy: attribute).dropFirst().compactMap { part in
        part.firstIndex(of: "\"").map { name(of: unescaped(String(part[..<$0]))) }
      }
    }
  }

  private static func name(of path: String) -> String { String(path.split(separator: "/").last ?? "") }

  private static let entities = [("&", "&amp;"), ("\"", "&quot;"), ("<", "&lt;"), (">", "&gt;")]

  private static func escaped(_ text: String) -> String {
    entities.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }

  private static func unescaped(_ text: String) -> String {
    entities.reversed().reduce(text) { $0.replacingOccurrences(of: $1.1, with: $1.0) }
  }
}
