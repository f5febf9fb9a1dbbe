import Cryptography
import Encoding
import PushMessages

extension PhoneState {
    /// The state as a map with text keys, for the state file.
    var cbor: CBOR { ["accounts": .array(accounts.map(\.cbor))] }

    /// Decodes what ``cbor`` made; `nil` where a member is missing, unknown, of another type or out of range, a key is
    /// none, or two accounts are one.
    init?(_ value: CBOR) {
        guard
            value.hasMembers(["accounts"]), let items = value["accounts"]?.arrayValue,
            items.count <= Self.maximumAccounts
        else { return nil }
        for item in items {
            guard
                let account = PhoneAccount(item),
                !accounts.contains(where: {
                    $0.phone == account.phone || $0.privateKey == account.privateKey
                        || $0.subscription.token == account.subscription.token
                })
            else { return nil }
            accounts.append(account)
        }
    }
}

extension PhoneAccount {
    fileprivate var cbor: CBOR {
        var members: [CBOR: CBOR] = [
            "phone": .bytes(phone.bytes), "user": .text(user), "server": .text(server),
            "url": .text(url.text), "serverKey": .bytes(serverKey),
            "privateKey": .bytes(privateKey), "subscription": subscription.cbor,
        ]
        members["pin"] = pin.map(CBOR.bytes)
        members["lastDecision"] = lastDecision.map(CBOR.bytes)
        return .map(members)
    }

    fileprivate init?(_ value: CBOR) {
        guard
            value.hasMembers(
                ["phone", "user", "server", "url", "serverKey", "privateKey", "subscription"],
                optional: ["pin", "lastDecision"]),
            let phone = value["phone"]?.bytesValue.flatMap(PhoneID.init(bytes:)),
            let user = value["user"]?.textValue, (1...128).contains(user.utf8.count),
            let server = value["server"]?.textValue, (1...64).contains(server.utf8.count),
            let urlText = value["url"]?.textValue, let url = try? PhoneServiceURL(urlText),
            let serverKey = value["serverKey"]?.bytesValue,
            (try? PublicKey(p256Point: serverKey)) != nil,
            let privateKey = value["privateKey"]?.bytesValue, Self.isScalar(privateKey),
            let subscription = value["subscription"].flatMap(Subscription.init)
        else { return nil }
        var pin: [UInt8]?
        if let member = value["pin"] {
            guard let bytes = member.bytesValue, bytes.count == 32, url.isSecure else { return nil }
            pin = bytes
        } else if url.isSecure {
            return nil
        }
        var lastDecision: [UInt8]?
        if let member = value["lastDecision"] {
            guard let bytes = member.bytesValue, (try? SignedDecision(decoding: bytes)) != nil
            else { return nil }
            lastDecision = bytes
        }
        self.init(
            phone: phone, user: user, server: server, url: url, pin: pin, serverKey: serverKey,
            privateKey: privateKey, subscription: subscription, lastDecision: lastDecision)
    }

    fileprivate static func isScalar(_ bytes: [UInt8]) -> Bool {
        (try? P256PrivateKey(rawRepresentation: bytes)) != nil
    }
}

extension PhoneAccount.Subscription {
    fileprivate var cbor: CBOR {
        var members: [CBOR: CBOR] = [
            "token": .text(token), "privateKey": .bytes(privateKey),
            "authenticationSecret": .bytes(authenticationSecret), "isGone": .bool(isGone),
        ]
        members["endpoint"] = endpoint.map(CBOR.text)
        return .map(members)
    }

    fileprivate init?(_ value: CBOR) {
        guard
            value.hasMembers(
                ["token", "privateKey", "authenticationSecret", "isGone"], optional: ["endpoint"]),
            let token = value["token"]?.textValue,
            let tokenBytes = try? Base64URL.decode(token), tokenBytes.count == 16,
            let privateKey = value["privateKey"]?.bytesValue, PhoneAccount.isScalar(privateKey),
            let secret = value["authenticationSecret"]?.bytesValue, secret.count == 16,
            let isGone = value["isGone"]?.boolValue
        else { return nil }
        self.init(
            token: token, privateKey: privateKey, authenticationSecret: secret, endpoint: nil,
            isGone: isGone)
        if let member = value["endpoint"] {
            guard let text = member.textValue, (1...1_024).contains(text.utf8.count) else {
                return nil
            }
            endpoint = text
        }
    }
}

extension CBOR {
    /// Whether this is a map with all of `required` and, but for those of `optional`, no other keys.
    fileprivate func hasMembers(_ required: Set<CBOR>, optional: Set<CBOR> = []) -> Bool {
        guard let keys = mapValue?.keys else { return false }
        return required.isSubset(of: keys) && required.union(optional).isSuperset(of: keys)
    }
}
