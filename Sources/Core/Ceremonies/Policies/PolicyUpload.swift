public import ConditionalAccess

/// Files of policies on their way in, within what a server takes.
public struct PolicyUpload: Sendable {
    /// The files, in the order in which they came.
    public private(set) var files: [PolicyFile] = []
    private var places: [String: Int] = [:]

    /// How many bytes there are.
    public private(set) var byteCount = 0

    /// How many bytes all files together can have: 10 MiB.
    public static let maximumBytes = 10 * 1_048_576
    /// How many files there can be.
    public static let maximumFiles = 1000

    /// No files.
    public init() {}

    /// Takes a file, or what comes after what there is of it.
    ///
    /// - Parameter name: 1 to 128 of `A-Za-z0-9-_./+@` and blanks, so that nothing of it is mistaken in a message.
    public mutating func append(
        _ bytes: some Collection<UInt8>, toFile name: String
    ) throws(PolicyUploadFailure) {
        guard Self.isName(name) else { throw .name }
        guard bytes.count <= Self.maximumBytes - byteCount else { throw .tooLarge }
        if let place = places[name] {
            let file = files[place]
            files[place] = PolicyFile(name: name, bytes: file.bytes + Array(bytes))
        } else {
            guard files.count < Self.maximumFiles else { throw .tooManyFiles }
            places[name] = files.count
            files.append(PolicyFile(name: name, bytes: Array(bytes)))
        }
        byteCount += bytes.count
    }

    /// Whether something can be the name of a file.
    public static func isName(_ name: String) -> Bool {
        (1...128).contains(name.utf8.count) && name.utf8.first != UInt8(ascii: " ")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "+"), UInt8(ascii: "@"),
                    UInt8(ascii: " "):
                    true
                default: false
                }
            }
    }
}

/// Why a file of policies is not taken.
public enum PolicyUploadFailure: String, Error, Sendable, Hashable, CaseIterable {
    /// Its name is none that a message could show.
    case name = "policy-file-name"
    /// All files together have more than ``PolicyUpload/maximumBytes``.
    case tooLarge = "policies-too-large"
    /// There are more than ``PolicyUpload/maximumFiles``.
    case tooManyFiles = "too-many-policy-files"

    /// What is allowed, for people.
    public var advice: String {
        switch self {
        case .name:
            "a policy file's name has 1 to 128 letters, digits, blanks and - _ . / + @: rename it"
        case .tooLarge:
            "all policy files together have at most \(PolicyUpload.maximumBytes) bytes: leave some out"
        case .tooManyFiles:
            "there are at most \(PolicyUpload.maximumFiles) policy files: merge some"
        }
    }
}
