namespace Pharos.Collection.Shipping.Stages.Parsing;

/// <summary><c>logfmt</c>: values of <c>key=value</c> pairs under other names. A text that is no logfmt extracts nothing.</summary>
public sealed class LogfmtStage(IReadOnlyList<KeyValuePair<string, string>> mapping, string? source) : IStage
{
    private readonly ILookup<string, string> _targets = mapping.ToLookup(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        if (entry.Input(source) is { } input)
        {
            foreach (var (key, value) in LogfmtText.Pairs(input))
            {
                foreach (var target in _targets[key])
                {
                    entry.Extracted[target] = value;
                }
            }
        }
        next.Take(entry);
    }
}
