import Inspection
import TestSupport
import Testing
import Volumes

@testable import Pipelines

@Suite struct VolumePicturesTests {
  /// A `.npy` of 3 slices, 2 rows and 4 columns.
  private func volume(_ numbers: [Float], in folder: ScratchFolder) throws -> String {
    try folder.write(NumPyFile.data(shape: [3, 2, 4], values: numbers), to: "volume.npy")
  }

  @Test func slicesTakeTheWholeRangeTogether() throws {
    let folder = try ScratchFolder()
    let path = try volume((0..<24).map { -100 + 10 * Float($0) }, in: folder)
    let pictures = try Picture.slices(of: path, in: 1...5)
    #expect(pictures.map { [$0.width, $0.height, $0.channels.count] } == [[4, 2, 1], [4, 2, 1]])
    #expect(pictures[0].channels[0].first == 0)
    #expect(pictures[1].channels[0].last == 255)
    // The ninth of fifteen steps of 17.
    #expect(pictures[1].channels[0][1] == 9 * 17)
  }

  @Test func voxelsThatAreNoNumbersAreNamed() throws {
    let folder = try ScratchFolder()
    var numbers = (0..<24).map { Float($0) }
    numbers[13] = .nan
    let path = try volume(numbers, in: folder)
    let error = #expect(throws: JobError.self) { try Picture.slices(of: path, in: 0...2) }
    #expect(error?.description.contains("voxel 1,1,1") == true)
  }
}
