import Cryptography
import Foundation
import PhoneService
import TestSupport
import Testing

/// A folder that is gone afterwards.
func withFolder(_ body: (String) async throws -> Void) async throws {
    let path = "/tmp/cs-phones-\(UInt32.random(in: 0...UInt32.max))"
    try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body(path)
}

@Suite struct TLSIdentityTests {
    private let now: Int64 = 1_795_521_600

    private func make(_ folder: String) throws -> TLSIdentity {
        try TLSIdentity.kept(
            inFolder: folder, names: ["phones.example.org", "192.0.2.7", "2001:db8::7"], now: now)
    }

    private func contents(_ path: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `is made at the first start and kept`() async throws {
        try await withFolder { folder in
            let identity = try make(folder)
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(files == ["phones.crt", "phones.key"], "nothing is left over")
            #expect(try mode(folder + "/phones.key") == 0o600)
            let made = try (contents(folder + "/phones.key"), contents(folder + "/phones.crt"))
            let again = try TLSIdentity.kept(
                inFolder: folder, names: ["other.example.org"], now: now + 1)
            #expect(again.pin == identity.pin)
            #expect(try contents(folder + "/phones.key") == made.0)
            #expect(try contents(folder + "/phones.crt") == made.1)
            #expect(again.notAfter == now + 3_652 * 86_400)
            #expect("\(identity)" == "TLSIdentity")
        }
    }

    @Test func `has the names it was given`() async throws {
        try await withFolder { folder in
            _ = try make(folder)
            let certificate = try #require(
                Certificate.decodeAll(contents(folder + "/phones.crt")).first)
            #expect(certificate.version == 3)
            #expect(certificate.isCertificateAuthority == false)
            #expect(certificate.keyUsage == .digitalSignature)
            #expect(certificate.extendedKeyUsages == ["1.3.6.1.5.5.7.3.1"])
            #expect(certificate.subjectValues("CN") == ["phones.example.org"])
            #expect(certificate.notBefore == now - 86_400)
            let names =
                [0x82, 18] + Array("phones.example.org".utf8) + [0x87, 4, 192, 0, 2, 7]
                + [0x87, 16, 0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]
            #expect(
                certificate.extensionValue("2.5.29.17") == [0x30, UInt8(names.count)] + names)
        }
    }

    @Test func `a lost certificate is made anew for the same key`() async throws {
        try await withFolder { folder in
            let identity = try make(folder)
            let old = try contents(folder + "/phones.crt")
            try FileManager.default.removeItem(atPath: folder + "/phones.crt")
            #expect(try make(folder).pin == identity.pin)
            #expect(try contents(folder + "/phones.crt") != old)
        }
    }

    @Test func `a lost key is not replaced`() async throws {
        try await withFolder { folder in
            _ = try make(folder)
            try FileManager.default.removeItem(atPath: folder + "/phones.key")
            #expect(throws: PhoneServiceError.missingKey(path: folder + "/phones.key")) {
                try make(folder)
            }
            #expect(!FileManager.default.fileExists(atPath: folder + "/phones.key"))
        }
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o777, 0o602])
    func `a key of its own that others can read or write is refused`(mode: Int) async throws {
        try await withFolder { folder in
            _ = try make(folder)
            let key = folder + "/phones.key"
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: key)
            #expect(throws: PhoneServiceError.exposedKey(path: key)) { try make(folder) }
            let given = try? TLSIdentity(certificateFile: folder + "/phones.crt", keyFile: key)
            #expect((given != nil) == (mode == 0o640), "an operator's may be its group's to read")
        }
    }

    @Test func `what is in the way is not overwritten`() async throws {
        try await withFolder { folder in
            let key = folder + "/phones.key"
            try Data("precious".utf8).write(to: URL(fileURLWithPath: key))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
            #expect(throws: PhoneServiceError.invalidKey(path: key)) { try make(folder) }
            #expect(try contents(key) == Array("precious".utf8))
            try FileManager.default.removeItem(atPath: key)
            try FileManager.default.createDirectory(
                atPath: key, withIntermediateDirectories: false)
            #expect(throws: PhoneServiceError.unusableFile(path: key)) { try make(folder) }
        }
    }

    @Test func `files that do not fit together are refused`() async throws {
        try await withFolder { folder in
            _ = try make(folder)
            let (certificate, key) = (folder + "/phones.crt", folder + "/phones.key")
            let other = folder + "/other.key"
            let text = try P256PrivateKey().pemRepresentation()
            #expect(
                FileManager.default.createFile(
                    atPath: other, contents: Data(text), attributes: [.posixPermissions: 0o600]))
            #expect(throws: PhoneServiceError.invalidKey(path: other)) {
                try TLSIdentity(certificateFile: certificate, keyFile: other)
            }
            #expect(throws: PhoneServiceError.invalidCertificate(path: key)) {
                try TLSIdentity(certificateFile: key, keyFile: key)
            }
            #expect(throws: PhoneServiceError.unusableFile(path: folder + "/none")) {
                try TLSIdentity(certificateFile: folder + "/none", keyFile: key)
            }
            #expect(throws: PhoneServiceError.unusableFile(path: folder + "/none")) {
                try TLSIdentity(certificateFile: certificate, keyFile: folder + "/none")
            }
        }
    }

    @Test(arguments: [
        "", ".", "a..b", "-a.org", "a-.org", "a b", "*.example.org", "exämple.org", "1.2.3",
        "1.2.3.256", "a.org.", "a/b", "a:80", "[::1]", String(repeating: "a", count: 64),
    ])
    func `names that are none are refused`(name: String) async throws {
        try await withFolder { folder in
            #expect(throws: PhoneServiceError.invalidName(name)) {
                try TLSIdentity.kept(inFolder: folder, names: [name], now: now)
            }
        }
    }

    @Test func `a certificate without a name is none`() async throws {
        try await withFolder { folder in
            #expect(throws: PhoneServiceError.invalidName("")) {
                try TLSIdentity.kept(inFolder: folder, names: [], now: now)
            }
        }
    }

    @Test func `six that start at once agree`() async throws {
        try await withFolder { folder in
            let pins = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<6 { group.addTask { try make(folder).pin } }
                return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
            }
            #expect(pins.count == 1)
        }
    }

    @Test func `errors have codes and words`() {
        let errors: [PhoneServiceError] = [
            .notAnAddress(host: "h"), .notLoopback(host: "h"),
            .cannotListen(place: "p", reason: "r"), .alreadyStarted, .invalidName("n"),
            .unusableFile(path: "p"), .exposedKey(path: "p"), .invalidCertificate(path: "p"),
            .invalidKey(path: "p"), .missingKey(path: "p"),
        ]
        #expect(Set(errors.map(\.code)).count == errors.count)
        for error in errors { #expect(!error.description.isEmpty) }
    }
}
