import Cryptography
import Encoding
import PIV

extension CardState {
    /// The state as a map with text keys, for the state file.
    var cbor: CBOR {
        [
            "serialNumber": CBOR(Int(serialNumber)),
            "attestation": attestation.cbor,
            "pin": pin.cbor,
            "puk": puk.cbor,
            "managementKey": managementKey.cbor,
            "keys": .map(
                Dictionary(
                    uniqueKeysWithValues: keys.map { (CBOR(Int($0.key.rawValue)), $0.value.cbor) })
            ),
            "objects": .map(
                Dictionary(
                    uniqueKeysWithValues: objects.map {
                        (CBOR(Int($0.key.rawValue)), CBOR.bytes($0.value))
                    })),
        ]
    }

    /// Decodes what ``cbor`` made; `nil` where a member is missing, of another type or out of range.
    init?(_ value: CBOR) {
        guard
            let serialNumber = value["serialNumber"]?.intValue.flatMap(UInt32.init(exactly:)),
            let attestation = value["attestation"].flatMap(CardAttestation.init),
            let pin = value["pin"].flatMap(CardReference.init),
            let puk = value["puk"].flatMap(CardReference.init),
            let managementKey = value["managementKey"].flatMap(CardManagementKey.init),
            let keys = value["keys"]?.mapValue,
            let objects = value["objects"]?.mapValue
        else { return nil }
        self.init(
            serialNumber: serialNumber, attestation: attestation, managementKey: managementKey)
        self.pin = pin
        self.puk = puk
        for (reference, key) in keys {
            guard
                let slot = reference.intValue.flatMap(UInt8.init(exactly:))
                    .flatMap(PIVSlot.init(rawValue:)),
                let key = CardKey(key)
            else { return nil }
            self.keys[slot] = key
        }
        for (tag, contents) in objects {
            guard
                let tag = tag.intValue.flatMap(UInt32.init(exactly:)),
                let contents = contents.bytesValue,
                contents.count <= CardLimits.objectContents
            else { return nil }
            self.objects[DataObjectID(rawValue: tag)] = contents
        }
    }
}

extension CardReference {
    fileprivate var cbor: CBOR {
        ["value": .bytes(value), "tries": CBOR(tries), "triesLeft": CBOR(triesLeft)]
    }

    fileprivate init?(_ cbor: CBOR) {
        guard
            let value = cbor["value"]?.bytesValue, value.count == PINReference.length,
            let tries = cbor["tries"]?.intValue, (1...255).contains(tries),
            let triesLeft = cbor["triesLeft"]?.intValue, (0...tries).contains(triesLeft)
        else { return nil }
        self.init(value: value, tries: tries, triesLeft: triesLeft)
    }
}

extension CardManagementKey {
    fileprivate var cbor: CBOR {
        [
            "algorithm": CBOR(Int(algorithm.rawValue)), "bytes": .bytes(bytes),
            "touchPolicy": CBOR(Int(touchPolicy.rawValue)),
        ]
    }

    fileprivate init?(_ cbor: CBOR) {
        guard
            let algorithm = cbor["algorithm"]?.byteValue.flatMap(PIVAlgorithm.init(rawValue:)),
            let bytes = cbor["bytes"]?.bytesValue,
            let touchPolicy = cbor["touchPolicy"]?.byteValue.flatMap(TouchPolicy.init(rawValue:))
        else { return nil }
        self.init(algorithm: algorithm, bytes: bytes, touchPolicy: touchPolicy)
    }
}

extension CardKey {
    fileprivate var cbor: CBOR {
        let secret =
            switch privateKey {
            case .p256(let scalar), .p384(let scalar): scalar
            case .rsa2048(let der): der
            }
        return [
            "algorithm": CBOR(Int(algorithm.rawValue)), "privateKey": .bytes(secret),
            "pinPolicy": CBOR(Int(pinPolicy.rawValue)),
            "touchPolicy": CBOR(Int(touchPolicy.rawValue)), "isGenerated": .bool(isGenerated),
        ]
    }

    fileprivate init?(_ cbor: CBOR) {
        guard
            let algorithm = cbor["algorithm"]?.byteValue.flatMap(PIVAlgorithm.init(rawValue:)),
            let secret = cbor["privateKey"]?.bytesValue,
            let privateKey = PrivateKey(algorithm, secret),
            let pinPolicy = cbor["pinPolicy"]?.byteValue.flatMap(PINPolicy.init(rawValue:)),
            let touchPolicy = cbor["touchPolicy"]?.byteValue.flatMap(TouchPolicy.init(rawValue:)),
            let isGenerated = cbor["isGenerated"]?.boolValue
        else { return nil }
        do throws(CryptographyError) {
            try self.init(
                privateKey, pinPolicy: pinPolicy, touchPolicy: touchPolicy,
                isGenerated: isGenerated)
        } catch {
            return nil
        }
    }
}

extension CardKey.PrivateKey {
    fileprivate init?(_ algorithm: PIVAlgorithm, _ secret: [UInt8]) {
        switch algorithm {
        case .p256: self = .p256(secret)
        case .p384: self = .p384(secret)
        case .rsa2048: self = .rsa2048(secret)
        default: return nil
        }
    }
}

extension CardAttestation {
    fileprivate var cbor: CBOR {
        [
            "root": .bytes(root), "certificate": .bytes(certificate),
            "privateKey": .bytes(privateKey),
        ]
    }

    fileprivate init?(_ cbor: CBOR) {
        guard
            let root = cbor["root"]?.bytesValue,
            let certificate = cbor["certificate"]?.bytesValue,
            let privateKey = cbor["privateKey"]?.bytesValue, privateKey.count == 32
        else { return nil }
        self.init(root: root, certificate: certificate, privateKey: privateKey)
    }
}

extension CBOR {
    fileprivate var byteValue: UInt8? { intValue.flatMap(UInt8.init(exactly:)) }
}
