public import Accounts
public import StrictYAML

/// Why policies are refused. The text of each says where and what is allowed.
public enum PolicyProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// A file is not in the form that it has to have.
    case yaml(YAMLError)
    /// Two of a kind have one name: `policy`, `strength` or `method`.
    case repeatedName(FilePosition, kind: String, name: String, first: FilePosition)
    /// A second list of break-glass accounts.
    case repeatedBreakGlass(FilePosition, first: FilePosition)
    /// A strength has the name of one that is built in.
    case reservedStrength(FilePosition, StrengthID)
    /// There are more `policies` or `strengths` than any sign-in should wait for.
    case tooMany(FilePosition, kind: String, limit: Int)
    /// Something is named that is not there.
    case unknownReference(FilePosition, kind: PolicyReferenceKind, name: String)
    /// Everyone included is excluded as well.
    case nobodyLeft(FilePosition, PolicyID)
    /// Every application included is excluded as well.
    case noApplicationLeft(FilePosition, PolicyID)
    /// Every place included is excluded as well.
    case noPlaceLeft(FilePosition, PolicyID)
    /// Every program included is excluded as well.
    case noProgramLeft(FilePosition, PolicyID)
    /// Every device included is excluded as well.
    case noDeviceLeft(FilePosition, PolicyID)
    /// A change of the password is asked for whatever the user's risk, so that it would be asked for ever.
    case passwordChangeWithoutUserRisk(FilePosition, PolicyID)
    /// A combination of a strength can never be met; `reason` says why.
    case unmeetableCombination(FilePosition, StrengthID, combination: String, reason: String)
    /// Every administrator would be locked out.
    case locksOutAdministrators([UserName], [PolicyID])

    /// A stable name for logs and replies.
    public var code: String {
        switch self {
        case .yaml(let error): error.code
        case .repeatedName: "repeated-name"
        case .repeatedBreakGlass: "repeated-break-glass"
        case .reservedStrength: "reserved-strength"
        case .tooMany: "too-many"
        case .unknownReference: "unknown-reference"
        case .nobodyLeft: "nobody-left"
        case .noApplicationLeft: "no-application-left"
        case .noPlaceLeft: "no-place-left"
        case .noProgramLeft: "no-program-left"
        case .noDeviceLeft: "no-device-left"
        case .passwordChangeWithoutUserRisk: "password-change-without-user-risk"
        case .unmeetableCombination: "unmeetable-combination"
        case .locksOutAdministrators: "locks-out-administrators"
        }
    }

    /// Where, what and what to do, in a line.
    public var description: String {
        switch self {
        case .yaml(let error): error.description
        case .repeatedName(let place, let kind, let name, let first):
            "\(place): there is a \(kind) ‘\(name)’ already, at \(first); rename one or remove it"
        case .repeatedBreakGlass(let place, let first):
            "\(place): ‘break-glass’ is there already, at \(first); keep one list"
        case .reservedStrength(let place, let id):
            "\(place): the strength ‘\(id)’ is built in; choose another name"
        case .tooMany(let place, let kind, let limit):
            "\(place): more than \(limit) \(kind); merge some or remove them"
        case .unknownReference(let place, let kind, let name):
            "\(place): there is no \(kind.rawValue) ‘\(name)’; \(kind.remedy)"
        case .nobodyLeft(let place, let id):
            "\(place): the policy ‘\(id)’ excludes everyone it includes; "
                + "exclude fewer, or include ‘none’"
        case .noApplicationLeft(let place, let id):
            "\(place): the policy ‘\(id)’ excludes every application it includes; exclude fewer"
        case .noPlaceLeft(let place, let id):
            "\(place): the policy ‘\(id)’ excludes every place it includes; exclude fewer"
        case .noProgramLeft(let place, let id):
            "\(place): the policy ‘\(id)’ excludes every program it includes; exclude fewer"
        case .noDeviceLeft(let place, let id):
            "\(place): the policy ‘\(id)’ excludes every device it includes; exclude fewer"
        case .passwordChangeWithoutUserRisk(let place, let id):
            "\(place): the policy ‘\(id)’ asks for a change of the password at every risk of the "
                + "user; give it a condition ‘user-risk’ of low, medium or high"
        case .unmeetableCombination(let place, let id, let combination, let reason):
            "\(place): nothing can meet [\(combination)] of the strength ‘\(id)’: \(reason)"
        case .locksOutAdministrators(let users, let policies):
            "every global administrator would be locked out ("
                + users.map(\.text).joined(separator: ", ") + ") by "
                + policies.map(\.text).joined(separator: ", ")
                + "; exclude one, or name a break-glass account"
        }
    }
}

extension PolicyReferenceKind {
    fileprivate var remedy: String {
        switch self {
        case .user, .group, .application, .location: "add it to the directory, or correct the name"
        case .model, .aaguid: "name one of the catalogue"
        case .advisory: "name one of the firmware notes"
        case .strength: "name mfa, passwordless, phishing-resistant or one under ‘strengths’"
        }
    }
}

/// All that is wrong with files of policies, in the order in which it was found.
public struct PolicyRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong: 1 to 50 things.
    public let problems: [PolicyProblem]
    /// Whether more is wrong than is told.
    public let isTruncated: Bool

    /// How many problems are told at most.
    public static let maximumProblems = 50

    /// A refusal; `nil` where nothing is wrong.
    public init?(_ problems: [PolicyProblem]) {
        guard !problems.isEmpty else { return nil }
        self.problems = Array(problems.prefix(Self.maximumProblems))
        isTruncated = problems.count > Self.maximumProblems
    }

    /// A refusal for one problem.
    public init(_ problem: PolicyProblem) {
        problems = [problem]
        isTruncated = false
    }

    /// The problems, one a line.
    public var description: String {
        let lines = problems.map(\.description)
        return (isTruncated ? lines + ["and more"] : lines).joined(separator: "\n")
    }
}
