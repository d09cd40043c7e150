extension FidelityCase {
  /// Numbered images, whatever number they begin with.
  static let sequences: [FidelityCase] = [
    .init(
      "images from number 5 on", "in_%03d.png", to: "out_%03d.png",
      ["\(picture()) -vf format=rgb24 -start_number 5"]),
    .init(
      "images from number 86400 on", "in_%03d.png", to: "out_%08d.png",
      ["\(picture()) -vf format=rgb24 -start_number 86400"]),
  ]
}
