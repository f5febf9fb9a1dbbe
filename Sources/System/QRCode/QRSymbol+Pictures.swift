import CPNG

extension QRSymbol {
    /// The symbol and its quiet zone as a PNG picture (ISO/IEC 15948) of two colours, with squares of `scale` by `scale`
    /// pixels.
    ///
    /// - Parameter scale: 1 to 64.
    public func png(scale: Int) throws(QRSymbolError) -> [UInt8] {
        guard (1...64).contains(scale) else { throw .scale(scale) }
        let side = (size + 2 * Self.quietZone) * scale
        let pixels = pixels(scale: scale)
        var image = unsafe png_image()
        unsafe image.version = UInt32(PNG_IMAGE_VERSION)
        unsafe image.width = UInt32(clamping: side)
        unsafe image.height = UInt32(clamping: side)
        unsafe image.format = COUNTERSIGN_PNG_GREY_PALETTE
        unsafe image.colormap_entries = 2
        defer { unsafe png_image_free(&image) }
        // A little over what the rows take without any compression.
        var file = [UInt8](repeating: 0, count: side * (side / 8 + 8) + 1_024)
        var length = file.count
        let status = unsafe png_image_write_to_memory(
            &image, &file, &length, 0, pixels, Int32(clamping: side), [UInt8]([0, 255]))
        guard status != 0, length <= file.count else { throw .encoderFailed }
        return Array(file.prefix(length))
    }

    /// Indices into the palette of black and white, a byte a pixel.
    private func pixels(scale: Int) -> [UInt8] {
        let places = -Self.quietZone..<size + Self.quietZone
        return places.flatMap { row in
            let line: [UInt8] = places.flatMap { column in
                [UInt8](repeating: isDark(row: row, column: column) ? 0 : 1, count: scale)
            }
            return (0..<scale).flatMap { _ in line }
        }
    }

    /// The symbol and its quiet zone as an SVG picture: one path, black on white, a unit a module. It has no size of its
    /// own and fills what it is put into.
    public func svg() -> String {
        let side = size + 2 * Self.quietZone
        var path = ""
        for (row, modules) in rows.enumerated() {
            var column = 0
            while column < size {
                let run = modules[column...].prefix { $0 == modules[column] }.count
                if modules[column] {
                    path += "M\(column + Self.quietZone) \(row + Self.quietZone)h\(run)v1h-\(run)z"
                }
                column += run
            }
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" \
            shape-rendering="crispEdges"><path fill="#fff" d="M0 0h\(side)v\(side)H0z"/>\
            <path d="\(path)"/></svg>

            """
    }
}
