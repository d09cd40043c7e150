import Foundation
import Kernels

/// A batch as units of work, for any number of machines: what is to be done, once and for all.
///
/// The plan itself, a file of JSON, says of each input how many units it has and what they cost; the units and the masks of
/// their frames are in a second file beside it (`PlanData`), of which a process reads what it works on. Neither is changed once
/// it is written; further inputs are added at their ends.
public struct ShardPlan: Sendable, Codable {
  /// The form of the file. Plans of version 0.13 and before say none.
  static let format = 5

  /// An input of the plan.
  package struct Task: Sendable, Codable {
    var job: String
    var input: String
    var output: String
    /// Hashes of contents and settings, as the journal has them.
    var inputHash: String
    var maskHash: String?
    var settingsHash: String
    /// Sizes, times and numbers of the files, by which it is seen without reading them that they are the same.
    var stamp: String
    var frames = 0
    /// Units of the input, and what they cost together.
    var units = 0
    var cost = 0.0
    /// Whether frames can be reached without decoding all before them.
    var isSought = false
    /// The first interlaced frame: it and all after it are taken apart into fields; nil for none.
    var firstStacked: Int?
    /// Why the input can't be restored; nil where it can. Such an input has no units, and the merge reports it as failed.
    var fault: String?
    /// Where its units, and the masks of its frames, are in the file beside the plan; nil for none.
    package var unitBlock: PlanData.Block?
    var maskBlock: PlanData.Block?
    /// What is told of damage that was found, or of masks that were followed (`MaskReplay.Found`).
    var foundBlock: PlanData.Block?
    /// What overlays that may be seen through are made of (`OverlayFinding`).
    var overlayBlock: PlanData.Block?
    /// Of a file of volumes whose slices are read by themselves, what must be known of them (`PlannedVolume`).
    var volumeBlock: PlanData.Block?
    /// In a draft, the time stamps at which pieces of the input begin that are looked through by themselves, but for the first;
    /// nil where it is not cut.
    var cuts: [Int64]?

    /// Whether its numbers are those of some input, far from where sums overflow.
    var isSound: Bool {
      let areTimes = (cuts ?? []).allSatisfy { (-1 << 60..<1 << 60).contains($0) }
      return (0..<1 << 32).contains(units) && (0..<1 << 40).contains(frames) && cost.isFinite && cost >= 0
        && areTimes && (cuts ?? []).count < 1 << 16
    }

    enum CodingKeys: String, CodingKey {
      case job, input, output, stamp, frames, units, cost, fault, cuts
      case inputHash = "input_hash"
      case maskHash = "mask_hash"
      case settingsHash = "settings_hash"
      case isSought = "is_sought"
      case firstStacked = "first_stacked"
      case unitBlock = "unit_block"
      case maskBlock = "mask_block"
      case foundBlock = "found_block"
      case overlayBlock = "overlay_block"
      case volumeBlock = "volume_block"
    }
  }

  var format: Int
  public var tool: String
  /// The kind of processor that its units' hashes are of (`Processor.kind`).
  var processor: String
  /// Tells plans apart: what is claimed of one is not claimed of another. Files and folders are named by it.
  var id: String
  /// Bytes of an `id` at most, so that no name becomes longer than a name may be.
  private static let mostOfID = 64
  /// The absolute path of the file of jobs, and the settings that were given over it.
  public var pipeline: String
  public var sets: [String]
  /// Which part of the inputs it is of, where several machines plan; nil for all.
  var part: ShardIndex?
  /// Whether its inputs are still to be read (`PlanDraft`); nil for a plan.
  var isDraft: Bool?
  /// The draft that it was made of; nil where the inputs were read at once.
  var madeOf: String?
  /// What a piece that is claimed may cost.
  var pieceCost: Double
  package var tasks: [Task]
  /// Where the plan was read from.
  public var path = ""

  enum CodingKeys: String, CodingKey {
    case format, tool, processor, id, pipeline, sets, part, tasks
    case isDraft = "is_draft"
    case madeOf = "made_of"
    case pieceCost = "piece_cost"
  }

