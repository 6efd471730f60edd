using System.Globalization;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Pharos.Traces;

/// <summary>The last trace of a page; the next page begins behind it, whatever has come in meanwhile.</summary>
/// <param name="Value">What the page was ordered by: a start, a duration or a count.</param>
internal sealed record TraceCursor(long Value, TraceId Id)
{
    public static TraceCursor? Parse(string text) =>
        text.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
        && long.TryParse(text.AsSpan(0, dot), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && TraceId.TryParse(text.AsSpan(dot + 1), out var id)
            ? new TraceCursor(value, id) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value}.{Id}");
}
