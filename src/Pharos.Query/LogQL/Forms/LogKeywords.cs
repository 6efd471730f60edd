using System.Collections.Frozen;

namespace Pharos.Query.LogQL.Forms;

/// <summary>Words with a meaning of their own. They name labels, too, wherever nothing else can stand there.</summary>
internal static class LogKeywords
{
    private static readonly FrozenSet<string> Reserved = new[]
    {
        "by", "without", "on", "ignoring", "group_left", "group_right", "bool", "offset", "and", "or", "unless", "json", "logfmt", "regexp", "pattern",
        "unpack", "line_format", "label_format", "unwrap", "decolorize", "drop", "keep",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsReserved(string word) => Reserved.Contains(word);
}
