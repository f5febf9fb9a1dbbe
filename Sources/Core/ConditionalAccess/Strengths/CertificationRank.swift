import DeviceModels

extension CertificationLevel {
    /// Its place among the levels, the least first.
    var rank: Int {
        switch self {
        case .level1: 1
        case .level2: 2
        case .level3: 3
        }
    }
}
