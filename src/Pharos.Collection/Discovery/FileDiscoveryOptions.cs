namespace Pharos.Collection.Discovery;

/// <summary>One entry of <c>file_sd_configs</c>.</summary>
/// <param name="Patterns">Absolute paths that end in .json, .yml or .yaml; the last segment may hold <c>*</c>.</param>
/// <param name="RefreshInterval">How often the files are read again where no change was noticed; default 5 minutes.</param>
public sealed record FileDiscoveryOptions(IReadOnlyList<string> Patterns, TimeSpan RefreshInterval) : DiscoveryOptions
{
    public static readonly TimeSpan DefaultRefreshInterval = TimeSpan.FromMinutes(5);

    public override string Kind => "file";

    internal override IDiscovery Create(DiscoveryContext context) => new FileDiscovery(this, context);

    internal override bool SameAs(DiscoveryOptions other) =>
        other is FileDiscoveryOptions that && RefreshInterval == that.RefreshInterval &&
        Patterns.SequenceEqual(that.Patterns, StringComparer.Ordinal);
}
