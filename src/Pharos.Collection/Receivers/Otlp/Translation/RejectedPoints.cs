namespace Pharos.Collection.Receivers.Otlp.Translation;

/// <summary>Counts what a request brought that was not stored, and remembers the first reasons.</summary>
internal sealed class RejectedPoints
{
    private const int MaxReasons = 10;

    private readonly List<string> _reasons = [];

    public long Count { get; private set; }

    /// <summary>The store refused samples because of their time or value: Prometheus answers 400 then.</summary>
    public bool ByStore { get; private set; }

    public string Reasons => string.Join("; ", _reasons);

    public void Add(long points, string reason, bool byStore = false)
    {
        Count += points;
        ByStore |= byStore;
        if (_reasons.Count < MaxReasons && !_reasons.Contains(reason))
        {
            _reasons.Add(reason);
        }
    }
}
