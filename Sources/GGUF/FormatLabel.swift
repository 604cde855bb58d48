/// The format of weights in the name of a file or a model.
public enum FormatLabel {
    /// The last one in a path, in upper case, such as "Q4_K_M" or "UD-Q4_K_XL"; nil if there is none.
    public static func format(in path: String) -> String? {
        let format =
            /(?:^|[-._:\/])((?:UD-)?(?:I?Q[1-8](?:_[0-9A-Z]+)*|TQ[12]_0|MXFP4(?:_MOE)?|NVFP4|BF16|FP?16|FP?32))(?=$|[-.\/])/
            .ignoresCase()
        return path.matches(of: format).last.map { String($0.1).uppercased() }
    }

    /// The last one in a path, if it is a mix of formats that only its maker has a name for: Unsloth's ("UD-Q4_K_XL")
    /// and those with a larger embedding and output ("Q4_K_L"). In the file's metadata, these are the mix that they
    /// began with.
    public static func makersMix(in path: String) -> String? {
        let mix = /UD-.+|.+_XL|(?:Q2|Q4|Q5|Q6)_K_L/
        return format(in: path).flatMap { $0.wholeMatch(of: mix) == nil ? nil : $0 }
    }
}
