import Accounts
import Addresses
package import ConditionalAccess
import CredentialStore
package import DeviceModels
import Encoding
import WebAuthn

/// A row of the sign-in log, as policies would be asked about it.
struct RecordedSignIn: Sendable, Hashable {
    /// What to ask.
    let question: WhatIfQuestion
    /// What became of it.
    let outcome: ReplayOutcome

    /// Why a row is not asked about.
    enum Omission: Error, Sendable, Hashable {
        /// It failed before policies were asked: what was shown was not right, or the account was locked.
        case failed
        /// It does not say enough: it was written before policies were, or it was tampered with.
        case incomplete
    }

    /// Reads a row. Nothing is looked up but what device a credential was; what the account is, is asked elsewhere.
    init(_ row: SignInRow, devices: LoggedDevices) throws(Omission) {
        switch row.outcome {
        case .success: outcome = .letIn
        case .interrupted: outcome = .unfinished
        case .failure where AccessRefusal(rawValue: row.reason) != nil: outcome = .refused
        case .failure: throw .failed
        }
        guard
            row.requirement != nil, let user = row.user.flatMap(UserName.init),
            let userRisk = row.userRisk.flatMap(RiskLevel.init(rawValue:)),
            let signInRisk = row.signInRisk.flatMap(RiskLevel.init(rawValue:)),
            let steps = LoggedStep.steps(of: row)
        else { throw .incomplete }
        question = WhatIfQuestion(
            user: user, application: row.application,
            address: try Self.read(row.address) { try? IPAddress($0) },
            circumstances: SignInCircumstances(
                country: try Self.read(row.country) { Country($0) },
                clientKind: try Self.read(row.clientKind) { ClientKind(rawValue: $0) },
                userAgent: row.userAgent,
                password: try Self.read(row.password) {
                    SignInCircumstances.Password(rawValue: $0)
                }, reportedRisk: signInRisk),
            userRisk: userRisk, presented: steps.compactMap { $0.factor(devices) })
    }

    private static func read<Value>(
        _ text: String?, _ read: (String) -> Value?
    ) throws(Omission) -> Value? {
        guard let text else { return nil }
        guard let value = read(text) else { throw .incomplete }
        return value
    }

    /// The identifiers of the credentials that a row names.
    static func credentials(in row: SignInRow) -> [CredentialID] {
        (LoggedStep.steps(of: row) ?? []).compactMap { step in
            step.credential.flatMap { try? CredentialID(bytes: $0) }
        }
    }
}

/// A step of a sign-in, by the log. It was right: else the next would not have been taken, nor policies asked.
private struct LoggedStep {
    let method: SignInMethod
    let credential: [UInt8]?
    let isUserVerified: Bool
    let isHardwareBound: Bool
    let device: String?

    /// The steps of a row; `nil` where they cannot be read.
    static func steps(of row: SignInRow) -> [LoggedStep]? {
        guard let text = row.steps else {
            return SignInMethod(rawValue: row.method).map { method in
                [
                    LoggedStep(
                        method: method, credential: row.credential,
                        isUserVerified: row.isUserVerified ?? false,
                        isHardwareBound: row.isHardware ?? false, device: row.device)
                ]
            }
        }
        guard let list = try? JSON.decode(Array(text.utf8)).arrayValue else { return nil }
        let steps = list.compactMap(LoggedStep.init)
        return steps.count == list.count ? steps : nil
    }

    private init(
        method: SignInMethod, credential: [UInt8]?, isUserVerified: Bool, isHardwareBound: Bool,
        device: String?
    ) {
        self.method = method
        self.credential = credential
        self.isUserVerified = isUserVerified
        self.isHardwareBound = isHardwareBound
        self.device = device
    }

    private init?(_ json: JSON) {
        guard let method = json["method"]?.stringValue.flatMap(SignInMethod.init(rawValue:)) else {
            return nil
        }
        self.init(
            method: method,
            credential: json["credential"]?.stringValue.flatMap { try? Base64URL.decode($0) },
            isUserVerified: json["uv"]?.boolValue ?? false,
            isHardwareBound: json["hardware"]?.boolValue ?? false,
            device: json["device"]?.stringValue)
    }

    /// The factor that was shown. A password is none that this server sees.
    func factor(_ devices: LoggedDevices) -> PresentedFactor? {
        guard method != .password else { return nil }
        return PresentedFactor(
            method, isUserVerified: isUserVerified, isHardwareBound: isHardwareBound,
            device: devices.facts(ofCredential: credential, named: device))
    }
}

/// What is known of devices that the log names.
struct LoggedDevices: Sendable {
    /// What is known of those that are registered still, by the bytes of their credentials' identifiers.
    var registered: [[UInt8]: DeviceFacts] = [:]
    /// For those that are not: the log has their name.
    let catalogue: Catalogue

    /// What is known of a device; `nil` where nothing is.
    func facts(ofCredential credential: [UInt8]?, named name: String?) -> DeviceFacts? {
        if let credential, let facts = registered[credential] { return facts }
        return name.flatMap { DeviceFacts(named: $0, in: catalogue) }
    }
}

extension DeviceFacts {
    /// What is known of a device by its name in the log: a model's, or `aaguid:` and an AAGUID, which is the key's own
    /// word. `nil` where the name says nothing.
    ///
    /// Of a model, the AAGUID is known where it has one, the certification where all of its AAGUIDs have the same, and
    /// every advisory counts that may speak of it.
    package init?(named name: String, in catalogue: Catalogue) {
        if name.hasPrefix("aaguid:") {
            guard let aaguid = AAGUID(name.dropFirst("aaguid:".count)) else { return nil }
            self.init(aaguid: aaguid)
            return
        }
        guard let model = ModelID(name).flatMap(catalogue.model) else { return nil }
        let levels = Set(model.aaguids.map(\.certification))
        let aaguid = model.aaguids.count == 1 ? model.aaguids.first?.value : nil
        let findings =
            model.aaguids.isEmpty
            ? catalogue.advisories(forCard: [model], firmware: nil, algorithm: nil)
            : catalogue.advisories(for: model, aaguid: aaguid, firmware: nil)
        self.init(
            aaguid: aaguid, model: model.id,
            certification: levels.count == 1 ? levels.first ?? nil : nil,
            verification: model.userVerification, isAttested: true,
            openAdvisories: Set(findings.map(\.advisory.id)))
    }
}
