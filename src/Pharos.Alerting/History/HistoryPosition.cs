using System.Globalization;

namespace Pharos.Alerting.History;

/// <summary>A place in a history: everything older than it comes next.</summary>
/// <param name="Index">Within the chunk; the place is before the item of this index.</param>
public readonly record struct HistoryPosition(long Chunk, int Index)
{
    /// <summary>As callers keep it from one page to the next.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Chunk}.{Index}");

    public static bool TryParse(string text, out HistoryPosition position)
    {
        position = default;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var chunk)
            || !int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return false;
        }
        position = new HistoryPosition(chunk, index);
        return true;
    }
}
