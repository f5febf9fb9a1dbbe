import CTAP
import Encoding

extension KeyState {
    /// The state as a map with text keys, for the state file.
    var cbor: CBOR {
        var map: [CBOR: CBOR] = [
            "deviceSecret": .bytes(deviceSecret),
            "attestation": attestation.cbor,
            "signatureCounter": CBOR(Int(signatureCounter)),
            "credentialCounters": .map(
                Dictionary(
                    uniqueKeysWithValues: credentialCounters.map {
                        (.bytes($0.key), CBOR(Int($0.value)))
                    })),
            "credentials": .array(credentials.map(\.cbor)),
            "pinRetries": CBOR(pinRetries),
            "uvRetries": CBOR(uvRetries),
            "fingerprints": .array(fingerprints.map(\.cbor)),
            "alwaysUv": .bool(alwaysUv),
            "minimumPINLength": CBOR(minimumPINLength),
            "forcePINChange": .bool(forcePINChange),
            "minimumPINLengthRPIDs": .array(minimumPINLengthRPIDs.map(CBOR.text)),
            "enterpriseAttestation": .bool(enterpriseAttestation),
            "largeBlobArray": .bytes(largeBlobArray),
        ]
        if let pin { map["pin"] = ["hash": .bytes(pin.hash), "length": CBOR(pin.length)] }
        return .map(map)
    }

    /// Decodes what ``cbor`` made; `nil` where a member is missing, of another type or out of range.
    init?(_ value: CBOR) {
        guard
            let deviceSecret = value["deviceSecret"]?.bytesValue, deviceSecret.count == 32,
            let attestation = value["attestation"].flatMap(AttestationIdentity.init),
            let signatureCounter = value["signatureCounter"]?.counterValue,
            let counters = value["credentialCounters"]?.mapValue,
            let credentials = value["credentials"]?.list(of: DiscoverableCredential.init),
            let pinRetries = value["pinRetries"]?.intValue,
            (0...Limits.pinRetries).contains(pinRetries),
            let uvRetries = value["uvRetries"]?.intValue,
            (0...Limits.uvRetries).contains(uvRetries),
            let fingerprints = value["fingerprints"]?.list(of: FingerprintTemplate.init),
            let alwaysUv = value["alwaysUv"]?.boolValue,
            let minimumPINLength = value["minimumPINLength"]?.intValue,
            (Limits.minimumPINLength...Limits.maximumPINLength).contains(minimumPINLength),
            let forcePINChange = value["forcePINChange"]?.boolValue,
            let relyingPartyIDs = value["minimumPINLengthRPIDs"]?.list(of: \.textValue),
            let enterpriseAttestation = value["enterpriseAttestation"]?.boolValue,
            let largeBlobArray = value["largeBlobArray"]?.bytesValue
        else { return nil }
        self.init(deviceSecret: deviceSecret, attestation: attestation)
        self.signatureCounter = signatureCounter
        for (key, value) in counters {
            guard let id = key.bytesValue, let counter = value.counterValue else { return nil }
            credentialCounters[id] = counter
        }
        self.credentials = credentials
        if let pin = value["pin"] {
            guard
                let hash = pin["hash"]?.bytesValue, hash.count == 16,
                let length = pin["length"]?.intValue
            else { return nil }
            self.pin = PIN(hash: hash, length: length)
        }
        self.pinRetries = pinRetries
        self.uvRetries = uvRetries
        self.fingerprints = fingerprints
        self.alwaysUv = alwaysUv
        self.minimumPINLength = minimumPINLength
        self.forcePINChange = forcePINChange
        minimumPINLengthRPIDs = relyingPartyIDs
        self.enterpriseAttestation = enterpriseAttestation
        self.largeBlobArray = largeBlobArray
    }
}

extension AttestationIdentity {
    fileprivate var cbor: CBOR {
        ["root": .bytes(rootCertificate), "batch": batch.cbor, "enterprise": enterprise.cbor]
    }

    fileprivate init?(_ value: CBOR) {
        guard
            let rootCertificate = value["root"]?.bytesValue,
            let batch = value["batch"].flatMap(Signer.init),
            let enterprise = value["enterprise"].flatMap(Signer.init)
        else { return nil }
        self.init(rootCertificate: rootCertificate, batch: batch, enterprise: enterprise)
    }
}

extension AttestationIdentity.Signer {
    fileprivate var cbor: CBOR {
        ["certificate": .bytes(certificate), "privateKey": .bytes(privateKey)]
    }

    fileprivate init?(_ value: CBOR) {
        guard
            let certificate = value["certificate"]?.bytesValue,
            let privateKey = value["privateKey"]?.bytesValue, privateKey.count == 32
        else { return nil }
        self.init(certificate: certificate, privateKey: privateKey)
    }
}

extension FingerprintTemplate {
    fileprivate var cbor: CBOR {
        var map: [CBOR: CBOR] = ["id": .bytes(id), "finger": .text(finger.rawValue)]
        map["friendlyName"] = friendlyName.map(CBOR.text)
        return .map(map)
    }

    fileprivate init?(_ value: CBOR) {
        guard let id = value["id"]?.bytesValue, let finger = value["finger"]?.textValue else {
            return nil
        }
        self.init(
            id: id, finger: Finger(rawValue: finger),
            friendlyName: value["friendlyName"]?.textValue)
    }
}

extension DiscoverableCredential {
    fileprivate var cbor: CBOR {
        var map: [CBOR: CBOR] = [
            "id": .bytes(credential.id),
            "privateKey": .bytes(credential.privateKey),
            "protection": CBOR(credential.protection.rawValue),
            "hasHMACSecret": .bool(credential.hasHMACSecret),
            "relyingParty": relyingParty.cbor,
            "user": user.cbor,
        ]
        map["largeBlobKey"] = largeBlobKey.map(CBOR.bytes)
        return .map(map)
    }

    fileprivate init?(_ value: CBOR) {
        guard
            let id = value["id"]?.bytesValue,
            let privateKey = value["privateKey"]?.bytesValue, privateKey.count == 32,
            let protection = value["protection"]?.intValue
                .flatMap(CredentialProtection.init(rawValue:)),
            let hasHMACSecret = value["hasHMACSecret"]?.boolValue,
            let relyingPartyID = value["relyingParty"]?["id"]?.textValue,
            let userID = value["user"]?["id"]?.bytesValue
        else { return nil }
        self.init(
            credential: KeyCredential(
                id: id, privateKey: privateKey, protection: protection,
                hasHMACSecret: hasHMACSecret),
            relyingParty: RelyingPartyEntity(
                id: relyingPartyID, name: value["relyingParty"]?["name"]?.textValue),
            user: UserEntity(
                id: userID, name: value["user"]?["name"]?.textValue,
                displayName: value["user"]?["displayName"]?.textValue),
            largeBlobKey: value["largeBlobKey"]?.bytesValue)
    }
}

extension CBOR {
    fileprivate var counterValue: UInt32? { unsignedValue.flatMap(UInt32.init(exactly:)) }

    /// The values of an array, where all its items have one.
    fileprivate func list<Value>(of value: (CBOR) -> Value?) -> [Value]? {
        guard let items = arrayValue else { return nil }
        let values = items.compactMap(value)
        return values.count == items.count ? values : nil
    }
}
