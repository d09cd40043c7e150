import Foundation
import Reconstruction
import TestSupport
import Testing

@testable import Pipelines

/// Units of volumes, made of the slices that they need.
@Suite struct PlannedSlicesTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// - Parameter scale: a line of settings.
  private func plan(_ input: String, mask: String, scale: String = "") throws -> ShardPlan {
    try folder.write(
      Array(
        """
        version: 1
        jobs:
          - inputs: \(input)
            mask: {\(mask)}
            solve: {preset: fast, window: {frames: 6, overlap: 2}\(scale)}
            output: "out/{name}"
        """.utf8), to: "p.yaml")
    return try PlanMaker().make(yaml: folder.file("p.yaml"), sets: [], output: folder.file("plan.json"))
  }

  private func slices(_ plan: ShardPlan) throws -> PlannedSlices? {
    let task = try #require(PlannedBatch(plan, tasks: [0]).tasks[0])
    return try PlannedSlices(task.restore, plan.tasks[0], data: plan.data, execution: Execution(threads: 1))
  }

  /// A series of two volumes with other numbers, of which a box and a few voxels are missing.
  private func writeSeries() throws {
    var fixture = NIfTIFixture(isBigEndian: true, sizes: [11, 10, 16, 2], slope: 2, intercept: -500)
    var chance = Chance(seed: 4)
    fixture.voxels = (0..<11 * 10 * 32).flatMap { i in
      NIfTIFixture.bytes(Int16(i % 97 * 20 + chance.int(0...9) + i / 1760 * 300), true)
    }
    try folder.write(fixture.file(), to: "in.nii")
  }

  @Test func unitsAreThoseOfTheWholeVolume() throws {
    try writeSeries()
    let plan = try plan("in.nii", mask: "boxes: \"3,2,4,4,5,9\"")
    #expect(plan.tasks[0].fault == nil && plan.tasks[0].isSought && plan.unsoughtInputs.isEmpty)
    let units = try plan.units(of: plan.tasks[0])
    try #require(units.count >= 4)
    var slices = try #require(try slices(plan))
    for unit in units.reversed() {
      let found = try #require(try slices.unit(at: unit.place))
      #expect(try UnitKey(found) == unit.unitKey)
    }
    // Slices that the series has not.
    var place = units[0].place
    place.first = 32
    #expect(try slices.unit(at: place) == nil)
    // Nothing else of the file is read: other slices may change.
    let last = try #require(units.last?.place)
    let area = 11 * 10 * 2
    let path = folder.file("in.nii")
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let start = bytes.count - 32 * area
    for i in start..<start + last.first * area { bytes[i] = 0 }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(try slices.unit(at: last).map { try UnitKey($0) } == units.last?.unitKey)
    let first = try #require(try slices.unit(at: units[0].place))
    #expect(try UnitKey(first) != units[0].unitKey)
  }

  @Test func othersAreReadWhole() throws {
    try writeSeries()
    // Slices across y are missing as a whole: frames lie across y.
    let across = try plan("in.nii", mask: "slices: 3, axis: y")
    #expect(across.tasks[0].units > 0 && !across.tasks[0].isSought)
    #expect(try slices(across) == nil)
    let finer = try plan("in.nii", mask: "slices: 3", scale: ", scale: \"1,1,2\"")
    #expect(finer.tasks[0].units > 0 && !finer.tasks[0].isSought)
    #expect(try slices(finer) == nil)
  }
}
