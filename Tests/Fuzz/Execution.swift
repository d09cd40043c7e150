import Foundation
import Kernels
import Masks
import Media
import Pipelines
import Reconstruction
import TestSupport
import Volumes

/// Files that are read one after the other, in this process.
struct Executions {
  /// What no file may do to the tool.
  struct Find: Error, CustomStringConvertible {
    var description: String
  }

  /// What reading a file may take at most.
  struct Bounds {
    /// Bytes beyond what the data are.
    var memory = 512 << 20
    /// Of processors, so that a machine that is busy with other things finds nothing. `Campaign` sees to files that are waited for.
    var seconds = 10.0
  }

  let format: FuzzFormat
  let scratch: ScratchFolder
  let seeds: [FuzzSeed]
  let bounds: Bounds

  init(_ format: FuzzFormat, bounds: Bounds = Bounds()) throws {
    (self.format, self.bounds) = (format, bounds)
    scratch = try ScratchFolder()
    seeds = try format.seeds(scratch)
    if seeds.isEmpty { throw Find(description: "there are no sound files of \(format.name)") }
  }

  /// The file that is read now.
  var input: String { scratch.file("input\(format.suffix)") }

  /// - Throws: `Find`.
  func run(campaign: UInt64, execution: Int) throws {
    try read(FuzzFormat.file(seeds, campaign: campaign, execution: execution))
  }

  /// Reads the sound files, which must be accepted.
  ///
  /// - Throws: `Find`.
  func readSeeds() throws {
    for seed in seeds where seed.isSound {
      try scratch.write(seed.file(seed.content), to: "input\(format.suffix)")
      do { _ = try format.read(input) } catch { throw Find(description: "a sound file is refused: \(error)") }
    }
  }

  /// - Throws: `Find`.
  func read(_ file: [UInt8]) throws {
    try scratch.write(file, to: "input\(format.suffix)")
    let before = ProcessMemory.now
    ProcessMemory.resetPeak()
    let start = ProcessTime.now
    var data = 0
    do { data = try format.read(input) } catch { try check(error) }
    let seconds = ProcessTime.now - start
    if seconds > bounds.seconds { throw Find(description: "reading it took \(seconds) s") }
    let memory = ProcessMemory.peak - before
    if memory > bounds.memory + data {
      throw Find(description: "reading it took \(memory >> 20) MiB, of which its data are \(data >> 20)")
    }
  }

  /// An error must be one that the tool has an exit code for, and say something that a person can read.
  private func check(_ error: any Error) throws {
    let sentence: String
    switch error {
    case let error as JobError: sentence = error.description
    case let error as VolumeError: sentence = error.description
    case let error as MediaError: sentence = error.description
    case let error as MaskError: sentence = error.message
    case SafeTensors.ReadError.malformed(let reason): sentence = reason
    case is MaskRanOut, is RestorationError: return
    default: throw Find(description: "an error that no exit code stands for: \(type(of: error)): \(error)")
    }
    if sentence.isEmpty || sentence.contains("Optional(") || sentence.contains("Error(") {
      throw Find(description: "an error that nobody understands: \(sentence)")
    }
  }
}

/// The time that processors have spent on this process, seconds.
enum ProcessTime {
  static var now: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

  /// The same of another process; 0 where there is none.
  static func of(_ process: pid_t) -> Double {
    var clock = clockid_t()
    return clock_getcpuclockid(process, &clock) == 0 ? seconds(clock) : 0
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// The memory of this process that is in use, bytes.
enum ProcessMemory {
  static var now: Int {
    let fields =
      (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }

  /// The most since `resetPeak`.
  static var peak: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) << 10
  }

  static func resetPeak() {
    guard let file = fopen("/proc/self/clear_refs", "w") else { return }
    fputs("5", file)
    fclose(file)
  }
}
