using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>An entry as a source has it, before relabeling.</summary>
/// <param name="Labels">Those of the source, and what it knows of the entry under names with two underscores in front.</param>
/// <param name="Cursor">Where the source stands behind the entry; null for one that cannot go back.</param>
internal sealed record SourceEntry(LabelSet Labels, long TimeNs, string Line, string? Cursor = null)
{
    /// <summary>Structured metadata that came with it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>Settled once the entry is where it belongs; null where nobody waits for that.</summary>
    public PushReceipt? Receipt { get; init; }
}
