import Foundation
import Synchronization

/// The file beside a plan that holds the units and the masks of its inputs: blocks of bytes, one after the other, that are never
/// changed. Safe to add to from several threads.
package final class PlanData: Sendable {
  /// A part of the file, with the first half of its SHA-256.
  package struct Block: Sendable, Codable, Equatable {
    package var offset: Int
    package var length: Int
    package var hash: String
  }

  private struct State {
    var end: Int
    var pending = Data()
  }

  private let path: String
  private let descriptor: Int32
  private let state: Mutex<State>

  /// Bytes that wait to be written together.
  private static let most = 1 << 20

  /// Opens the file to add to it.
  ///
  /// - Throws: `JobError` of kind `.output`.
  init(adding path: String) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw Self.failure(path, errno) }
    let end = lseek(descriptor, 0, SEEK_END)
    state = Mutex(State(end: max(0, Int(end))))
  }

  deinit { close(descriptor) }

  private static func failure(_ path: String, _ code: Int32) -> JobError {
    JobError(
      [ENOSPC, EDQUOT].contains(code) ? .tryAgain : .output,
      "\(path) can't be written: \(String(cString: strerror(code)))")
  }

  private static func hash(_ data: Data) -> String {
    let hash = ContentHash()
    data.withUnsafeBytes { hash.add($0) }
    return String(hash.finishText().prefix(32))
  }

  /// Adds JSON that is the same for the same value.
  func add(json value: some Encodable) throws -> Block {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try add(encoder.encode(value))
  }

  func add(_ data: Data) throws -> Block {
    let hash = Self.hash(data)
    return try state.withLock { state in
      let block = Block(offset: state.end + state.pending.count, length: data.count, hash: hash)
      state.pending.append(data)
      if state.pending.count >= Self.most { try write(&state) }
      return block
    }
  }

  private func write(_ state: inout State) throws {
    let path = path
    let written = state.pending.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = pwrite(
          descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(state.end + done))
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return done }
        done += count
      }
      return done
    }
    if written < state.pending.count { throw Self.failure(path, errno) }
    state.end += written
    state.pending = Data()
  }

  /// Writes everything to the disk.
  func finish() throws {
    try state.withLock { try write(&$0) }
    if fsync(descriptor) != 0 { throw Self.failure(path, errno) }
  }

  /// Reads blocks of a file that is complete.
  struct Reader: Sendable {
    let path: String

    /// - Throws: `JobError`: `.input` where the file can't be read, `.configuration` where it is not the plan's.
    func data(_ block: Block) throws -> Data {
      guard let file = fopen(path, "rb") else {
        throw JobError.input("\(path) can't be read: it belongs to the plan, beside which it must lie")
      }
      defer { fclose(file) }
      let size = block.offset.addingReportingOverflow(block.length)
      var status = stat()
      let isThere =
        block.offset >= 0 && block.length >= 0 && !size.overflow && fstat(fileno(file), &status) == 0
        && size.partialValue <= Int(status.st_size) && fseeko(file, off_t(block.offset), SEEK_SET) == 0
      var data = Data(count: isThere ? block.length : 0)
      let count = data.withUnsafeMutableBytes { fread($0.baseAddress, 1, $0.count, file) }
      guard isThere, count == block.length, PlanData.hash(data) == block.hash else {
        throw JobError.configuration("\(path) is damaged: make the plan anew with inrr-video plan --force")
      }
      return data
    }
  }
}

extension ShardPlan {
  var data: PlanData.Reader { PlanData.Reader(path: dataPath) }

  /// The units of a task.
  ///
  /// - Throws: `JobError`.
  func units(of task: Task) throws -> [PlannedUnit] {
    let foreign = JobError.configuration(
      "\(dataPath) is not of \(path): make the plan anew with inrr-video plan --force")
    guard let block = task.unitBlock else {
      if task.units != 0 { throw foreign }
      return []
    }
    guard let units = try? JSONDecoder().decode([PlannedUnit].self, from: data.data(block)),
      units.count == task.units, units.allSatisfy(\.isSound)
    else {
      // Says what is wrong with the file, where that is it.
      _ = try data.data(block)
      throw foreign
    }
    return units
  }
}
