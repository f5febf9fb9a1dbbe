/// How large things may be in a software card and how often one may err.
enum CardLimits {
    static let pinTries = 3
    static let pukTries = 3
    /// What a chain may add up to.
    static let commandData = 4_096
    /// The longest contents of a data object.
    static let objectContents = 3_052
    /// How long a touch is remembered for keys with the cached touch policy.
    static let touchMemory = Duration.seconds(15)
}
