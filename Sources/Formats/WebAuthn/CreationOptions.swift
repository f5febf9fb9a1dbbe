import Encoding

/// What a relying party asks of a registration: `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3 §5.1.9,
/// §5.4).
public struct CreationOptions: Sendable, Hashable {
    /// The relying party.
    public let relyingPartyID: RelyingPartyID
    /// The relying party's name for people.
    public let relyingPartyName: String
    /// The user account's handle.
    public let userHandle: UserHandle
    /// The user account's name, such as `alice`.
    public let userName: String
    /// The user account's name for people.
    public let userDisplayName: String
    /// The challenge: 32 bytes.
    public let challenge: [UInt8]
    /// The algorithms that are welcome, the best first.
    public let algorithms: [COSEAlgorithm]
    /// Credentials whose authenticators are not to make another.
    public let excludedCredentials: [CredentialID]
    /// How long the client should wait, in milliseconds.
    public let timeout: Int
    /// Whether the person must be verified.
    public let userVerification: UserVerificationRequirement
    /// Whether the credential is to be discoverable.
    public let residentKey: ResidentKeyRequirement
    /// Which attestation is wanted.
    public let attestation: AttestationConveyance

    /// Options from their parts.
    public init(
        relyingPartyID: RelyingPartyID, relyingPartyName: String, userHandle: UserHandle,
        userName: String, userDisplayName: String, challenge: [UInt8],
        algorithms: [COSEAlgorithm], excludedCredentials: [CredentialID], timeout: Int,
        userVerification: UserVerificationRequirement, residentKey: ResidentKeyRequirement,
        attestation: AttestationConveyance
    ) {
        self.relyingPartyID = relyingPartyID
        self.relyingPartyName = relyingPartyName
        self.userHandle = userHandle
        self.userName = userName
        self.userDisplayName = userDisplayName
        self.challenge = challenge
        self.algorithms = algorithms
        self.excludedCredentials = excludedCredentials
        self.timeout = timeout
        self.userVerification = userVerification
        self.residentKey = residentKey
        self.attestation = attestation
    }

    /// The JSON form.
    public func encoded() -> String {
        let options: JSON = [
            "rp": [
                "id": .string(relyingPartyID.text), "name": .string(relyingPartyName),
            ],
            "user": [
                "id": .string(userHandle.text), "name": .string(userName),
                "displayName": .string(userDisplayName),
            ],
            "challenge": .string(Base64URL.encode(challenge)),
            "pubKeyCredParams": .array(
                algorithms.map { ["type": "public-key", "alg": .integer($0.rawValue)] }),
            "excludeCredentials": .array(
                excludedCredentials.map { ["type": "public-key", "id": .string($0.text)] }),
            "timeout": .integer(timeout),
            "authenticatorSelection": [
                "userVerification": .string(userVerification.rawValue),
                "residentKey": .string(residentKey.rawValue),
                "requireResidentKey": .bool(residentKey == .required),
            ],
            "attestation": .string(attestation.rawValue),
        ]
        return options.encoded()
    }

    /// Decodes the JSON form, as a client does.
    public init(decoding json: [UInt8]) throws(MalformedWebAuthn) {
        let options: JSON
        do throws(MalformedEncoding) {
            options = try JSON.decode(json)
        } catch {
            throw .messageEncoding(error)
        }
        let selection = options["authenticatorSelection"]
        relyingPartyID = try RelyingPartyID(Self.string(options["rp"]?["id"], "rp.id"))
        relyingPartyName = try Self.string(options["rp"]?["name"], "rp.name")
        userHandle = try UserHandle(bytes: Self.bytes(options["user"]?["id"], "user.id"))
        userName = try Self.string(options["user"]?["name"], "user.name")
        userDisplayName = try Self.string(options["user"]?["displayName"], "user.displayName")
        challenge = try Self.bytes(options["challenge"], "challenge")
        algorithms = (options["pubKeyCredParams"]?.arrayValue ?? [])
            .compactMap { $0["alg"]?.intValue.map(COSEAlgorithm.init(rawValue:)) }
        var excluded: [CredentialID] = []
        for descriptor in options["excludeCredentials"]?.arrayValue ?? [] {
            excluded.append(
                try CredentialID(bytes: Self.bytes(descriptor["id"], "excludeCredentials")))
        }
        excludedCredentials = excluded
        timeout = options["timeout"]?.intValue ?? 60_000
        userVerification =
            selection?["userVerification"]?.stringValue
            .flatMap(UserVerificationRequirement.init(rawValue:)) ?? .preferred
        residentKey =
            selection?["residentKey"]?.stringValue
            .flatMap(ResidentKeyRequirement.init(rawValue:)) ?? .discouraged
        attestation =
            options["attestation"]?.stringValue
            .flatMap(AttestationConveyance.init(rawValue:)) ?? .none
    }

    private static func string(_ value: JSON?, _ member: String) throws(MalformedWebAuthn) -> String
    {
        guard let text = value?.stringValue else { throw .messageMember(member) }
        return text
    }

    private static func bytes(_ value: JSON?, _ member: String) throws(MalformedWebAuthn) -> [UInt8]
    {
        let text = try string(value, member)
        do throws(MalformedEncoding) {
            return try Base64URL.decode(text)
        } catch {
            throw .messageMember(member)
        }
    }
}
