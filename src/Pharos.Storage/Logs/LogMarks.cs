using System.Collections.Frozen;

namespace Pharos.Storage.Logs;

/// <summary>The marks of a store, see <see cref="LogBatch.Mark"/>.</summary>
/// <remarks>Changed under the store's commit lock. Bounded by whoever marks: a source has one key.</remarks>
internal sealed class LogMarks
{
    public static readonly IReadOnlyDictionary<string, string> None = FrozenDictionary<string, string>.Empty;

    private readonly Dictionary<string, string> _marks;
    private IReadOnlyDictionary<string, string>? _snapshot;

    public LogMarks(IReadOnlyDictionary<string, string> marks) => _marks = new(marks, StringComparer.Ordinal);

    public void Set(string key, string value)
    {
        if (value.Length == 0)
        {
            _marks.Remove(key);
        }
        else
        {
            _marks[key] = value;
        }
        _snapshot = null;
    }

    /// <summary>As they are now.</summary>
    public IReadOnlyDictionary<string, string> Snapshot() => _snapshot ??= new Dictionary<string, string>(_marks, StringComparer.Ordinal);
}
