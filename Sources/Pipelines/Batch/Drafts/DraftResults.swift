import Foundation

/// What was found in the inputs of a draft: for each a small file that says so, and one with its units and masks. An input whose
/// small file is there is read, for that is written last.
struct DraftResults: Sendable {
  let folder: String

  /// The small file.
  struct Entry: Codable, Sendable {
    var task: ShardPlan.Task
    /// The name of the file of units and masks, in the same folder.
    var data: String
  }

  private func path(_ number: Int) -> String { "\(folder)/\(number).json" }

  func isRead(_ number: Int) -> Bool { access(path(number), F_OK) == 0 }

  /// - Returns: nil where the input is not read yet, or what is there is no result.
  func entry(_ number: Int) -> Entry? {
    guard let data = FileManager.default.contents(atPath: path(number)),
      let entry = try? JSONDecoder().decode(Entry.self, from: data), !entry.data.contains("/")
    else { return nil }
    return entry
  }

  /// What pieces of an input found in its scenes, a file each.
  func scenes(of number: Int, pieces: Int) -> [String] {
    (0..<pieces).map { "\(folder)/\(number)-\($0).scenes" }
  }

  func data(of entry: Entry) -> PlanData.Reader { PlanData.Reader(path: "\(folder)/\(entry.data)") }

  /// Keeps what is found in an input. Two processes at the same input write files of their own, of which one stays.
  ///
  /// - Parameter read: reads the input, and adds its units and masks to the file that it is given.
  /// - Throws: `JobError`.
  func keep(_ number: Int, _ read: (PlanData) throws -> ShardPlan.Task) throws {
    try AtomicFile.makeFolder(folder)
    let name = "\(number)-\(ContentHash.text(of: UUID().uuidString).prefix(12)).units"
    do {
      let data = try PlanData(adding: "\(folder)/\(name)")
      let entry = Entry(task: try read(data), data: name)
      try data.finish()
      let before = self.entry(number)
      try AtomicFile.write(try ReportJSON.encoder().encode(entry), to: path(number))
      if let before { unlink("\(folder)/\(before.data)") }
    } catch {
      unlink("\(folder)/\(name)")
      throw error
    }
  }
}
