import CTAP
import Cryptography
import Encoding
import WebAuthn

extension SoftwareAuthenticator {
    /// What all assertions of one request have in common.
    struct AssertionContext: Sendable {
        let rpIDHash: [UInt8]
        let clientDataHash: [UInt8]
        let flags: AuthenticatorData.Flags
        let hmacSecret: HMACSecret?
        let wantsLargeBlobKey: Bool
    }

    /// How long after one assertion the next may be asked for (CTAP 2.1 §6.3).
    private static let nextAssertionLimit: Duration = .seconds(30)

    /// authenticatorGetAssertion (CTAP 2.1 §6.2.2).
    mutating func getAssertion(_ request: GetAssertionRequest) throws(CTAPStatus) -> Step {
        if request.authorization.parameter == [] { return askWhichKey() }
        if request.authorization.parameter != nil { _ = try protocolOf(request.authorization) }
        guard request.options["rk"] == nil else { throw .unsupportedOption }
        let needsPresence = request.options["up"] ?? true
        var wantsBuiltIn =
            request.options["uv"] == true && request.authorization.parameter == nil
        if wantsBuiltIn, state.fingerprints.isEmpty { throw .invalidOption }
        if state.alwaysUv, needsPresence, request.authorization.parameter == nil, !wantsBuiltIn {
            guard !state.fingerprints.isEmpty else { throw .pinUvAuthTokenRequired }
            wantsBuiltIn = true
        }
        if let list = request.allowList, list.count > Limits.credentialsInList {
            throw .limitExceeded
        }
        let hmacSecret: HMACSecret?
        if let input = request.extensions["hmac-secret"] {
            guard needsPresence else { throw .unsupportedOption }
            hmacSecret = try HMACSecret(input, ownKey: session.keyAgreement)
        } else {
            hmacSecret = nil
        }
        let wantsLargeBlobKey = try Self.wantsLargeBlobKey(request.extensions)
        let demand = VerificationDemand(
            authorization: request.authorization, clientDataHash: request.clientDataHash,
            relyingPartyID: request.relyingPartyID, permission: .getAssertion,
            wantsBuiltIn: wantsBuiltIn)
        return try gatherEvidence(demand) { (authenticator, evidence) throws(CTAPStatus) in
            let found = authenticator.applicableCredentials(request, evidence)
            guard !found.isEmpty else { throw .noCredentials }
            let context = AssertionContext(
                rpIDHash: SHA256.hash(Array(request.relyingPartyID.utf8)),
                clientDataHash: request.clientDataHash,
                flags: evidence.flags(isUserPresent: needsPresence), hmacSecret: hmacSecret,
                wantsLargeBlobKey: wantsLargeBlobKey)
            guard needsPresence else {
                return try authenticator.answer(found, context)
            }
            return try authenticator.requirePresence(evidence) {
                (authenticator) throws(CTAPStatus) in
                try authenticator.answer(found, context)
            }
        }
    }

    private static func wantsLargeBlobKey(_ inputs: [String: CBOR]) throws(CTAPStatus) -> Bool {
        guard let input = inputs["largeBlobKey"] else { return false }
        guard input == true else { throw .invalidOption }
        return true
    }

    /// The credentials that may answer, the newest first; of an allow list the first alone (step 7).
    private func applicableCredentials(
        _ request: GetAssertionRequest, _ evidence: Evidence
    ) -> [KeyCredential] {
        let rpIDHash = SHA256.hash(Array(request.relyingPartyID.utf8))
        let isVerified = evidence.isUserVerified
        guard let allowList = request.allowList, !allowList.isEmpty else {
            return discoverableCredentials(rpIDHash: rpIDHash).map(\.credential).filter {
                $0.isUsable(userVerified: isVerified, isNamed: false)
            }
        }
        for descriptor in allowList where descriptor.type == CredentialDescriptor.publicKey {
            if let credential = credential(descriptor.id, rpIDHash: rpIDHash),
                credential.isUsable(userVerified: isVerified, isNamed: true)
            {
                return [credential]
            }
        }
        return []
    }

    private mutating func answer(
        _ credentials: [KeyCredential], _ context: AssertionContext
    ) throws(CTAPStatus) -> Step {
        guard let first = credentials.first else { throw .noCredentials }
        let rest = Array(credentials.dropFirst())
        if !rest.isEmpty { session.enumeration = .assertions(rest, context, since: now) }
        return .reply(
            try assert(
                first, context, numberOfCredentials: rest.isEmpty ? nil : credentials.count))
    }

    /// authenticatorGetNextAssertion (CTAP 2.1 §6.3).
    mutating func getNextAssertion(
        continuing enumeration: Enumeration?
    ) throws(CTAPStatus) -> Step {
        guard
            case .assertions(let credentials, let context, let since) = enumeration,
            let next = credentials.first, now - since < Self.nextAssertionLimit
        else { throw .notAllowed }
        let rest = Array(credentials.dropFirst())
        if !rest.isEmpty { session.enumeration = .assertions(rest, context, since: now) }
        return .reply(try assert(next, context, numberOfCredentials: nil))
    }

    private mutating func assert(
        _ credential: KeyCredential, _ context: AssertionContext, numberOfCredentials: Int?
    ) throws(CTAPStatus) -> CTAPResponse {
        let isVerified = context.flags.contains(.userVerified)
        var extensions: CBOR?
        if let hmacSecret = context.hmacSecret, credential.hasHMACSecret {
            let output = try internally { () throws(CryptographyError) in
                try hmacSecret.output(
                    for: credential, isUserVerified: isVerified,
                    deviceSecret: state.deviceSecret, random: random)
            }
            extensions = ["hmac-secret": .bytes(output)]
        }
        let data = AuthenticatorData(
            rpIDHash: context.rpIDHash, flags: context.flags,
            signatureCounter: countSignature(of: credential.id), extensions: extensions
        ).encoded()
        let signature = try internally { () throws(CryptographyError) in
            try P256PrivateKey(rawRepresentation: credential.privateKey)
                .signature(for: data + context.clientDataHash)
        }
        let stored = stored(credential)
        return .success(
            GetAssertionResponse(
                credential: credential.descriptor, authenticatorData: data,
                signature: signature,
                user: isVerified ? stored?.user : stored?.user.anonymous,
                numberOfCredentials: numberOfCredentials,
                largeBlobKey: context.wantsLargeBlobKey ? stored?.largeBlobKey : nil
            ).cbor)
    }
}
