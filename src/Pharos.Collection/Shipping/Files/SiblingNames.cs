using System.Text.RegularExpressions;

namespace Pharos.Collection.Shipping.Files;

/// <summary>Names that rotation gives to a file: <c>a.log.1</c>, <c>a.log.20240102-030405.gz</c>, <c>a.log-2024-01-02</c>, <c>a-20240102.log</c>,
/// <c>a.1.log.gz</c>.</summary>
internal static partial class SiblingNames
{
    public static bool IsSibling(string live, string name)
    {
        if (name.Length <= live.Length && Path.GetExtension(live).Length == 0)
        {
            return false;
        }
        if (name.Length > live.Length && name.StartsWith(live, StringComparison.Ordinal))
        {
            return Behind().IsMatch(name[live.Length..]);
        }
        var extension = Path.GetExtension(live);
        var stem = live[..^extension.Length];
        if (extension.Length == 0 || stem.Length == 0 || !name.StartsWith(stem, StringComparison.Ordinal))
        {
            return false;
        }
        var rest = name[stem.Length..];
        var at = rest.LastIndexOf(extension, StringComparison.Ordinal);
        return at > 0 && Date().IsMatch(rest[..at]) && (at + extension.Length == rest.Length || Behind().IsMatch(rest[(at + extension.Length)..]));
    }

    [GeneratedRegex(@"^([._-](\d[\dTZ:+-]*|gz|bz2|zz?|zst|xz|old|bak|prev|orig))+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Behind();

    [GeneratedRegex(@"^([._-]\d[\dTZ:+-]*)+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Date();
}
