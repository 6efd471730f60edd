using System.Text;

namespace Pharos.Collection.Receivers.Loki.Enrichment;

/// <summary>The names of labels and fields that say an entry's level.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed class LevelFields
{
    /// <summary>Loki's default of <c>log_level_fields</c>.</summary>
    public static readonly LevelFields Default = new(
    [
        "level", "LEVEL", "Level", "log.level", "severity", "SEVERITY", "Severity", "SeverityText", "lvl", "LVL", "Lvl",
        "severity_text", "Severity_Text", "SEVERITY_TEXT",
    ]);

    private readonly byte[][] _names;
    private readonly int _shortest;
    private readonly int _longest;

    public LevelFields(IReadOnlyList<string> names)
    {
        Names = names;
        _names = [.. names.Select(Encoding.UTF8.GetBytes)];
        _shortest = _names.Length == 0 ? 1 : _names.Min(static name => name.Length);
        _longest = _names.Length == 0 ? 0 : _names.Max(static name => name.Length);
    }

    public IReadOnlyList<string> Names { get; }

    public bool Contains(ReadOnlySpan<byte> name)
    {
        if (name.Length < _shortest || name.Length > _longest)
        {
            return false;
        }
        foreach (var known in _names)
        {
            if (name.SequenceEqual(known))
            {
                return true;
            }
        }
        return false;
    }
}
