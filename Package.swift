// swift-tools-version: 6.2

import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A module and its tests. `tests` names what the test target needs beyond the module itself and what all tests share.
func module(
    _ name: String,
    in folder: String,
    on dependencies: [Target.Dependency] = [],
    resources: [Resource]? = nil,
    exclude: [String] = [],
    testsExclude: [String] = [],
    tests: [Target.Dependency]? = nil
) -> [Target] {
    var targets: [Target] = [
        .target(
            name: name,
            dependencies: dependencies,
            path: folder,
            exclude: exclude,
            resources: resources
        )
    ]
    if let tests {
        targets.append(
            .testTarget(
                name: "\(name)Tests",
                dependencies: [.target(name: name), "TestSupport"] + tests,
                path: "Tests/\(name)Tests",
                exclude: testsExclude
            )
        )
    }
    return targets
}

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let hummingbird: [Target.Dependency] = [
    .product(name: "HummingbirdCore", package: "hummingbird"),
    .product(name: "HummingbirdTLS", package: "hummingbird"),
    .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
    .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
]
let xmlCoder: Target.Dependency = .product(name: "XMLCoder", package: "XMLCoder")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")
let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")

// System: what touches C.
let system: [Target] =
    [
        .systemLibrary(
            name: "COpenSSL", path: "Sources/System/COpenSSL", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CPCSC", path: "Sources/System/CPCSC", pkgConfig: "libpcsclite",
            providers: [.apt(["libpcsclite-dev"])]),
        .systemLibrary(
            name: "CFIDO2", path: "Sources/System/CFIDO2", pkgConfig: "libfido2",
            providers: [.apt(["libfido2-dev"])]),
        .systemLibrary(
            name: "CQREncode", path: "Sources/System/CQREncode", pkgConfig: "libqrencode",
            providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(
            name: "CPNG", path: "Sources/System/CPNG", pkgConfig: "libpng",
            providers: [.apt(["libpng-dev"])]),
    ]
    + module("QRCode", in: "Sources/System/QRCode", on: ["CQREncode", "CPNG"], tests: [])
    + module(
        "Cryptography", in: "Sources/System/Cryptography", on: ["COpenSSL"], tests: ["Encoding"])

// Formats: pure, bytes in and values out.
let formats: [Target] =
    module("Encoding", in: "Sources/Formats/Encoding", tests: [])
    + module("Addresses", in: "Sources/Formats/Addresses", tests: [])
    + module("OATH", in: "Sources/Formats/OATH", on: ["Encoding"], tests: ["Encoding"])
    + module(
        "PSKCXML", in: "Sources/Formats/PSKCXML", on: ["OATH", xmlCoder],
        tests: ["OATH", "Encoding"])
    + module("ISO7816", in: "Sources/Formats/ISO7816", on: ["Encoding"], tests: ["Encoding"])
    + module(
        "PIV", in: "Sources/Formats/PIV", on: ["ISO7816", "Encoding"],
        tests: ["ISO7816", "Encoding"])
    + module(
        "CTAP", in: "Sources/Formats/CTAP", on: ["ISO7816", "Encoding"],
        tests: ["ISO7816", "Encoding"])
    + module("WebAuthn", in: "Sources/Formats/WebAuthn", on: ["Encoding"], tests: ["Encoding"])
    + module(
        "PushMessages", in: "Sources/Formats/PushMessages", on: ["Encoding"], tests: ["Encoding"])
    + module(
        "LineProtocol", in: "Sources/Formats/LineProtocol", on: ["Encoding"], tests: ["Encoding"])
    + module(
        "StrictYAML", in: "Sources/Formats/StrictYAML", on: [yams], tests: [])
    + module(
        "DeviceModels", in: "Sources/Formats/DeviceModels",
        on: ["StrictYAML", "Encoding", "WebAuthn"], tests: ["StrictYAML", "Encoding", "WebAuthn"])

// Devices: everything that touches an authenticator.
let devices: [Target] =
    module("Authenticators", in: "Devices/Authenticators", on: ["WebAuthn"], exclude: ["README.md"])
    + module(
        "SecurityKeys", in: "Devices/SecurityKeys",
        on: ["Authenticators", "CTAP", "WebAuthn", "Encoding", "CFIDO2"], exclude: ["README.md"],
        tests: ["Authenticators", "Emulators", "Cryptography", "WebAuthn", "Encoding", "CTAP"])
    + module(
        "SmartCards", in: "Devices/SmartCards",
        on: [
            "Authenticators", "PIV", "ISO7816", "WebAuthn", "Cryptography", "CPCSC",
        ],
        exclude: ["README.md"],
        tests: [
            "Authenticators", "Emulators", "PIV", "ISO7816", "WebAuthn", "Encoding",
            "Cryptography",
        ])
    + module(
        "Emulators", in: "Devices/Emulators",
        on: [
            "Authenticators", "PIV", "ISO7816", "CTAP", "WebAuthn", "Encoding", "Cryptography",
            nioCore, nioPosix,
        ],
        exclude: ["README.md", "Phone"],
        tests: [
            "Authenticators", "PIV", "ISO7816", "CTAP", "WebAuthn", "Encoding", "Cryptography",
        ])
    + module(
        "PhonePush", in: "Devices/PhonePush",
        on: [
            "Addresses", "Encoding", "Cryptography", nioCore, nioPosix, nioHTTP1, nioTLS, nioSSL,
        ],
        exclude: ["README.md"], testsExclude: ["Peers"],
        tests: [
            "Addresses", "Encoding", "Cryptography", nioCore, nioPosix, nioHTTP1, nioSSL,
        ])
    + module(
        "PhoneEmulator", in: "Devices/Emulators/Phone",
        on: [
            "Emulators", "PhonePush", "PushMessages", "Encoding", "Cryptography", nioCore,
            nioPosix, nioHTTP1,
        ],
        exclude: ["README.md"], testsExclude: ["Peers"],
        tests: [
            "Emulators", "PhonePush", "PushMessages", "Encoding", "Cryptography", nioCore,
            nioPosix, nioHTTP1, nioSSL,
        ])
    + module(
        "Catalog", in: "Devices/Catalog", on: ["StrictYAML", "DeviceModels"],
        resources: [.copy("Models")], exclude: ["README.md"],
        tests: ["StrictYAML", "DeviceModels", "FirmwareNotes", "WebAuthn", "Encoding"])
    + module(
        "FirmwareNotes", in: "Firmware-notes", on: ["Catalog", "StrictYAML", "DeviceModels"],
        resources: [.copy("Notes")], exclude: ["README.md"])

// Core: verification, storage, ceremonies.
let core: [Target] =
    module("Accounts", in: "Sources/Core/Accounts", tests: [])
    + module(
        "AuditLog", in: "Sources/Core/AuditLog", on: ["Encoding", "Cryptography"],
        tests: ["Encoding", "Cryptography"])
    + module(
        "Reports", in: "Sources/Core/Reports", on: ["AuditLog"], tests: ["AuditLog", "Encoding"])
    + module(
        "ConditionalAccess", in: "Sources/Core/ConditionalAccess",
        on: ["Accounts", "StrictYAML", "Addresses", "DeviceModels", "WebAuthn"],
        tests: ["Accounts", "StrictYAML", "Addresses", "DeviceModels", "WebAuthn"])
    + module(
        "VerificationCore", in: "Sources/Core/VerificationCore",
        on: ["OATH", "WebAuthn", "PIV", "ISO7816", "Encoding", "Cryptography"],
        tests: [
            "OATH", "PSKCXML", "WebAuthn", "PIV", "ISO7816", "Encoding", "Cryptography",
            "timing-check",
        ])
    + module(
        "Secrets", in: "Sources/Core/Secrets", on: ["Encoding", "Cryptography"],
        tests: ["Encoding", "Cryptography"])
    + module(
        "CredentialStore", in: "Sources/Core/CredentialStore",
        on: [
            "Accounts", "AuditLog", "Addresses", "OATH", "PushMessages", "WebAuthn", "PIV",
            "Encoding", "Cryptography", grdb,
        ],
        tests: [
            "Accounts", "AuditLog", "Addresses", "OATH", "PushMessages", "WebAuthn", "PIV",
            "Encoding", "Cryptography", grdb,
        ])
    + module(
        "Ceremonies", in: "Sources/Core/Ceremonies",
        on: [
            "VerificationCore", "CredentialStore", "Accounts", "AuditLog", "ConditionalAccess",
            "StrictYAML", "Secrets", "Addresses", "OATH",
            "PushMessages",
            "WebAuthn", "PIV", "DeviceModels", "Encoding", "Cryptography",
        ],
        tests: [
            "VerificationCore", "CredentialStore", "Accounts", "AuditLog", "ConditionalAccess",
            "StrictYAML", "Secrets", "Addresses", "OATH",
            "PushMessages",
            "WebAuthn", "PIV", "DeviceModels", "Encoding",
            "Cryptography", "Emulators", grdb,
        ])

// Edge: what people and programs meet.
let edge: [Target] =
    module(
        "LineService", in: "Sources/Edge/LineService",
        on: [
            "LineProtocol", "Ceremonies", "VerificationCore", "CredentialStore", "Accounts",
            "AuditLog", "ConditionalAccess", "Reports", "StrictYAML",
            "Addresses", "OATH", "PushMessages", "WebAuthn", "PIV",
            "DeviceModels", "Encoding", "Cryptography", nioCore, nioPosix, logging,
        ],
        tests: [
            "LineProtocol", "LineClient", "Accounts", "AuditLog", "Ceremonies", "ConditionalAccess",
            "CredentialStore", "DeviceModels", "Encoding", "Reports", "Secrets", "Cryptography",
            nioCore, nioPosix,
            nioEmbedded,
            logging,
        ])
    + module(
        "PhoneService", in: "Sources/Edge/PhoneService",
        on: [
            "PushMessages", "Addresses", "Cryptography", nioCore, nioHTTP1, nioSSL, logging,
        ] + hummingbird,
        tests: [
            "PushMessages", "Addresses", "Encoding", "Cryptography", nioCore, nioPosix, nioHTTP1,
            nioEmbedded, nioSSL, logging,
        ])
    + module(
        "LineClient", in: "Sources/Edge/LineClient",
        on: ["LineProtocol", nioCore, nioPosix])
    + module(
        "LoadTest", in: "Sources/Edge/LoadTest",
        on: [
            "LineClient", "LineProtocol", "Emulators", "VerificationCore", "OATH", "WebAuthn",
            "Encoding", "Cryptography", nioCore, nioPosix, histogram,
        ],
        tests: [
            "LineClient", "LineProtocol", "LineService", "Ceremonies", "CredentialStore",
            "Accounts", "Secrets",
            "VerificationCore", "OATH", "DeviceModels", "WebAuthn", "Encoding", "Emulators",
            nioCore, nioPosix, nioEmbedded, logging,
        ])
    + [
        .executableTarget(
            name: "countersign",
            dependencies: [
                "Authenticators", "SecurityKeys", "SmartCards", "PIV", "Emulators", "Catalog",
                "FirmwareNotes",
                "DeviceModels", "WebAuthn", "CTAP", "Encoding", "Cryptography", "VerificationCore",
                "CredentialStore", "Ceremonies", "LineProtocol", "LineService", "LineClient",
                "LoadTest", "Accounts", "AuditLog", "ConditionalAccess", "Reports", "StrictYAML",
                "Addresses", "OATH", "PSKCXML", "PushMessages", "QRCode",
                "Secrets",
                "PhonePush", "PhoneEmulator", "PhoneService", nioPosix, yams, logging,
                argumentParser,
            ],
            path: "Sources/Edge/countersign"
        ),
        .testTarget(
            name: "CountersignTests",
            dependencies: [
                "countersign", "LineClient", "LineProtocol", "CredentialStore", "Accounts",
                "AuditLog", "Reports",
                "Encoding",
                "WebAuthn", "Emulators", "Cryptography", "VerificationCore", "OATH", nioPosix,
            ],
            path: "Tests/CountersignTests",
            exclude: ["Peers"]
        ),
    ]

// What all tests share.
let testing: [Target] = [
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .systemLibrary(
        name: "CMemcheck", path: "Tests/CMemcheck", providers: [.apt(["valgrind"])]),
    .executableTarget(
        name: "timing-check",
        dependencies: ["CMemcheck", "VerificationCore", "OATH", "Cryptography"],
        path: "Tests/TimingCheck"),
]

let package = Package(
    name: "countersign",
    products: [
        .executable(name: "countersign", targets: ["countersign"]),
        // For Benchmarks, which are packages of their own.
        .library(name: "CountersignStore", targets: ["CredentialStore", "Accounts", "AuditLog"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/CoreOffice/XMLCoder", exact: "0.18.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
    ],
    targets: system + formats + devices + core + edge + testing
)

for target in package.targets where ![.system, .plugin].contains(target.type) {
    target.swiftSettings = swiftSettings
}
