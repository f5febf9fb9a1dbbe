import DeviceModels
import Encoding
import Foundation
import PIV
import SmartCards

/// What `cards info` shows: what the card says of itself, and what the catalogue and the advisories say of its model.
struct CardView {
    let report: CardReport
    let models: [DeviceModel]
    let findings: [Finding]

    init(report: CardReport, catalogue: Catalogue) {
        self.report = report
        models = catalogue.models(forATR: report.answerToReset)
        let firmware = report.firmware.map {
            FirmwareVersion(UInt16($0.major), UInt16($0.minor), UInt16($0.patch))
        }
        findings = catalogue.advisories(forCard: models, firmware: firmware, algorithm: nil)
    }

    var text: String {
        var rows: [(label: String, value: String)] = [("reader", report.path.description)]
        func add(_ label: String, _ value: String?) {
            if let value, !value.isEmpty { rows.append((label, value)) }
        }
        add("ATR", Hex.encode(report.answerToReset))
        add(
            "model",
            models.isEmpty
                ? "not in the catalogue" : models.map(\.name).joined(separator: ", or "))
        add("application", report.label)
        add("firmware", report.firmware?.description)
        add("number", report.serialNumber.map { String($0) })
        add("GUID", report.chuid.map { Hex.encode($0.guid) })
        add("PIN rules", report.discovery?.text)
        add("PIN", report.pin.text)
        add("PUK", report.puk.text)
        add("management", report.managementKey.text)
        if report.slots.isEmpty { add("slots", "no key and no certificate") }
        for slot in report.slots {
            add("slot \(slot.slot)", slot.text)
            add("", slot.certificateText)
        }
        for finding in findings {
            add(
                "advisory",
                "\(finding.advisory.id) (\(finding.status.rawValue)): \(finding.advisory.title)")
            for reason in finding.reasons { add("", reason.description) }
        }
        return Terminal.table(rows)
    }

    var json: JSON {
        var members: [String: JSON] = [
            "path": .string(report.path.description),
            "atr": .string(Hex.encode(report.answerToReset)),
            "models": .array(models.map { .string($0.id.description) }),
            "pin": report.pin.json,
            "puk": report.puk.json,
            "slots": .array(report.slots.map(\.json)),
            "advisories": .array(
                findings.map {
                    [
                        "id": .string($0.advisory.id.description),
                        "status": .string($0.status.rawValue),
                    ]
                }),
        ]
        members["firmware"] = report.firmware.map { .string($0.description) }
        members["serial"] = report.serialNumber.map { .integer(Int($0)) }
        members["guid"] = report.chuid.map { .string(Hex.encode($0.guid)) }
        members["managementKeyIsDefault"] = report.managementKey.isDefault.map(JSON.bool)
        return .object(members)
    }
}

extension CardReport.Secret {
    fileprivate var text: String {
        var words: [String] = []
        switch retriesLeft {
        case nil: words.append("set")
        case 0?: words.append("blocked")
        case let left?: words.append(left == 1 ? "1 try left" : "\(left) tries left")
        }
        if isDefault == true { words.append("the one of a new card: change it") }
        return words.joined(separator: ", ")
    }

    fileprivate var json: JSON {
        var members: [String: JSON] = [:]
        members["retriesLeft"] = retriesLeft.map(JSON.integer)
        members["isDefault"] = isDefault.map(JSON.bool)
        return .object(members)
    }
}

extension CardReport.ManagementKeyState {
    fileprivate var text: String? {
        let kind = algorithm.map { "\($0)" }
        let state: String? =
            if isDefault == true {
                "the key that everybody knows"
            } else if isKept {
                "kept by the card for its PIN's holder"
            } else {
                nil
            }
        return [kind, state].compactMap(\.self).joined(separator: ", ")
    }
}

extension DiscoveryObject {
    fileprivate var text: String {
        var words: [String] = []
        if isApplicationPINUsed { words.append("the application's PIN") }
        if isGlobalPINUsed { words.append("the card's PIN") }
        if isBiometricComparisonUsed { words.append("a fingerprint") }
        return words.joined(separator: ", ")
    }
}

extension SlotReport {
    fileprivate var text: String {
        var words = [algorithm.map { "\($0)" } ?? "unknown key"]
        if let isGenerated { words.append(isGenerated ? "made in the card" : "imported") }
        if let pinPolicy { words.append("PIN \(pinPolicy)") }
        if let touchPolicy { words.append("touch \(touchPolicy)") }
        return words.joined(separator: ", ")
    }

    fileprivate var certificateText: String? {
        switch certificate {
        case .absent: return nil
        case .compressed: return "a certificate that is compressed, which is not supported"
        case .unreadable: return "something that is no certificate"
        case .present(let subject, let issuer, _, let notAfter, let isForKey):
            let end = Date(timeIntervalSince1970: TimeInterval(notAfter))
                .formatted(.iso8601.year().month().day())
            let mismatch = isForKey == false ? "; it is for another key" : ""
            return "\(subject), issued by \(issuer), until \(end)\(mismatch)"
        }
    }

    fileprivate var json: JSON {
        var members: [String: JSON] = ["slot": .string(slot.description)]
        members["algorithm"] = algorithm.map { .string("\($0)") }
        members["pinPolicy"] = pinPolicy.map { .string($0.description) }
        members["touchPolicy"] = touchPolicy.map { .string($0.description) }
        members["isGenerated"] = isGenerated.map(JSON.bool)
        members["key"] = keyIdentifier.map { .string(Base64URL.encode($0)) }
        if case .present(let subject, let issuer, let notBefore, let notAfter, _) = certificate {
            members["certificate"] = [
                "subject": .string(subject), "issuer": .string(issuer),
                "notBefore": .integer(Int(notBefore)), "notAfter": .integer(Int(notAfter)),
            ]
        }
        return .object(members)
    }
}
