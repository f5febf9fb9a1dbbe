import CTAP
import Cryptography
import Encoding
import WebAuthn

extension SoftwareAuthenticator {
    /// authenticatorMakeCredential (CTAP 2.1 §6.1.2).
    mutating func makeCredential(_ request: MakeCredentialRequest) throws(CTAPStatus) -> Step {
        if request.authorization.parameter == [] { return askWhichKey() }
        if request.authorization.parameter != nil { _ = try protocolOf(request.authorization) }
        guard
            request.algorithms.contains(where: {
                $0.type == CredentialDescriptor.publicKey
                    && $0.algorithm == COSEAlgorithm.es256.rawValue
            })
        else { throw .unsupportedAlgorithm }
        var wantsBuiltIn =
            request.options["uv"] == true && request.authorization.parameter == nil
        if wantsBuiltIn, state.fingerprints.isEmpty { throw .invalidOption }
        guard request.options["up"] != false else { throw .invalidOption }
        let isDiscoverable = request.options["rk"] == true
        if request.authorization.parameter == nil, !wantsBuiltIn {
            wantsBuiltIn = try mustVerify(
                isDemanded: state.alwaysUv || isDiscoverable && state.isProtected)
        }
        try checkEnterpriseAttestation(request.enterpriseAttestation)
        if let list = request.excludeList, list.count > Limits.credentialsInList {
            throw .limitExceeded
        }
        let extensions = try RegistrationExtensions(request.extensions, isDiscoverable)
        let demand = VerificationDemand(
            authorization: request.authorization, clientDataHash: request.clientDataHash,
            relyingPartyID: request.relyingParty.id, permission: .makeCredential,
            wantsBuiltIn: wantsBuiltIn)
        return try gatherEvidence(demand) { (authenticator, evidence) throws(CTAPStatus) in
            let isExcluded = authenticator.isExcluded(request, evidence)
            return try authenticator.requirePresence(evidence) {
                (authenticator) throws(CTAPStatus) in
                guard !isExcluded else { throw .credentialExcluded }
                return .reply(
                    try authenticator.create(request, extensions, evidence, isDiscoverable))
            }
        }
    }

    /// Whether built-in verification has to be done unasked. Where it is demanded and only a token could give it,
    /// the command ends (steps 5 and 6).
    private func mustVerify(isDemanded: Bool) throws(CTAPStatus) -> Bool {
        guard isDemanded else { return false }
        if state.alwaysUv, !state.fingerprints.isEmpty { return true }
        throw state.alwaysUv || state.pin != nil ? .pinUvAuthTokenRequired : .operationDenied
    }

    private func checkEnterpriseAttestation(_ value: Int?) throws(CTAPStatus) {
        guard let value else { return }
        guard state.enterpriseAttestation else { throw .invalidParameter }
        guard value == 1 || value == 2 else { throw .invalidOption }
    }

    /// Whether the key holds a credential of the exclude list that may be told (step 12).
    private func isExcluded(_ request: MakeCredentialRequest, _ evidence: Evidence) -> Bool {
        let rpIDHash = SHA256.hash(Array(request.relyingParty.id.utf8))
        return (request.excludeList ?? []).contains { descriptor in
            guard descriptor.type == CredentialDescriptor.publicKey,
                let credential = credential(descriptor.id, rpIDHash: rpIDHash)
            else { return false }
            return credential.isUsable(userVerified: evidence.isUserVerified, isNamed: true)
        }
    }

    private mutating func create(
        _ request: MakeCredentialRequest, _ extensions: RegistrationExtensions,
        _ evidence: Evidence, _ isDiscoverable: Bool
    ) throws(CTAPStatus) -> CTAPResponse {
        let rpIDHash = SHA256.hash(Array(request.relyingParty.id.utf8))
        var (credential, key) = try makeWrappedCredential(
            protection: extensions.protection ?? .optional,
            hasHMACSecret: extensions.wantsHMACSecret, rpIDHash: rpIDHash)
        var largeBlobKey: [UInt8]?
        if isDiscoverable {
            credential = KeyCredential(
                id: random.bytes(32), privateKey: credential.privateKey,
                protection: credential.protection, hasHMACSecret: credential.hasHMACSecret)
            largeBlobKey = extensions.wantsLargeBlobKey ? random.bytes(32) : nil
            try store(
                DiscoverableCredential(
                    credential: credential, relyingParty: request.relyingParty,
                    user: request.user, largeBlobKey: largeBlobKey))
        }
        guard let publicKey = key.credentialPublicKey else { throw .other }
        let data = AuthenticatorData(
            rpIDHash: rpIDHash, flags: evidence.flags(isUserPresent: true),
            signatureCounter: countSignature(of: credential.id),
            attestedCredential: AttestedCredentialData(
                aaguid: SoftwareSecurityKey.Model.aaguid,
                credentialID: try webAuthnID(credential.id),
                publicKey: publicKey),
            extensions: extensions.outputs(state, relyingPartyID: request.relyingParty.id))
        return try attest(
            data.encoded(), request, credentialKey: key, largeBlobKey: largeBlobKey)
    }

    private func attest(
        _ authenticatorData: [UInt8], _ request: MakeCredentialRequest,
        credentialKey: P256PrivateKey, largeBlobKey: [UInt8]?
    ) throws(CTAPStatus) -> CTAPResponse {
        // Vendor-facilitated enterprise attestation needs a list of relying parties, and ours is empty.
        let isEnterprise = request.enterpriseAttestation == 2
        let attestation = try internally { () throws(CryptographyError) in
            let attester: Attester =
                if isEnterprise {
                    try Attester(state.attestation.enterprise)
                } else if configuration.attestation == .batch {
                    try Attester(state.attestation.batch)
                } else {
                    Attester(credentialKey: credentialKey)
                }
            return try attester.statement(
                authenticatorData: authenticatorData, clientDataHash: request.clientDataHash)
        }
        return .success(
            MakeCredentialResponse(
                format: AttestationStatement.packed(attestation).format,
                authenticatorData: authenticatorData, statement: attestation.cbor,
                isEnterpriseAttestation: isEnterprise ? true : nil,
                largeBlobKey: largeBlobKey
            ).cbor)
    }

    /// Stores a discoverable credential; it takes the place of one for the same account (step 17).
    private mutating func store(_ credential: DiscoverableCredential) throws(CTAPStatus) {
        state.credentials.removeAll {
            $0.relyingParty.id == credential.relyingParty.id && $0.user.id == credential.user.id
        }
        guard state.credentials.count < Limits.discoverableCredentials else {
            throw .keyStoreFull
        }
        state.credentials.append(credential)
    }

    private func webAuthnID(_ id: [UInt8]) throws(CTAPStatus) -> CredentialID {
        do throws(MalformedWebAuthn) {
            return try CredentialID(bytes: id)
        } catch {
            throw .other
        }
    }
}

extension SoftwareAuthenticator.Evidence {
    func flags(isUserPresent: Bool) -> AuthenticatorData.Flags {
        var flags: AuthenticatorData.Flags = []
        if isUserPresent { flags.insert(.userPresent) }
        if isUserVerified { flags.insert(.userVerified) }
        return flags
    }
}
