/// A container of symmetric keys for tokens (RFC 6030).
///
/// Its digital signature, where it has one, is not verified: whoever imports a container trusts where it came from. What
/// authenticates values authenticates each by itself, and not whose they are.
public struct PSKCContainer: Sendable {
    /// How encrypted values are protected; `nil` where the container names no key.
    public let protection: PSKCProtection?
    /// Whether it has a digital signature (§5), which nobody here verifies.
    public let isSigned: Bool
    /// Its key packages in their order, each with its own outcome.
    public let packages: [ImportedLine<PSKCKeyPackage>]

    /// Whether any package has a value that takes a key to read.
    public var isEncrypted: Bool {
        packages.contains { line in
            guard case .success(let package) = line.outcome else { return false }
            return package.isEncrypted
        }
    }

    /// A container of packages, where each but the first with its serial number counts as a repetition of it.
    public init(
        protection: PSKCProtection?, isSigned: Bool,
        packages: [(serial: String?, outcome: Result<PSKCKeyPackage, MalformedOATH>)]
    ) {
        self.protection = protection
        self.isSigned = isSigned
        var serials = SerialNumbers()
        self.packages = packages.enumerated().map { index, package in
            let number = index + 1
            return ImportedLine(
                number: number, serial: package.serial,
                outcome: serials.admit(package.outcome, serial: package.serial, line: number))
        }
    }
}
