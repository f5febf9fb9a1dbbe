extension ReportDefinition {
    /// What users sign in with.
    public static let methodUsage = ReportDefinition(
        "method-usage", .methods, title: "Usage of methods",
        question: "Which authentication methods are used, and how often?",
        parameters: [.application, .interval],
        figures: [ReportColumn("succeeded", "Sign-ins", .count)],
        charts: [
            .stacked(
                title: "Successful sign-ins by method", table: "periods", axis: "period",
                series: methods.enumerated().map { number, method in
                    ReportChart.Series(method.key, method.title, .plain(number))
                }),
            .bars(
                title: "By method", table: "methods", label: "method", value: "succeeded",
                tone: .plain(0)),
        ],
        tables: [
            ReportTable(
                "methods", "Methods",
                [
                    ReportColumn("method", "Method"),
                    ReportColumn("succeeded", "Sign-ins", .count),
                    ReportColumn("share", "Of all, %", .share),
                    ReportColumn("failed", "Failed", .count),
                    ReportColumn("interrupted", "Not finished", .count),
                ]),
            ReportTable(
                "periods", "Over time",
                [ReportColumn("period", "Period")]
                    + methods.map { ReportColumn($0.key, $0.title, .count) }),
        ])

    /// The methods that have a column of their own, with their titles.
    public static let methods: [(key: String, title: String)] = [
        ("webauthn", "Security key"), ("piv", "Smart card"), ("push", "Phone"),
        ("totp", "TOTP"), ("hotp", "HOTP"), ("ocra", "OCRA"), ("hmac", "HMAC token"),
        ("recovery", "Recovery code"), ("tap", "Access pass"), ("apppass", "App password"),
        ("password", "Password"), ("code", "Unknown code"), ("other", "Other"),
    ]

    /// Who has registered what, and who has nothing.
    public static let methodRegistration = ReportDefinition(
        "method-registration", .methods, title: "Registered methods",
        question: "Which users have no authentication method, or only weak ones?",
        hasPeriod: false,
        figures: [
            ReportColumn("users", "Users", .count),
            ReportColumn("resistant", "Phishing-resistant", .count),
            ReportColumn("phone", "Phone", .count), ReportColumn("code", "Codes only", .count),
            ReportColumn("none", "No method", .count),
            ReportColumn("covered", "With a method", .share),
        ],
        charts: [
            .stacked(
                title: "Best method, by state of MFA", table: "states", axis: "state",
                series: [
                    ReportChart.Series("resistant", "Phishing-resistant", .good),
                    ReportChart.Series("phone", "Phone", .plain(0)),
                    ReportChart.Series("code", "Codes only", .open),
                    ReportChart.Series("none", "No method", .bad),
                ])
        ],
        tables: [
            ReportTable("none", "Users without any method", account),
            ReportTable("weak", "Users with codes only, which can be phished", account),
            ReportTable(
                "administrators", "Administrators",
                account + [ReportColumn("best", "Best method")]),
            ReportTable(
                "states", "States of MFA",
                [
                    ReportColumn("state", "MFA"), ReportColumn("users", "Users", .count),
                    ReportColumn("resistant", "Phishing-resistant", .count),
                    ReportColumn("phone", "Phone", .count),
                    ReportColumn("code", "Codes only", .count),
                    ReportColumn("none", "No method", .count),
                ]),
        ])

    private static let account = [
        ReportColumn("user", "User"), ReportColumn("mfa", "MFA"), ReportColumn("roles", "Roles"),
        ReportColumn("locked", "Locked since (UTC)", .time),
    ]
}