  public var inputCount: Int { tasks.count }
  public var unitCount: Int { tasks.reduce(0) { $0 + $1.units } }
  var cost: Double { tasks.reduce(0) { $0 + $1.cost } }

  /// Why inputs that have no units can't be restored.
  public var faults: [String] { tasks.compactMap(\.fault) }

  /// Inputs with units whose frames can only be reached by decoding all before them.
  public var unsoughtInputs: [String] { tasks.filter { $0.units > 0 && !$0.isSought }.map(\.input) }

  /// - Throws: `JobError`: `.input` for a file that can't be read, `.configuration` for one that is no plan, a plan of
  ///   another version, or one of a user who is not trusted.
  public init(path: String) throws {
    self = try Self.read(path)
    if isDraft == true {
      throw JobError.configuration(
        "\(path) is the draft of a plan, whose inputs are still to be read: have that done with inrr-video run --plan "
          + "\(path) --claim, then make the plan with inrr-video plan --from \(path) -o plan.json")
    }
  }

  /// Reads a plan or the draft of one.
  ///
  /// - Throws: `JobError`, as above.
  static func read(_ path: String) throws -> ShardPlan {
    try FileOwner.check(path, "a plan", advice: "make one of your own with inrr-video plan")
    guard let data = FileManager.default.contents(atPath: path) else {
      throw JobError.input("\(path) can't be read: make it with inrr-video plan")
    }
    let foreign = JobError.configuration("\(path) is no plan: make it with inrr-video plan")
    guard var plan = try? JSONDecoder().decode(ShardPlan.self, from: data),
      plan.format == format, plan.tool == ToolVersion.current
    else { throw otherVersion(data, path: path) ?? foreign }
    // Bounds beyond any input, and far from where sums overflow.
    let isSound =
      plan.tasks.count < 1 << 24 && plan.pieceCost.isFinite && (1...mostOfID).contains(plan.id.utf8.count)
      && plan.id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      && plan.tasks.allSatisfy(\.isSound)
    if !isSound { throw foreign }
    plan.path = path
    return plan
  }

  /// What to say of a plan of another version; nil for what is no plan of any, or a damaged one of this.
  private static func otherVersion(_ data: Data, path: String) -> JobError? {
    struct Version: Decodable {
      var format: Int?
      var tool: String
      var tasks: [Empty]
      struct Empty: Decodable {}
    }
    guard let version = try? JSONDecoder().decode(Version.self, from: data),
      version.format != format || version.tool != ToolVersion.current
    else { return nil }
    return .configuration(
      "\(path) is a plan of another version of the tool (\(version.tool), form \(version.format ?? 1); this is "
        + "\(ToolVersion.current), form \(format)): make it anew with inrr-video plan --force")
  }

  init(pipeline: String, sets: [String], path: String) {
    (format, tool, self.pipeline, self.sets, self.path) = (
      Self.format, ToolVersion.current, pipeline, sets, path
    )
    processor = Processor.kind
    id = String(ContentHash.text(of: UUID().uuidString).prefix(12))
    (pieceCost, tasks) = (0, [])
  }

  /// - Throws: `JobError` of kind `.configuration` where this machine would solve units to other samples than the one that
  ///   planned them.
  func checkProcessor() throws {
    let here = Processor.kind
    if processor == here { return }
    let words = processor.components(separatedBy: ", OpenBLAS ")
    throw JobError.configuration(
      "\(path) was made for processors with \(processor), and this machine works with \(here), whose results differ in their "
        + "last digits: set INRR_INSTRUCTIONS=\(words.first ?? "") OPENBLAS_CORETYPE=\(words.last ?? "") where the processor "
        + "has that, or plan with the settings of the least of all machines (see docs/cluster.md)")
  }

  func write() throws {
    try AtomicFile.checkFolder(of: path)
    try AtomicFile.write(try ReportJSON.encoder().encode(self), to: path)
  }

  /// The file that units and masks are in.
  package var dataPath: String { "\(path).\(id).units" }

  /// Who is at work on what, in the work folder.
  func folder(in work: String) -> String { "\(work)/plans/\(id)" }

  /// The number of each task's first unit, and at the end the number of all.
  var firstUnits: [Int] { tasks.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.units) } }
}
