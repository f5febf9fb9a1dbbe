extension ReportDefinition {
    /// Who was given or taken which administrator role, and by whom.
    public static let roleChanges = ReportDefinition(
        "audit-role-changes", .auditLogs, title: "Administrator roles",
        question: "Who was added to an administrator role, and by whom?",
        parameters: [.user], figures: membershipFigures,
        charts: [membershipChart],
        tables: membershipTables(of: ReportColumn("role", "Role")))

    /// Who was put into which group or taken out, and by whom.
    public static let groupChanges = ReportDefinition(
        "audit-group-changes", .auditLogs, title: "Groups",
        question: "Who was added to a group, and by whom?",
        parameters: [.user], figures: membershipFigures,
        charts: [membershipChart],
        tables: membershipTables(of: ReportColumn("group", "Group")))

    private static let membershipFigures = [
        ReportColumn("added", "Added", .count), ReportColumn("removed", "Removed", .count),
    ]

    private static let membershipChart = ReportChart.bars(
        title: "Added, by whom", table: "actors", label: "by", value: "added", tone: .plain(0))

    private static func membershipTables(of container: ReportColumn) -> [ReportTable] {
        [
            ReportTable(
                "changes", "Changes, the latest first",
                [
                    ReportColumn("at", "When (UTC)", .time), ReportColumn("change", "Change"),
                    ReportColumn("user", "User"), container, ReportColumn("by", "By"),
                    ReportColumn("from", "From"), ReportColumn("reason", "Why"),
                ]),
            ReportTable(
                "actors", "By whom",
                [
                    ReportColumn("by", "By"), ReportColumn("added", "Added", .count),
                    ReportColumn("removed", "Removed", .count),
                ]),
        ]
    }
}
