import TestSupport

/// A kind of file that the tool reads, with sound files to begin from and what is done to read one.
struct FuzzFormat: Sendable {
  /// Also the name of its folder in `Tests/Corpus`.
  let name: String
  /// The end of its files' names.
  let suffix: String
  /// Makes sound files.
  let seeds: @Sendable (ScratchFolder) throws -> [FuzzSeed]
  /// Reads a file as the tool does, to its end.
  ///
  /// - Returns: the bytes that the file's data take in memory, by which it is judged how much else reading took.
  /// - Throws: an error of the tool's own; anything else is a find.
  let read: @Sendable (String) throws -> Int

  static let all = volumes + models + settings + kept + media

  static func named(_ name: String) -> FuzzFormat? { all.first { $0.name == name } }
}

/// A sound file, taken apart into what is changed and what is made of it.
struct FuzzSeed: Sendable {
  /// What is changed: a file, or what a file holds compressed or under a checksum.
  var content: [UInt8]
  /// Whether words and numbers are changed instead of bytes.
  var isText = false
  /// False for a file that is refused as it is, such as a bomb.
  var isSound = true
  /// Whether most draws of it are of another seed instead: reading it takes so long that little else would be read.
  var isRare = false
  /// Makes a file, with compression and checksums as they should be.
  var file: @Sendable ([UInt8]) -> [UInt8] = { $0 }
}

extension FuzzFormat {
  /// The file of one execution, which follows from the numbers alone.
  static func file(_ seeds: [FuzzSeed], campaign: UInt64, execution: Int) -> [UInt8] {
    var chance = Chance(seed: campaign &+ UInt64(execution) &* 0x2545_f491_4f6c_dd1d)
    var seed = seeds[chance.int(0...seeds.count - 1)]
    let common = seeds.filter { !$0.isRare }
    if seed.isRare && !common.isEmpty && !chance.happens(0.1) {
      seed = common[chance.int(0...common.count - 1)]
    }
    let other = seeds[chance.int(0...seeds.count - 1)].content
    var mutation = Mutation(chance: chance)
    var content = seed.content
    // Most faults need one or two changes; more of them make files that are refused at once.
    for _ in 0..<(1 << mutation.chance.int(0...2)) {
      content = seed.isText ? mutation.text(content, other: other) : mutation.bytes(content, other: other)
    }
    let file = seed.file(content)
    // Now and then what is around the content.
    return mutation.chance.happens(0.1) ? mutation.bytes(file, other: other) : file
  }
}
