using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>What brings entries in that are in no file.</summary>
public abstract record SourceOptions
{
    /// <summary>The key of the scrape configuration.</summary>
    public abstract string Kind { get; }

    /// <summary>Labels of all its entries.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Whether an entry keeps the time that it comes with.</summary>
    public bool UsesIncomingTime { get; init; }
}
