namespace Pharos.Query.PromQL.Syntax;

/// <summary>Where something stands in the query: [<paramref name="Start"/>, <paramref name="End"/>), in UTF-16 units.</summary>
public readonly record struct PositionRange(int Start, int End)
{
    /// <summary>The start as <c>line:column</c>, both from 1; the column counts bytes of UTF-8, as Prometheus does.</summary>
    public string StartIn(string query)
    {
        if (Start < 0 || Start > query.Length)
        {
            return "invalid position";
        }
        var before = query.AsSpan(0, Start);
        var line = before.Count('\n') + 1;
        var column = System.Text.Encoding.UTF8.GetByteCount(before[(before.LastIndexOf('\n') + 1)..]) + 1;
        return $"{line}:{column}";
    }
}
