extension FidelityCase {
  /// What files hold beside streams: names of services, tags and marks of any kind.
  static let contents: [FidelityCase] = [
    .init(
      "a broadcaster's service name", "in.ts", to: "out.ts",
      [
        "\(picture()) \(tone) -c:v libx264 -bf 0 -c:a mp2 -metadata service_name=Harbour "
          + "-metadata service_provider=Town"
      ], .fromStream),
    .init(
      "tags of any name", "in.mkv", to: "out.mp4",
      ["\(picture()) \(tone) -c:v libx264 -c:a aac -metadata vessel=Ferry -metadata title=Film"],
      .editList,
      AllowedDifference(
        "tags.TITLE", "tags.title", "tags.VESSEL", "tags.vessel", because: "capital letters are Matroska's")),
  ]
}
